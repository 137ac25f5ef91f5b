import type { Values } from '../outcome.ts';
import type { Sh } from '../shell/sh.ts';

/** A file for the controller: its bytes, or where it is large how the host tells of them. */
export type StoredFile = {
  readonly path: string;
  readonly bytes?: Uint8Array;
  readonly large?: StoredLarge;
};

export interface StoredLarge {
  readonly size: number;
  /** Its SHA1 when the host told it by the way; it is asked for it only where that is not made while the file comes. */
  readonly sha1?: string | undefined;
  /** Prints the SHA1. */
  readonly sum: Sh;
  /** Prints the file; fails when it was changed meanwhile. */
  readonly print: Sh;
  /** The values that tell the SHA1. */
  values(sha1: string): Values;
}
