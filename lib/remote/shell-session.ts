import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { HostTools } from '../module.ts';
import type { Reply } from '../outcome.ts';
import type { Prelude } from '../shell/prelude.ts';
import { encodeFrame, FrameReader } from '../shell/protocol.ts';
import { type Put, quote, type Sh } from '../shell/sh.ts';
import { type FedFrame, fedProgram, runFed } from './fed-frame.ts';
import { killTree } from './kill-tree.ts';
import type { Channel, Link } from './link.ts';
import { type Become, type RunOptions, type Session, SessionError, type TunnelTarget } from './session.ts';
import { becomeFailure, saying, startProgram } from './start-program.ts';
import { type Progress, tooLarge, upload, uploadProgram } from './upload.ts';
import { onAbort, settled, unlessAborted } from './waiting.ts';

export interface ShellOptions {
  readonly become: Become | undefined;
  /** The shell to start. */
  readonly shell: string;
  /** What it is fed first. */
  readonly prelude: Prelude;
  /** How long the start may take. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** setTimeout takes no more milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: SessionError): void;
}

/** A Session over a persistent `sh` of a link. */
export class ShellSession implements Session {
  readonly host: string;
  readonly user: string;
  readonly #link: Link;
  readonly #options: ShellOptions;
  readonly #channel: Channel;
  readonly #reader: FrameReader;
  readonly #tag: string;
  #tools: HostTools = { pkgMgr: '', serviceMgr: 'service', home: '' };
  /** Functions of the prelude that its shell has. */
  readonly #sent = new Set<string>();
  #pid = 0;
  #dir = '';
  #n = 0;
  #frames = 0;
  #uploads = 0;
  #waiting: Waiting | undefined;
  readonly #frameQueue: Queue = { tail: Promise.resolve() };
  readonly #sinkQueue: Queue = { tail: Promise.resolve() };
  #dead: SessionError | undefined;
  #cleanup: Promise<unknown> = Promise.resolve();

  private constructor(link: Link, channel: Channel, options: ShellOptions) {
    this.host = link.name;
    this.user = options.become?.user ?? link.user;
    this.#link = link;
    this.#options = options;
    this.#channel = channel;
    this.#tag = randomBytes(16).toString('hex');
    this.#reader = new FrameReader(this.#tag);
    channel.stdout.on('data', (chunk: Buffer) => this.#receive('stdout', chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#receive('stderr', chunk));
    channel.stdin.on('error', () => undefined); // EPIPE: `ended` says so too, with what the shell said
    void channel.ended.then(rc => this.#ended(rc));
  }

  /** Starts the shell; prelude and first frame go in one write, so that it costs one round trip. */
  static async start(link: Link, options: ShellOptions): Promise<ShellSession> {
    const channel = await startProgram(link, quote(options.shell), options);
    const session = new ShellSession(link, channel, options);
    try {
      await session.#open();
    } catch (error) {
      const failed = error instanceof SessionError ? error : new SessionError('lost', String(error));
      session.#abandon(failed);
      const gone = failed.phase === 'timeout' || failed.phase === 'lost';
      if (options.become !== undefined && gone && link.lost === undefined && options.signal?.aborted !== true)
        throw becomeFailure(link, options.become, failed.message.replace(`${link.where}: `, ''));
      throw failed.phase === 'timeout' ? new SessionError('connect', failed.message) : failed;
    }
    return session;
  }

  get tools(): HostTools {
    return this.#tools;
  }

  get frames(): number {
    return this.#frames;
  }

  /** Why no frame can be run any more; undefined while one can. */
  get dead(): SessionError | undefined {
    return this.#dead;
  }

  async #open(): Promise<void> {
    const first = `printf '\\n%s\\n%s\\n' "$$" "$tp_dir"; tp_tools; case \${HOME-} in *"$tp_nl"*) echo ;; *) printf '%s\\n' "\${HOME-}" ;; esac`;
    const { timeoutMs, signal, prelude } = this.#options;
    const reply = await this.#exchange(first, {
      before: `tp_tag=${this.#tag}\n${prelude.core}`,
      ...limit(timeoutMs),
      signal,
    });
    // the login shell's own start-up files may have printed before ours, with no line end either
    const [pid, dir, tools, home = ''] = reply.stdout.replace(/\n$/, '').split('\n').slice(-4);
    const [manager = '-', service = 'service'] = (tools ?? '').split(' ');
    if (reply.rc !== 0 || tools === undefined || !(Number(pid) > 1))
      throw new SessionError(
        'lost',
        `${this.#link.where}: ${this.#options.shell} is no POSIX sh${saying(reply.stderr)}`,
      );
    this.#pid = Number(pid);
    this.#dir = dir ?? '';
    this.#tools = { pkgMgr: manager === '-' ? '' : manager, serviceMgr: service, home };
  }

