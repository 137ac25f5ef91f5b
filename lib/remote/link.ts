import type { Duplex, Readable, Writable } from 'node:stream';
import type { TunnelTarget } from './session.ts';

/** One program running on a host. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the program has ended: its exit status; undefined when a signal or a lost link ended it. */
  readonly ended: Promise<number | undefined>;
  /** Lets go of it at once, whatever it does. */
  close(): void;
}

/** The way to one host as the login user: starts programs and opens streams. Sessions are built on it. */
export interface Link {
  /** inventory_hostname. */
  readonly name: string;
  /** The login user. */
  readonly user: string;
  /** Host, user and address for messages: `web1 (deploy@10.0.0.1 port 22)`. */
  readonly where: string;
  /** The link it goes through, which must be closed after it. */
  readonly via?: Link | undefined;
  /** Why it can no longer be used; undefined while it can. */
  readonly lost: string | undefined;
  /** Starts a command line of the login shell. */
  exec(command: string): Promise<Channel>;
  connect(to: TunnelTarget): Promise<Duplex>;
  close(): Promise<void>;
}
