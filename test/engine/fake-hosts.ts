import type { Reply, UnreachablePhase } from '../../lib/outcome.ts';
import type { Become, Connection, RunOptions, Session } from '../../lib/remote/session.ts';
import { SessionError, type Sessions } from '../../lib/remote/session.ts';
import type { Sh } from '../../lib/shell/sh.ts';

/** What a fake host answers; what is left out is 0 and empty. */
export type Answer = Partial<Pick<Reply, 'rc' | 'stdout' | 'stderr'>>;

/** One script that the engine sent to a host and that the test answers. */
export interface Frame {
  readonly host: string;
  /** The become user, or the login user. */
  readonly user: string;
  /** The code as it would be sent: secrets in clear. */
  readonly script: string;
  readonly options: RunOptions;
  reply(answer?: Answer): void;
  /** The link is lost while it runs. */
  lose(phase?: UnreachablePhase | 'timeout'): void;
}

/** A host held by the test: what the engine sends waits until the test takes and answers it. */
export class FakeHost {
  readonly name: string;
  /** Frames sent and not yet taken. */
  readonly waiting: Frame[] = [];
  /** How it was reached, once for every session opened. */
  readonly opened: { readonly connection: Connection; readonly become: Become | undefined }[] = [];
  #takers: ((frame: Frame) => void)[] = [];
  /** Answers by itself where set; undefined for a frame that the test shall take. */
  answer: ((frame: Frame) => Answer | undefined) | undefined;

  constructor(name: string, answer: FakeHost['answer']) {
    this.name = name;
    this.answer = answer;
  }

  /** The next frame, as soon as it is sent. */
  nextFrame(): Promise<Frame> {
    const frame = this.waiting.shift();
    return frame === undefined ? new Promise(resolve => this.#takers.push(resolve)) : Promise.resolve(frame);
  }

  take(frame: Frame): void {
    const answer = this.answer?.(frame);
    if (answer !== undefined) return frame.reply(answer);
    const taker = this.#takers.shift();
    if (taker === undefined) this.waiting.push(frame);
    else taker(frame);
  }
}

/** Sessions to fake hosts. A host with `ansible_port: 1` cannot be reached, as on a real machine. */
export class FakeSessions implements Sessions {
  readonly #hosts = new Map<string, FakeHost>();
  readonly #sessions = new Map<string, Session>();
  /** Called with every frame sent, in order. */
  onFrame: (frame: Frame) => void = () => undefined;
  readonly #answer: FakeHost['answer'];

  constructor(answer?: FakeHost['answer']) {
    this.#answer = answer;
  }

  host(name: string): FakeHost {
    const host = this.#hosts.get(name) ?? new FakeHost(name, this.#answer);
    this.#hosts.set(name, host);
    return host;
  }

  get hosts(): readonly FakeHost[] {
    return [...this.#hosts.values()];
  }

  async open(to: Connection, become: Become | undefined): Promise<Session> {
    const host = this.host(to.name);
    host.opened.push({ connection: to, become });
    if (to.port === 1) throw new SessionError('connect', `${to.name}: connection refused`);
    const user = become?.user ?? to.user ?? 'me';
    const key = `${to.name} ${user}`;
    const session = this.#sessions.get(key) ?? new FakeSession(host, user, frame => this.onFrame(frame));
    this.#sessions.set(key, session);
    return session;
  }

  /** Hosts whose connections were to be made anew, in order. */
  readonly resets: string[] = [];

  async reset(to: Connection): Promise<void> {
    this.resets.push(to.name);
    for (const key of this.#sessions.keys()) if (key.startsWith(`${to.name} `)) this.#sessions.delete(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

class FakeSession implements Session {
  readonly host: string;
  readonly user: string;
  readonly tools = { pkgMgr: 'apt', serviceMgr: 'systemd', home: '/root' };
  readonly #to: FakeHost;
  readonly #onFrame: (frame: Frame) => void;
  #frames = 0;

  constructor(to: FakeHost, user: string, onFrame: (frame: Frame) => void) {
    this.host = to.name;
    this.user = user;
    this.#to = to;
    this.#onFrame = onFrame;
  }

  get frames(): number {
    return this.#frames;
  }

  run(script: Sh, options: RunOptions = {}): Promise<Reply> {
    this.#frames++;
    return new Promise((resolve, reject) => {
      const frame: Frame = {
        host: this.host,
        user: this.user,
        script: script.reveal(() => '/tmp/put'),
        options,
        reply: ({ rc = 0, stdout = '', stderr = '' } = {}) =>
          resolve({ rc, stdout, stderr, bytes: new TextEncoder().encode(stdout) }),
        lose: (phase = 'lost') => reject(new SessionError(phase, `${this.host}: the connection was lost`)),
      };
      this.#onFrame(frame);
      this.#to.take(frame);
    });
  }

  connect(): Promise<never> {
    throw new Error('a fake host has no ports');
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/**
 * A host that runs by itself: `/bin/false` and `/bin/false …` fail, `echo …` prints, everything else ends with 0.
 * The quotes of words are not taken off beyond those of one word.
 */
export function commands(frame: Frame): Answer {
  const words = /\bexec (.*)$/s.exec(frame.script)?.[1] ?? '';
  if (words.startsWith('/bin/false')) return { rc: 1 };
  const ping = /^printf %s (\S+)$/.exec(frame.script);
  if (ping !== null) return { stdout: ping[1] ?? '' };
  const echo = /^(?:\/bin\/)?echo ?(.*)$/s.exec(words);
  return echo === null ? {} : { stdout: `${(echo[1] ?? '').replace(/^'(.*)'$/s, '$1')}\n` };
}
