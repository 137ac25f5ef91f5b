import { homedir } from 'node:os';
import { Prelude } from '../shell/prelude.ts';
import { type Hop, hopKey } from './hop.ts';
import { HostKeys } from './host-keys.ts';
import type { Link } from './link.ts';
import { openLocal } from './local.ts';
import { readSshConfig, resolveHop, type SshHome } from './resolve.ts';
import { type Become, type Connection, type Session, SessionError, type Sessions } from './session.ts';
import { ShellSession } from './shell-session.ts';
import type { LoginContext } from './ssh-login.ts';
import { unlessAborted } from './waiting.ts';

export interface SessionsOptions {
  /** Where `~` is; the user's home folder unless told. */
  readonly home?: string | undefined;
  /** The environment: SSH_AUTH_SOCK, and what local shells get; the process's unless told. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Read in place of `~/.ssh/config` and `/etc/ssh/ssh_config`. */
  readonly sshConfigFile?: string | undefined;
  /** Asks the person at the terminal for the passphrase of a key; undefined where there is none. */
  readonly ask?: ((prompt: string) => Promise<string>) | undefined;
  /** How often an idle connection is asked for a sign of life; after three without answer it counts as lost. */
  readonly keepAliveMs?: number | undefined;
  /** Told what of ssh_config is not understood, once. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** Makes the pool of one run. Nothing is opened or read before the first `open`. */
export function makeSessions(options: SessionsOptions = {}): Sessions {
  return new Pool(options);
}

class Pool implements Sessions {
  readonly #options: SessionsOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #links = new Map<string, Promise<Link>>();
  readonly #shells = new Map<string, Promise<ShellSession>>();
  /** Also those that were given up: what they ran is ended before the pool is closed. */
  readonly #all = new Set<ShellSession>();
  readonly #closing = new AbortController();
  #home: SshHome | undefined;
  #prelude: Prelude | undefined;
  #ssh: Promise<SshSide> | undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#env = { ...(options.env ?? process.env) };
  }

  async open(to: Connection, become: Become | undefined, signal?: AbortSignal): Promise<Session> {
    if (this.#closing.signal.aborted) throw new SessionError('lost', `${to.name}: the run has ended`);
    const { hop, place } = this.#place(to);
    const key = JSON.stringify([place, to.shell, become && [become.method, become.user, become.exe, become.flags]]);
    const opening = this.#shells.get(key) ?? this.#fresh(key, () => this.#start(to, become, { hop, place }));
    const session = await unlessAborted(opening, signal, () => new SessionError('lost', `${to.name}: stopped`));
    if (session.dead === undefined) return session;
    if (this.#shells.get(key) === opening) this.#shells.delete(key);
    return await this.open(to, become, signal);
  }

  async reset(to: Connection, how = { restarts: false }): Promise<void> {
    const { place } = this.#place(to);
    const keys = [...this.#shells.keys()].filter(key => JSON.parse(key)[0] === place);
    const shells = await Promise.allSettled(keys.map(key => this.#shells.get(key)));
    for (const key of keys) this.#shells.delete(key);
    for (const shell of shells) if (shell.status === 'fulfilled') await shell.value?.[Symbol.asyncDispose]();
    const links = await Promise.allSettled(this.#links.values());
    const [link] = await Promise.allSettled([this.#links.get(place)]);
    if (link.status === 'rejected' || link.value === undefined) return; // an error of opening was told to who opened
    // Another host is reached through it: closing it would end that one's tasks.
    if (!how.restarts && links.some(other => other.status === 'fulfilled' && other.value.via === link.value)) return;
    this.#links.delete(place);
    await link.value.close();
  }

  #place(to: Connection): Place {
    const hop = to.transport === 'ssh' ? resolveHop(to, this.#sshHome()) : undefined;
    return { hop, place: hop === undefined ? JSON.stringify(['local', to.name]) : hopKey(hop) };
  }

  #fresh(key: string, start: () => Promise<ShellSession>): Promise<ShellSession> {
    const opening = start();
    this.#shells.set(key, opening);
    opening.then(
      session => this.#all.add(session),
      () => this.#shells.delete(key), // whoever opens gets the error; the next one tries again
    );
    return opening;
  }

  async #start(to: Connection, become: Become | undefined, at: Place): Promise<ShellSession> {
    const link = await this.#link(to, at);
    this.#prelude ??= new Prelude();
    return await ShellSession.start(link, {
      become,
      shell: to.shell ?? '/bin/sh',
      prelude: this.#prelude,
      timeoutMs: at.hop?.connectTimeoutMs ?? to.connectTimeoutMs ?? 10_000,
      signal: this.#closing.signal,
    });
  }

  async #link(to: Connection, { hop, place }: Place): Promise<Link> {
    const known = this.#links.get(place);
    const link = await known;
    if (link !== undefined && link.lost === undefined) return link;
    // while it was waited for, another may have opened a new one
    const now = this.#links.get(place);
    if (now !== undefined && now !== known) return await this.#link(to, { hop, place });
    const opening = hop === undefined ? Promise.resolve(openLocal(to.name, this.#env)) : this.#openSsh(hop);
    this.#links.set(place, opening);
    opening.catch(() => this.#links.delete(place)); // whoever waits gets the error; the next one tries again
    return await opening;
  }

  async #openSsh(hop: Hop): Promise<Link> {
    this.#ssh ??= this.#loadSsh();
    const { openSsh, context } = await this.#ssh;
    const via =
      hop.via && (await this.#link({ ...hop.via, transport: 'ssh' }, { hop: hop.via, place: hopKey(hop.via) }));
    return await openSsh(hop, via, context);
  }

  /** ssh2 is loaded only when a host is reached by ssh. */
  async #loadSsh(): Promise<SshSide> {
    const [{ openSsh }, { Keys }] = await Promise.all([import('./ssh.ts'), import('./keys.ts')]);
    const context: LoginContext = {
      hostKeys: new HostKeys(),
      keys: new Keys(this.#env['SSH_AUTH_SOCK'] ?? '', this.#options.ask),
      keepAliveMs: this.#options.keepAliveMs ?? 15_000,
      signal: this.#closing.signal,
    };
    return { openSsh, context };
  }

  #sshHome(): SshHome {
    if (this.#home === undefined) {
      const home = this.#options.home ?? homedir();
      this.#home = { home, config: readSshConfig(home, this.#options.sshConfigFile) };
      for (const note of this.#home.config.notes) this.#options.onNote?.(note);
    }
    return this.#home;
  }

  /** Ends all shells, then all connections, the hosts before the hosts they are reached through. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#shells.values());
    await Promise.all([...this.#all].map(session => session[Symbol.asyncDispose]()));
    const links = await Promise.allSettled(this.#links.values()); // an error of opening was told to who opened
    const open = links.flatMap(link => (link.status === 'fulfilled' ? [link.value] : []));
    for (let rest = open; rest.length > 0; ) {
      const ends = rest.filter(link => !rest.some(other => other.via === link));
      await Promise.all(ends.map(link => link.close()));
      rest = rest.filter(link => !ends.includes(link));
    }
  }
}

interface Place {
  readonly hop: Hop | undefined;
  /** The key of the link. */
  readonly place: string;
}

interface SshSide {
  readonly openSsh: typeof import('./ssh.ts').openSsh;
  readonly context: LoginContext;
}
