import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { type Hop, whereIs } from './hop.ts';
import type { Channel, Link } from './link.ts';
import { SessionError, TunnelError, type TunnelTarget } from './session.ts';
import { ConnectError, type LoginContext, login } from './ssh-login.ts';
import { exitOf, settled } from './waiting.ts';

/** dropbear refuses a program now and then when several are started at once, and takes it a moment later. */
const REFUSED_TRIES = 5;

/** Opens a connection, with as many further tries after a connect error as the hop says. */
export async function openSsh(hop: Hop, via: Link | undefined, context: LoginContext): Promise<Link> {
  for (let tries = 0; ; tries++) {
    try {
      return new SshLink(hop, await login(hop, via, context), { via, again: () => openSsh(hop, via, context) });
    } catch (error) {
      if (!(error instanceof ConnectError && error.again) || tries >= hop.retries) throw error;
      await sleep(Math.min(500 * 2 ** tries, 10_000), undefined, { signal: context.signal }).catch(() => {
        throw error; // stopped: what went wrong before is the better message
      });
    }
  }
}

class SshLink implements Link {
  readonly name: string;
  readonly user: string;
  readonly where: string;
  readonly via: Link | undefined;
  lost: string | undefined;
  readonly #client: Client;
  readonly #again: () => Promise<Link>;
  readonly #closed: Promise<void>;
  /** A second connection, when the server takes no more sessions on this one. */
  #more: Promise<Link> | undefined;

  constructor(hop: Hop, client: Client, from: { via: Link | undefined; again: () => Promise<Link> }) {
    this.name = hop.name;
    this.user = hop.user;
    this.where = whereIs(hop);
    this.#client = client;
    this.via = from.via;
    this.#again = from.again;
    client.on('error', (error: Error) => {
      this.lost ??= `the connection was lost: ${error.message}`;
    });
    this.#closed = new Promise(resolve => {
      client.on('close', () => {
        this.lost ??= 'the connection was closed by the other side';
        resolve();
      });
    });
  }

  async exec(command: string): Promise<Channel> {
    for (let tries = 0; this.#more === undefined; tries++) {
      const channel = await this.#exec(command, tries < REFUSED_TRIES);
      if (channel === 'full') break;
      if (channel !== 'refused') return channel;
      await sleep(20 * 2 ** tries);
    }
    return await (await this.#another()).exec(command);
  }

  async #another(): Promise<Link> {
    const known = this.#more;
    const link = await known?.catch(() => undefined); // it did not open: another try may
    if (link !== undefined && link.lost === undefined) return link;
    if (this.#more === known || this.#more === undefined) this.#more = this.#again();
    return await this.#more;
  }

  /**
   * `full` when the server opens no more sessions on one connection (MaxSessions, 10 by default); `refused` when it did not
   * start the program, and may be asked again.
   */
  #exec(command: string, again: boolean): Promise<Channel | 'full' | 'refused'> {
    const others = this.#shells++;
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        this.#shells--;
        reject(new SessionError('lost', `${this.where}: ${this.lost ?? `cannot start a shell: ${why}`}`));
      };
      try {
        this.#client.exec(command, (error: (Error & { reason?: unknown }) | undefined, channel) => {
          if (error === undefined) {
            channel.once('close', () => this.#shells--);
            resolve(adapt(channel));
          } else if (error.reason !== undefined && others > 0) {
            this.#shells--;
            resolve('full');
          } else if (again && this.lost === undefined) {
            this.#shells--;
            resolve('refused');
          } else fail(error.message);
        });
      } catch (error) {
        fail((error as Error).message); // ssh2 throws when it is no longer connected
      }
    });
  }
  /** Programs that run or are being started. */
  #shells = 0;

  connect(to: TunnelTarget): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | undefined, stream: ClientChannel) => {
        if (error === undefined) resolve(stream);
        else reject(new TunnelError(this.name, to, this.lost ?? error.message));
      };
      try {
        if ('socket' in to) this.#client.openssh_forwardOutStreamLocal(to.socket, done);
        else this.#client.forwardOut('127.0.0.1', 0, to.host, to.port, done);
      } catch (error) {
        reject(new TunnelError(this.name, to, this.lost ?? (error as Error).message));
      }
    });
  }

  async close(): Promise<void> {
    this.lost ??= 'the connection was closed';
    const more = this.#more?.then(
      link => link.close(),
      () => undefined, // it never opened: whoever wanted it was told
    );
    this.#client.end();
    if (!(await settled(this.#closed, 1000))) this.#client.destroy();
    await more;
  }
}

function adapt(channel: ClientChannel): Channel {
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended: exitOf(channel),
    close: () => channel.close(),
  };
}
