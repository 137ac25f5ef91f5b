import { randomBytes } from 'node:crypto';
import { type BecomeCommand, becomeAdvice, becomeCommand } from './become.ts';
import type { Channel, Link } from './link.ts';
import { type Become, SessionError } from './session.ts';
import { settled } from './waiting.ts';

export interface StartOptions {
  readonly become: Become | undefined;
  /** The POSIX shell of the host. */
  readonly shell: string;
  readonly timeoutMs: number;
}

/** Starts a program (shell words) as the session's user; when it resolves, what is written reaches the program. */
export async function startProgram(link: Link, program: string, options: StartOptions): Promise<Channel> {
  const { become } = options;
  if (become === undefined) return await link.exec(`exec ${program}`);
  const word = () => randomBytes(12).toString('hex');
  const words = { prompt: word(), hello: word(), go: word(), shell: options.shell };
  const start = becomeCommand(become, program, words);
  const channel = await link.exec(start.command);
  if (start.password === undefined) return channel;
  await greeted({ link, become, channel, start, ...words, timeoutMs: options.timeoutMs });
  channel.stdin.write(`${words.go}\n`);
  return channel;
}

interface Greeting {
  readonly link: Link;
  readonly become: Become;
  readonly channel: Channel;
  readonly start: BecomeCommand;
  readonly prompt: string;
  readonly hello: string;
  readonly timeoutMs: number;
}

/**
 * Sends the password and waits for the hello. Nothing else is sent before it: sudo would take it for further
 * passwords, and every one counts against the account. A second prompt means that the password was wrong.
 */
async function greeted(g: Greeting): Promise<void> {
  let out = '';
  let err = '';
  const outcome = await new Promise<'hello' | 'refused' | 'ended' | 'late'>(resolve => {
    const timer = setTimeout(() => resolve('late'), g.timeoutMs);
    const done = (what: 'hello' | 'refused' | 'ended') => {
      clearTimeout(timer);
      resolve(what);
    };
    g.channel.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes(`\n${g.hello}\n`)) done('hello');
    });
    g.channel.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      if (err.split(g.prompt).length > 2) done('refused');
    });
    g.channel.stdin.on('error', () => undefined); // it ended without reading: `ended` tells, with what it said
    void g.channel.ended.then(() => done('ended'));
    g.channel.stdin.write(`${g.start.password}\n`);
  });
  if (outcome === 'hello') {
    g.channel.stdout.removeAllListeners('data');
    g.channel.stderr.removeAllListeners('data');
    return;
  }
  g.channel.close();
  // su and sudo end by themselves once their input is closed; a link that stalls must not hold up the message
  await settled(g.channel.ended, 500);
  throw becomeError(g, outcome, err.replaceAll(g.prompt, '') + out);
}

function becomeError(g: Greeting, outcome: 'refused' | 'ended' | 'late', said: string): SessionError {
  const why =
    outcome === 'refused'
      ? 'the password was not accepted'
      : outcome === 'late'
        ? `no answer within ${g.timeoutMs / 1000} s`
        : 'it ended';
  return becomeFailure(g.link, g.become, `${why}${saying(said, g.become)}`);
}

/** The error of a become that did not work: who, where, what was said, what to do. */
export function becomeFailure(link: Link, become: Become, why: string): SessionError {
  const what = `cannot become ${become.user} by ${become.method} on ${link.where}`;
  return new SessionError('become', `${what}: ${why}; ${becomeAdvice(become, link.user)}`);
}

/** What a program said, for a message: on one line, without the password. */
export function saying(text: string, become?: Become): string {
  const clean = text.trim().replace(/\s*\n\s*/g, ' | ');
  if (clean === '') return '';
  const hidden = become?.password ? clean.replaceAll(become.password, '***') : clean;
  return ` (it said: ${hidden.length > 500 ? `${hidden.slice(0, 500)}...` : hidden})`;
}
