import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type AnyAuthMethod, type Client, type ConnectConfig } from 'ssh2';
import { type Hop, whereIs } from './hop.ts';
import type { HostKeyQuestion, HostKeys } from './host-keys.ts';
import type { Keys } from './keys.ts';
import type { Link } from './link.ts';
import { SessionError } from './session.ts';
import { Logins } from './ssh-auth.ts';
import { onAbort } from './waiting.ts';

/** What all connections of one run share. */
export interface LoginContext {
  readonly hostKeys: HostKeys;
  readonly keys: Keys;
  readonly keepAliveMs: number;
  /** Ends what is being opened when the run ends. */
  readonly signal: AbortSignal;
}

/** A connect error; `again` when another try may go better. */
export class ConnectError extends SessionError {
  readonly again: boolean;
  constructor(message: string, again: boolean) {
    super('connect', message);
    this.again = again;
  }
}

// The fastest of what both sides have: AES-GCM is in hardware nearly everywhere, curve25519 costs least.
const ALGORITHMS = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-rsa',
  ],
} as const;

/** One try to connect and log in. Rejects with SessionError: connect (ConnectError), host-key or auth. */
export async function login(hop: Hop, via: Link | undefined, context: LoginContext): Promise<Client> {
  const started = Date.now();
  const socket = via === undefined ? await openSocket(hop, context.signal) : await openThrough(hop, via);
  const client = new ssh2.Client();
  const logins = new Logins(hop, context.keys);
  try {
    await handshake(client, { hop, socket, logins, context, timeoutMs: hop.connectTimeoutMs - (Date.now() - started) });
    return client;
  } catch (error) {
    client.on('error', () => undefined); // what an aborted login still says is told by the first error
    client.destroy();
    socket.destroy();
    throw error;
  }
}

interface Handshake {
  readonly hop: Hop;
  readonly socket: Duplex;
  readonly logins: Logins;
  readonly context: LoginContext;
  readonly timeoutMs: number;
}

function handshake(client: Client, h: Handshake): Promise<void> {
  const where = whereIs(h.hop);
  const question: HostKeyQuestion = { ...h.hop, mode: h.hop.hostKeys, files: h.hop.knownHostsFiles, where };
  let shown: Buffer | undefined;
  let authenticating = false;
  return new Promise((resolve, reject) => {
    const clock = new Clock(h.timeoutMs, () => {
      const what = authenticating ? 'log in to' : 'connect to';
      reject(new ConnectError(`cannot ${what} ${where}: no answer within ${h.hop.connectTimeoutMs / 1000} s`, true));
    });
    const fail = (error: SessionError) => {
      clock.stop();
      reject(error);
    };
    const forget = onAbort(h.context.signal, () =>
      fail(new ConnectError(`cannot connect to ${where}: stopped`, false)),
    );
    const lost = (why: string) =>
      fail(
        authenticating
          ? authError(h.hop, h.logins, why)
          : new ConnectError(`cannot connect to ${where}: ${why}`, shown === undefined),
      );
    client.on('error', (error: Error & { level?: string }) => {
      if (error.level !== 'agent') lost(error.message); // an agent that refuses to sign: the next key is tried
    });
    client.on('close', () => lost('it closed the connection'));
    client.on('handshake', () => {
      authenticating = true;
      if (shown !== undefined) attempt(() => h.context.hostKeys.accept(question, shown as Buffer), fail);
    });
    client.on('ready', () => {
      clock.stop();
      forget();
      client.removeAllListeners('error');
      client.removeAllListeners('close');
      resolve();
    });
    const verify = (key: Buffer, verified: (ok: boolean) => void) => {
      shown = key;
      const refused = attempt(() => h.context.hostKeys.refuse(question, key), fail);
      if (refused !== undefined) fail(refused);
      verified(refused === undefined);
    };
    const next = (
      methods: readonly string[] | null,
      _partial: boolean | null,
      go: (m: AnyAuthMethod | false) => void,
    ) => {
      clock.pause(); // a person may be typing a passphrase
      h.logins.next(methods).then(
        method => {
          clock.go();
          if (method === undefined) lost('');
          else go(method);
        },
        (error: Error) => lost(error.message),
      );
    };
    attempt(() => client.connect(config(h, question, verify, next)), fail);
  });
}

