import { Written } from './written.ts';

/** What adjacent Python strings make together and how much of the text they take; undefined where that is none. */
export type LiteralString =
  | { readonly written: Written; readonly length: number }
  | { readonly refused: string }
  | undefined;

const OPEN = /^(?:[rR][bB]|[bB][rR]|[rRuUbB])?('''|"""|'|")/;
const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** Reads the strings at the beginning of a text: prefixes, triple quotes and escapes as in Python; bytes are text. */
export function readLiteralString(from: Written): LiteralString {
  const made = new Made();
  let at = 0;
  const kinds = new Set<boolean>();
  for (;;) {
    const blanks = /^[ \t]*/.exec(from.text.slice(at))?.[0].length ?? 0;
    const open = OPEN.exec(from.text.slice(at + blanks));
    if (open === null) break;
    const bytes = /[bB]/.test(open[0]);
    kinds.add(bytes);
    at += blanks + open[0].length;
    const end = readOne(from, { at, quote: open[1] as string, raw: /[rR]/.test(open[0]), bytes, made });
    if (end === undefined || typeof end !== 'number') return end;
    at = end;
  }
  if (kinds.size !== 1) return undefined; // none, or bytes and text together, which Python refuses
  return { written: new Written(from.file, made.text, [...made.offsets, from.offsetAt(at)]), length: at };
}

class Made {
  text = '';
  readonly offsets: number[] = [];

  add(text: string, offset: number): void {
    this.text += text;
    for (let i = 0; i < text.length; i++) this.offsets.push(offset);
  }
}

interface Open {
  readonly at: number;
  readonly quote: string;
  readonly raw: boolean;
  readonly bytes: boolean;
  readonly made: Made;
}

/** Reads to the closing quote and returns the index behind it. */
function readOne(from: Written, open: Open): number | undefined | { readonly refused: string } {
  const { text } = from;
  for (let at = open.at; at < text.length; ) {
    if (text.startsWith(open.quote, at)) return at + open.quote.length;
    const char = text[at] as string;
    if (open.bytes && char > '\x7f') return undefined;
    if (char !== '\\') {
      open.made.add(char, from.offsetAt(at));
      at++;
      continue;
    }
    const escape = open.raw ? { text: text.slice(at, at + 2), length: 2 } : readEscape(text.slice(at), open.bytes);
    if (escape === undefined || 'refused' in escape) return escape;
    open.made.add(escape.text, from.offsetAt(at));
    at += escape.length;
  }
  return undefined;
}

function readEscape(
  text: string,
  bytes: boolean,
): { readonly text: string; readonly length: number } | undefined | { readonly refused: string } {
  const char = text[1] ?? '';
  const simple = SIMPLE.get(char);
  if (simple !== undefined) return { text: simple, length: 2 };
  const octal = /^\\([0-7]{1,3})/.exec(text)?.[1];
  if (octal !== undefined) return byCode(Number.parseInt(octal, 8), octal.length + 1, bytes);
  if (char === 'N' && !bytes) return { refused: 'a text with a character by its name (\\N{...})' };
  const digits = { x: 2, u: bytes ? 0 : 4, U: bytes ? 0 : 8 }[char] ?? 0;
  if (digits === 0) return { text: `\\${char}`, length: 1 + char.length }; // as Python: what is no escape stays
  const hex = text.slice(2, 2 + digits);
  if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(hex)) return undefined;
  return byCode(Number.parseInt(hex, 16), 2 + digits, bytes);
}

function byCode(code: number, length: number, bytes: boolean) {
  if (bytes && code > 0x7f) return { refused: 'bytes that are no text' };
  return code > 0x10ffff ? undefined : { text: String.fromCodePoint(code), length };
}