  async run(script: Sh, options: RunOptions = {}): Promise<Reply> {
    const turn = turnIn(options.sink === undefined ? this.#frameQueue : this.#sinkQueue);
    try {
      await unlessAborted(turn.mine, options.signal, () => this.#stopped());
      const { timeoutMs: _, ...rest } = options;
      return await this.#frame(script, { ...rest, ...limit(options.timeoutMs) });
    } finally {
      turn.done();
    }
  }

  async #frame(script: Sh, limits: Limits & Omit<RunOptions, keyof Limits>): Promise<Reply> {
    const large = tooLarge(script.puts);
    const [one] = large;
    const { fed, sink, onProgress } = limits;
    if (sink !== undefined) return await this.#within(this.#fed({ script, sink, onProgress }), limits);
    if (fed === true && one?.fed && large.length === 1)
      return await this.#within(this.#fed({ script, put: one, onProgress }), limits);
    const paths = new Map<Put, string>();
    for (const put of large) paths.set(put, `${this.#dir}/up${++this.#uploads}`);
    const sent = Promise.all([...paths].map(([put, path]) => this.#upload(put, path, limits.onProgress)));
    const problem = paths.size === 0 ? undefined : (await this.#within(sent, limits)).find(p => p !== undefined);
    if (problem !== undefined) return failed(`cannot write a temporary file on the host: ${problem}\n`);
    this.#frames++;
    const text = script.reveal(put => paths.get(put));
    return await this.#exchange(text, { ...limits, before: this.#options.prelude.missing(text, this.#sent) });
  }

  /** A frame in a shell of its own, its payload as input. */
  async #fed(frame: Omit<FedFrame, 'prelude' | 'onStart'>): Promise<Reply> {
    this.#check();
    this.#frames++;
    const { prelude } = this.#options;
    const channel = await startProgram(this.#link, fedProgram(this.#options.shell), this.#options);
    let own = 0;
    const onStart = (pid: number) => {
      own = pid;
      this.#fedPids.add(pid);
    };
    const reply = await runFed(channel, { ...frame, prelude, onStart }).finally(() => this.#fedPids.delete(own));
    if (reply !== undefined) return reply;
    throw new SessionError('lost', `${this.#link.where}: ${this.#link.lost ?? 'what ran there was ended by a signal'}`);
  }
  readonly #fedPids = new Set<number>();

  async #upload(put: Put, path: string, onProgress: Progress | undefined): Promise<string | undefined> {
    this.#check();
    this.#frames++;
    const channel = await startProgram(this.#link, uploadProgram(this.#options.shell), this.#options);
    return await upload(channel, path, put, onProgress).catch((error: Error) => {
      throw new SessionError('lost', `${this.#link.where}: ${error.message}`);
    });
  }

  /** One frame there and back. */
  async #exchange(script: string, limits: Limits & { before?: string; keep?: number | undefined }): Promise<Reply> {
    this.#check();
    const n = ++this.#n;
    this.#reader.expect(n, limits.keep);
    const reply = new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    this.#channel.stdin.write((limits.before ?? '') + encodeFrame(this.#tag, n, script));
    return await this.#within(reply, limits);
  }

  #receive(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    // between frames only a process left in the background can talk: that belongs to no frame
    if (this.#waiting === undefined) return;
    const reply = this.#reader[stream](chunk);
    if (reply === undefined) return;
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(reply);
  }

  /** Waits for work of this session; when it takes too long or is stopped, the session is given up. */
  async #within<T>(work: Promise<T>, limits: Limits): Promise<T> {
    const timer =
      limits.deadline === undefined ? undefined : setTimeout(() => this.#late(limits), left(limits.deadline));
    const gone = new Promise<never>((_, reject) => {
      this.#onDead.add(reject);
      if (this.#dead !== undefined) reject(this.#dead);
      void work.catch(() => undefined).then(() => this.#onDead.delete(reject)); // its error is the race's
    });
    const forget = onAbort(limits.signal, () => this.#abandon(this.#stopped()));
    try {
      return await Promise.race([work, gone]);
    } finally {
      clearTimeout(timer);
      forget();
    }
  }
  readonly #onDead = new Set<(error: SessionError) => void>();

  #late({ timeoutMs = 0 }: Limits): void {
    const text = `${this.#link.where}: no answer within ${timeoutMs / 1000} s; what ran there is ended, the session closed`;
    this.#abandon(new SessionError('timeout', text));
  }

  #stopped(): SessionError {
    return new SessionError('lost', `${this.#link.where}: stopped`);
  }

  #check(): void {
    if (this.#dead !== undefined) throw this.#dead;
  }

  #ended(rc: number | undefined): void {
    const how = this.#link.lost ?? (rc === undefined ? 'the shell was ended' : `the shell ended with status ${rc}`);
    const said = saying(this.#waiting === undefined ? '' : this.#reader.unread, this.#options.become);
    this.#die(new SessionError('lost', `${this.#link.where}: ${how}${said}`));
  }

  #die(error: SessionError): void {
    if (this.#dead !== undefined) return;
    this.#dead = error;
    this.#waiting = undefined;
    for (const reject of this.#onDead) reject(error);
  }

  /** Gives the session up while something runs in it, and ends that on the host. */
  #abandon(error: SessionError): void {
    if (this.#dead !== undefined) return;
    this.#die(error);
    const pids = this.#link.lost === undefined ? [...this.#fedPids, this.#pid].filter(pid => pid !== 0) : [];
    const kills = pids.map(pid => killTree(this.#link, this.#options, pid));
    this.#cleanup = Promise.all(kills).then(() => this.#channel.close());
  }

  async connect(to: TunnelTarget): Promise<Duplex> {
    return await this.#link.connect(to);
  }

  /** Lets the shell end by the end of its input, so that it removes its temporary files. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#waiting !== undefined) this.#abandon(new SessionError('lost', `${this.#link.where}: closed`));
    this.#die(new SessionError('lost', `${this.#link.where}: closed`));
    await this.#cleanup;
    this.#channel.stdin.end();
    if (!(await settled(this.#channel.ended, 2000))) this.#channel.close();
  }
}

/** Frames that run one after the other. */
interface Queue {
  tail: Promise<unknown>;
}

/** A place at the end: `mine` settles when those called for earlier are over. */
function turnIn(queue: Queue): { mine: Promise<unknown>; done(): void } {
  const mine = queue.tail;
  let done = () => {};
  const over = new Promise<void>(resolve => {
    done = resolve;
  });
  queue.tail = mine.then(() => over);
  return { mine, done };
}

interface Limits {
  readonly timeoutMs?: number | undefined;
  /** When that is over, on the clock of Date.now. */
  readonly deadline?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

function limit(timeoutMs: number | undefined): Limits {
  return timeoutMs === undefined ? {} : { timeoutMs, deadline: Date.now() + timeoutMs };
}

function left(deadline: number): number {
  return Math.min(Math.max(0, deadline - Date.now()), LONGEST_TIMER);
}

function failed(message: string): Reply {
  return { rc: 1, stdout: '', stderr: message, bytes: new Uint8Array() };
}
