import type { HostTools } from '../module.ts';
import type { Reply, UnreachablePhase } from '../outcome.ts';
import type { Sh } from '../shell/sh.ts';

export interface RunOptions {
  /** The session is closed when a frame takes longer; the next task opens a new one. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told how much of the payloads of the frame has been sent. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Lets a large payload be the input of the frame, which then has a shell of its own; see `feed`. */
  readonly fed?: boolean;
  /**
   * Takes what the frame prints, which then has a shell of its own: nothing of it is kept. It does not wait for other frames,
   * only for others of its kind: what it prints may be the input of one that runs.
   */
  readonly sink?: (chunk: Uint8Array) => Promise<void>;
  /** How many bytes of each stream are kept: of more the middle is left out, and the reply says so. */
  readonly keep?: number;
}

/** One `sh` on one host as one user; one frame at a time (a second call waits for the first). */
export interface Session extends AsyncDisposable {
  readonly host: string;
  readonly user: string;
  readonly tools: HostTools;
  /** How many round trips it has taken so far: frames, and one for every payload sent through a channel of its own. */
  readonly frames: number;
  /** Runs a script; payloads too large for a frame are sent first. Rejects with SessionError only. */
  run(script: Sh, options?: RunOptions): Promise<Reply>;
  /**
   * Opens a byte stream from the host to an address or socket as the host sees it (for the database). It is the login
   * user who connects, whatever the become user. Rejects with TunnelError.
   */
  connect(to: TunnelTarget): Promise<import('node:stream').Duplex>;
}

export type TunnelTarget = { readonly host: string; readonly port: number } | { readonly socket: string };

/** The session could not be opened or was lost: never "the task failed". */
export class SessionError extends Error {
  readonly phase: UnreachablePhase | 'timeout';
  constructor(phase: UnreachablePhase | 'timeout', message: string) {
    super(message);
    this.phase = phase;
  }
}

/** The host was reached, but not the address or socket that a stream to it was asked for. The session goes on. */
export class TunnelError extends Error {
  constructor(host: string, to: TunnelTarget, why: string) {
    super(`${host}: cannot reach ${'socket' in to ? to.socket : `${to.host} port ${to.port}`} from the host: ${why}`);
  }
}

export interface Become {
  readonly method: 'sudo' | 'su' | 'doas';
  readonly user: string;
  readonly password?: string | undefined;
  /** The become program, when it is not the method's name. */
  readonly exe?: string | undefined;
  /** Further flags, split as a shell splits words. */
  readonly flags?: readonly string[] | undefined;
}

/** How to reach a host: everything from inventory variables, ssh_config and options, resolved. */
export interface Connection {
  /** inventory_hostname, for messages. */
  readonly name: string;
  readonly transport: 'ssh' | 'local';
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly privateKeyFile?: string | undefined;
  readonly passphrase?: string | undefined;
  /** For each try, until the login is done; ssh_config's ConnectTimeout or 10 seconds unless told. */
  readonly connectTimeoutMs?: number | undefined;
  /** Further tries after a connect error (never after a refused login or host key); none unless told. */
  readonly retries?: number | undefined;
  /** `strict` refuses unknown hosts, `accept-new` adds them, `off` asks nothing. */
  readonly hostKeys?: 'strict' | 'accept-new' | 'off' | undefined;
  readonly knownHostsFiles?: readonly string[] | undefined;
  /** As ssh's ProxyJump: `[user@]host[:port]`, comma-separated. */
  readonly proxyJump?: string | undefined;
  /** The shell to start; `/bin/sh` unless told. */
  readonly shell?: string | undefined;
}

/** Opens sessions and keeps them: one connection a host, one shell per (host, become user). */
export interface Sessions extends AsyncDisposable {
  open(to: Connection, become: Become | undefined, signal?: AbortSignal): Promise<Session>;
  /**
   * Ends all shells of a host and its connection, so that the next one logs in anew (new groups, new settings of sshd). A
   * connection that others go through stays, unless the host restarts: then they are lost in any case.
   */
  reset(to: Connection, how?: { readonly restarts: boolean }): Promise<void>;
}