type Verify = (key: Buffer, verified: (ok: boolean) => void) => void;
type Next = (
  methods: readonly string[] | null,
  partial: boolean | null,
  go: (m: AnyAuthMethod | false) => void,
) => void;

function config(h: Handshake, question: HostKeyQuestion, hostVerifier: Verify, next: Next): ConnectConfig {
  const hostKeys = h.context.hostKeys.algorithms(question, ALGORITHMS.serverHostKey) ?? ALGORITHMS.serverHostKey;
  return {
    sock: h.socket,
    username: h.hop.user,
    readyTimeout: 0, // ours stops while a person is asked
    keepaliveInterval: h.context.keepAliveMs,
    keepaliveCountMax: 3,
    algorithms: { ...ALGORITHMS, serverHostKey: hostKeys } as unknown as NonNullable<ConnectConfig['algorithms']>,
    hostVerifier, // with two parameters: of one with one, a returned promise would count as yes
    authHandler: next as NonNullable<ConnectConfig['authHandler']>,
  };
}

function authError(hop: Hop, logins: Logins, why: string): SessionError {
  const tried = logins.tried.length === 0 ? 'there was nothing to try' : `tried ${logins.tried.join(', ')}`;
  const takes = logins.methods === undefined ? '' : `; it takes ${logins.methods.join(', ')}`;
  const end = why === '' ? '' : ` (${why})`;
  return new SessionError(
    'auth',
    `${whereIs(hop)} refused the login of ${hop.user}${end}: ${tried}${takes}. ` +
      'Set ansible_user, ansible_ssh_private_key_file or ansible_password (-k asks for it), or add the key to ssh-agent',
  );
}

async function openSocket(hop: Hop, stop: AbortSignal): Promise<Socket> {
  const socket = connectSocket({ host: hop.address, port: hop.port, noDelay: true });
  const signal = AbortSignal.timeout(hop.connectTimeoutMs);
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, stop]) });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined); // a second error of the same connection says nothing new
    socket.destroy();
    const late = signal.aborted;
    const why = late ? `no answer within ${hop.connectTimeoutMs / 1000} s` : socketError(error as Error);
    const again = (error as NodeJS.ErrnoException).code !== 'ENOTFOUND' && !stop.aborted;
    const advice = 'is the address right (ansible_host, ansible_port), and is sshd running there?';
    throw new ConnectError(`cannot connect to ${whereIs(hop)}: ${why}; ${advice}`, again);
  }
}

function socketError(error: Error): string {
  // a name with several addresses: each was tried
  return error instanceof AggregateError ? error.errors.map((e: Error) => e.message).join(', ') : error.message;
}

async function openThrough(hop: Hop, via: Link): Promise<Duplex> {
  try {
    return await via.connect({ host: hop.address, port: hop.port });
  } catch (error) {
    throw new ConnectError(`cannot connect to ${whereIs(hop)} through ${via.where}: ${(error as Error).message}`, true);
  }
}

/** Runs what may throw a SessionError inside a callback of ssh2, where it would end the process. */
function attempt<T>(work: () => T, fail: (error: SessionError) => void): T | SessionError | undefined {
  try {
    return work();
  } catch (error) {
    const failed = error instanceof SessionError ? error : new ConnectError((error as Error).message, false);
    fail(failed);
    return failed;
  }
}

/** A time limit that can be stopped and started. */
class Clock {
  #left: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #late: () => void;
  constructor(ms: number, late: () => void) {
    this.#left = ms;
    this.#late = late;
    this.go();
  }
  go(): void {
    this.#since = Date.now();
    this.#timer = setTimeout(this.#late, Math.max(1, this.#left));
  }
  pause(): void {
    clearTimeout(this.#timer);
    this.#left -= Date.now() - this.#since;
  }
  stop(): void {
    clearTimeout(this.#timer);
    this.#left = 0;
  }
}
