import type { Reply } from '../outcome.ts';
import { quote } from './sh.ts';

/**
 * One frame: a script that a persistent sh runs, with both streams cut exactly. Why each piece:
 * - `eval` of one quoted word: a syntax error in plain text would kill the shell;
 * - a subshell: `exit` and `cd` stay inside;
 * - `</dev/null`: a command would eat the next frame;
 * - the payloads of a frame go with it, also when the script exits or does not parse;
 * - the tag with the frame's number on both streams, each behind a line break of ours: output need not end with one.
 */
export function encodeFrame(tag: string, n: number, script: string): string {
  const run = `(eval ${quote(script)}) </dev/null; tp_rc=$?; [ ! -d "$tp_dir" ] || rm -rf "$tp_dir"`;
  return `${run}; printf '\\n${tag} ${n} %d\\n' "$tp_rc"; printf '\\n${tag} ${n}\\n' >&2\n`;
}

/** Cuts the two streams of a session into replies. One frame is in flight at a time. */
export class FrameReader {
  readonly #out: StreamCutter;
  readonly #err: StreamCutter;
  readonly #tag: string;
  #n = 0;

  constructor(tag: string) {
    this.#tag = tag;
    this.#out = new StreamCutter();
    this.#err = new StreamCutter();
  }

  /** Starts to wait for the reply of frame n. */
  expect(n: number): void {
    this.#n = n;
    this.#out.expect(`\n${this.#tag} ${n} `);
    this.#err.expect(`\n${this.#tag} ${n}`);
  }

  /** Takes what came on stdout; the whole reply when this completed it. */
  stdout(chunk: Uint8Array): Reply | undefined {
    this.#out.push(chunk);
    return this.#reply();
  }

  stderr(chunk: Uint8Array): Reply | undefined {
    this.#err.push(chunk);
    return this.#reply();
  }

  /** What has come so far on stderr, for the message of a session that died. */
  get unread(): string {
    return this.#err.text + this.#out.text;
  }

  #reply(): Reply | undefined {
    const out = this.#out.found;
    const err = this.#err.found;
    if (out === undefined || err === undefined) return undefined;
    const rc = Number(out.rest);
    this.expect(this.#n + 1);
    return { rc, stdout: out.bytes.toString('utf8'), stderr: err.bytes.toString('utf8'), bytes: out.bytes };
  }
}

/** Collects one stream until `marker…\n` has come. */
class StreamCutter {
  #chunks: Buffer[] = [];
  #length = 0;
  #marker = Buffer.alloc(0);
  /** The end of what was searched: a marker may be torn over two chunks; 100 MB of output is not searched twice. */
  #carry = Buffer.alloc(0);
  found: { bytes: Buffer; rest: string } | undefined;

  expect(marker: string): void {
    this.#marker = Buffer.from(marker);
    this.#chunks = [];
    this.#length = 0;
    this.#carry = Buffer.alloc(0);
    this.found = undefined;
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  push(chunk: Uint8Array): void {
    // What comes after the marker is a background process of the host talking: it belongs to no frame.
    if (this.found !== undefined) return;
    const bytes = Buffer.from(chunk);
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    const window = Buffer.concat([this.#carry, bytes]);
    const at = window.indexOf(this.#marker);
    const end = at < 0 ? -1 : window.indexOf(10, at + this.#marker.length);
    if (end < 0) {
      this.#carry = window.subarray(Math.max(0, window.length - this.#marker.length - LONGEST_REST));
      return;
    }
    const start = this.#length - window.length + at;
    this.found = {
      bytes: Buffer.concat(this.#chunks).subarray(0, start),
      rest: window.subarray(at + this.#marker.length, end).toString('latin1'),
    };
  }
}

const LONGEST_REST = 8; // an exit status and the line break
