import { type Module, type Sh, sh } from '../../module.ts';
import { expandedWord } from '../../modules/shared/expand.ts';
import { type Frames, runFrame } from './frame.ts';
import { parseState } from './state.ts';

type Args = Readonly<Record<string, unknown>>;

/**
 * The arguments with every path of the host as it is there. As Ansible: `~`, `~user` and the variables that the host's
 * environment has. The home of who runs the task is known; whatever else is in such a path takes a round trip.
 */
export async function withHostPaths(
  module: Module,
  args: Args,
  at: Omit<Frames, 'session'> & { session(): Promise<Frames['session']> },
): Promise<Args> {
  const named = Object.entries(module.args.properties)
    .filter(([, { path }]) => path === true || (path !== undefined && args[path] === true))
    .map(([name]) => name);
  const words = [...new Set(named.flatMap(name => args[name]).filter(value => isOpen(value)))];
  if (words.length === 0) return args;
  const session = await at.session();
  const home = at.environment['HOME'] ?? session.tools.home;
  const whole = new Map<string, string>();
  for (const word of words)
    if (home !== '' && isHome(word)) whole.set(word, home.replace(/(.)\/$/, '$1') + word.slice(1));
  const asked = words.filter(word => !whole.has(word));
  if (asked.length > 0) {
    const reply = await runFrame(sh.lines(...asked.map((word, i): Sh => sh`tp_kv ${i} ${expandedWord(word)}`)), {
      ...at,
      session,
    });
    const state = parseState(reply.stdout);
    asked.forEach((word, i) => {
      whole.set(word, state[String(i)] ?? word);
    });
  }
  const closed = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(closed) : typeof value === 'string' ? (whole.get(value) ?? value) : value;
  return { ...args, ...Object.fromEntries(named.map(name => [name, closed(args[name])])) };
}

/** Is it a path that does not say by itself what it is? */
function isOpen(value: unknown): value is string {
  return typeof value === 'string' && (/^~[\w.-]*(\/|$)/.test(value) || VARIABLE.test(value));
}

const VARIABLE = /\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/;

function isHome(word: string): boolean {
  return /^~(\/|$)/.test(word) && !VARIABLE.test(word);
}
