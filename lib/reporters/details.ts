import type { TaskRef } from '../events.ts';
import type { Diff, Outcome, Values } from '../outcome.ts';
import { unifiedDiff } from '../text/diff.ts';
import { type Look, plural } from './look.ts';
import { indent, plainValue, valueLines } from './plain-value.ts';
import { placeOf, shortModule } from './titles.ts';

/** Stands for whatever a `no_log` task has to say. */
export const HIDDEN = 'output hidden by no_log';

const TAIL = 10; // lines of each stream and of the command that a failure shows without -v
const LONGEST = 2000; // characters of one such line

/** What a failure says first: where the task stands, what is wrong, what was run and what came back. */
export function failureLines(outcome: Outcome, task: TaskRef, look: Look): readonly string[] {
  const at = `at: ${placeOf(task, look)}`;
  if (outcome.status === 'unreachable') {
    const message = task.noLog ? [] : said(outcome.message, look); // of a lost session it may hold output
    return [...message, `phase: ${outcome.phase}`, at];
  }
  if (outcome.status !== 'failed' || task.noLog) return [at];
  const { command, reply } = outcome;
  return [
    ...said(outcome.message, look),
    at,
    ...(command === undefined ? [] : stream('command', command, look, 'head')),
    ...(reply === undefined ? [] : [`rc: ${reply.rc}`]),
    ...(reply === undefined ? [] : stream('stdout', reply.stdout, look, 'tail')),
    ...(reply === undefined ? [] : stream('stderr', reply.stderr, look, 'tail')),
  ];
}

const GATHERS: readonly string[] = ['setup', 'gather_facts'];

/** What a result has to show: what debug says, and with -v its values. */
export function detailLines(outcome: Outcome, task: TaskRef, look: Look): readonly string[] {
  const values = ('values' in outcome ? outcome.values : undefined) ?? {};
  const module = shortModule(task);
  if (module === 'debug' && outcome.status === 'ok') return debugLines(values, look);
  // Facts of every host at every start would bury what -v was asked for; as Ansible, which shows none at -v.
  if (look.verbosity < (GATHERS.includes(module) ? 3 : 1)) return [];
  const shown = withoutNoise(values, outcome);
  return Object.keys(shown).length === 0 ? [] : clean(shown, look);
}

/** A change of state as `key: old -> new`, a change of text as a unified diff. */
export function diffLines(diff: Diff, look: Look): readonly string[] {
  const { state = {}, text } = diff;
  const lines = Object.entries(state).map(([key, [before, after]]) =>
    look.line(`${key}: ${before === '' ? '(none)' : before} -> ${after === '' ? '(none)' : after}`),
  );
  if (text === undefined) return lines;
  const { redactor } = look;
  const name = look.line(text.name);
  const names = { before: `${name} (before)`, after: `${name} (after)` };
  // Secrets go before the comparison: a secret of several lines is not recognised behind the marks of a diff.
  const unified = look.text(unifiedDiff(redactor.text(text.before), redactor.text(text.after), names));
  if (unified === '') return text.before === text.after ? lines : [...lines, `${name}: a secret in it changes`];
  return [
    ...lines,
    ...unified
      .replace(/\n$/, '')
      .split('\n')
      .map(line => paintDiff(line, look)),
  ];
}

function paintDiff(line: string, look: Look): string {
  if (line.startsWith('+')) return look.paint.green(line);
  if (line.startsWith('-')) return look.paint.red(line);
  return line.startsWith('@@') ? look.paint.cyan(line) : line;
}

/** As Ansible: `msg`, or the variable asked for under its name. */
function debugLines(values: Values, look: Look): readonly string[] {
  const shown = withoutNoise(values);
  const { msg, ...more } = shown as { readonly msg?: unknown };
  if (msg === undefined || Object.keys(more).length > 0) return clean(shown, look);
  return typeof msg === 'string' ? look.text(msg).replace(/\n$/, '').split('\n') : clean(msg, look);
}

/** A value in lines for people, without secrets and control characters. */
export function clean(value: unknown, look: Look): readonly string[] {
  return valueLines(look.redactor.value(plainValue(value))).map(line => look.text(line));
}

/** Values without what the status says already and without second forms of the same thing. */
export function withoutNoise(values: Values, outcome?: Outcome): Values {
  const noise = ['changed', 'failed', 'skipped', 'stdout_lines', 'stderr_lines', 'results', 'diff'];
  if (outcome?.status === 'failed') noise.push('msg', ...(outcome.reply ? ['rc', 'stdout', 'stderr'] : []));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !noise.includes(key)));
}

function said(message: string, look: Look): readonly string[] {
  const [first = '', ...rest] = look.text(message).trimEnd().split('\n');
  return [`message: ${first}`, ...indent(rest)];
}

/** A stream under its name, cut at its less telling end unless -v was given. */
function stream(name: string, raw: string, look: Look, keep: 'head' | 'tail'): readonly string[] {
  const text = look.text(raw).trimEnd();
  if (text === '') return [];
  const all = text.split('\n');
  if (all.length === 1) return [`${name}: ${shorten(text, look)}`];
  if (look.verbosity > 0 || all.length <= TAIL) return [`${name}:`, ...indent(all.map(line => shorten(line, look)))];
  const some = (keep === 'tail' ? all.slice(-TAIL) : all.slice(0, TAIL)).map(line => shorten(line, look));
  const left = `(${plural(all.length - TAIL, 'line')} ${keep === 'tail' ? 'before' : 'more'}: -v shows all)`;
  return [`${name}:`, ...indent(keep === 'tail' ? [left, ...some] : [...some, left])];
}

function shorten(line: string, look: Look): string {
  if (look.verbosity > 0 || line.length <= LONGEST) return line;
  return `${line.slice(0, LONGEST)} … (${line.length - LONGEST} more characters: -v shows all)`;
}
