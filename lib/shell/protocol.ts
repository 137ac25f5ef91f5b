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

  /** Starts to wait for the reply of frame n, and to keep so many bytes of each stream. */
  expect(n: number, keep = MOST): void {
    this.#n = n;
    this.#out.expect(`\n${this.#tag} ${n} `, keep);
    this.#err.expect(`\n${this.#tag} ${n}`, keep);
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
    const cut = { stdout: out.left, stderr: err.left };
    return {
      ...{ rc, stdout: textOf(out), stderr: textOf(err), bytes: out.bytes },
      ...((cut.stdout > 0 || cut.stderr > 0) && { cut }),
    };
  }
}

/** The most that is kept of a stream unless told: a text of JavaScript holds little more. */
const MOST = 256 * 1024 * 1024;

interface Found {
  readonly bytes: Buffer;
  /** How many bytes were left out, and where. */
  readonly left: number;
  readonly at: number;
  /** What stood behind the marker. */
  readonly rest: string;
}

/** The text of a stream; what was left out of its middle is said in its place. */
function textOf({ bytes, left, at }: Found): string {
  if (left === 0) return bytes.toString('utf8');
  const said = `\n[tplay: ${left} bytes are left out here]\n`;
  return bytes.toString('utf8', 0, at) + said + bytes.toString('utf8', at);
}

/** Collects one stream until `marker…\n` has come. Of more than is to be kept the middle is left out. */
class StreamCutter {
  #head: Buffer[] = [];
  #headLength = 0;
  #tail: Buffer[] = [];
  #tailLength = 0;
  #length = 0;
  #half = MOST / 2;
  #marker = Buffer.alloc(0);
  /** The end of what was searched: a marker may be torn over two chunks; 100 MB of output is not searched twice. */
  #carry = Buffer.alloc(0);
  found: Found | undefined;

  expect(marker: string, keep: number): void {
    this.#marker = Buffer.from(marker);
    this.#head = [];
    this.#tail = [];
    this.#headLength = 0;
    this.#tailLength = 0;
    this.#length = 0;
    this.#half = Math.ceil(keep / 2);
    this.#carry = Buffer.alloc(0);
    this.found = undefined;
  }

  get text(): string {
    return Buffer.concat([...this.#head, ...this.#tail]).toString('utf8');
  }

  push(chunk: Uint8Array): void {
    // What comes after the marker is a background process of the host talking: it belongs to no frame.
    if (this.found !== undefined) return;
    const bytes = Buffer.from(chunk);
    this.#keep(bytes);
    const window = Buffer.concat([this.#carry, bytes]);
    const at = window.indexOf(this.#marker);
    const end = at < 0 ? -1 : window.indexOf(10, at + this.#marker.length);
    if (end < 0) {
      this.#carry = window.subarray(Math.max(0, window.length - this.#marker.length - LONGEST_REST));
      return;
    }
    const rest = window.subarray(at + this.#marker.length, end).toString('latin1');
    this.found = { ...this.#kept(this.#length - window.length + at), rest };
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length;
    const room = Math.max(0, this.#half - this.#headLength);
    if (room > 0) this.#head.push(bytes.subarray(0, room));
    this.#headLength += Math.min(room, bytes.length);
    if (bytes.length <= room) return;
    this.#tail.push(bytes.subarray(room));
    this.#tailLength += bytes.length - room;
    // the marker comes last, and is no part of what was to be kept
    while (this.#tailLength - (this.#tail[0]?.length ?? 0) >= this.#half + this.#marker.length + LONGEST_REST)
      this.#tailLength -= this.#tail.shift()?.length ?? 0;
  }

  /** What is there of the first so many bytes. */
  #kept(end: number): Omit<Found, 'rest'> {
    const tailStart = this.#length - this.#tailLength;
    const left = Math.max(0, tailStart - this.#headLength);
    const bytes = Buffer.concat([...this.#head, ...this.#tail]).subarray(0, end - left);
    return { bytes, left, at: this.#headLength };
  }
}

const LONGEST_REST = 8; // an exit status and the line break
