import type { Span } from '../text/source.ts';

/** The file's offset of an index of a scalar's content, through quotes, escapes and folded lines. */
export function offsetIn(span: Span, source: string, index: number): number {
  const text = span.file.text.slice(span.start, span.end);
  if (text.startsWith('|')) return span.start + inLiteral(text, source, index);
  let at = text.startsWith('>') ? text.indexOf('\n') + 1 : 0;
  const quote = text[0] === '"' || text[0] === "'" ? text[0] : '';
  if (quote !== '') at = 1;
  // Folding only changes white space, so what is none is found one after the other.
  for (let i = 0; i < index; i++) {
    if (isSpace(source[i])) continue;
    at = skipSpace(text, at, quote);
    at += unitLength(text, at, quote);
  }
  if (!isSpace(source[index])) at = skipSpace(text, at, quote);
  return Math.min(span.start + at, Math.max(span.start, span.end - 1));
}

function isSpace(char: string | undefined): boolean {
  return char !== undefined && /\s/.test(char);
}

function skipSpace(text: string, from: number, quote: string): number {
  let at = from;
  for (;;) {
    if (isSpace(text[at])) at++;
    // Escapes of white space, and the one that joins two lines.
    else if (quote === '"' && text[at] === '\\' && /[\snrtvf_NLP]/.test(text[at + 1] ?? '')) at += 2;
    else return at;
  }
}

function unitLength(text: string, at: number, quote: string): number {
  if (quote === "'" && text.startsWith("''", at)) return 2;
  if (quote !== '"' || text[at] !== '\\') return 1;
  const lengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };
  return lengths[text[at + 1] ?? ''] ?? 2;
}

/** In a literal block every line of the content is a line of the file. */
function inLiteral(text: string, source: string, index: number): number {
  const before = source.slice(0, index).split('\n');
  const lines = text.split('\n');
  const first = lines.slice(1).find(line => line.trim() !== '') ?? '';
  const indent = first.length - first.trimStart().length;
  const line = Math.min(before.length, lines.length - 1);
  const start = lines.slice(0, line).reduce((sum, l) => sum + l.length + 1, 0);
  return Math.min(start + indent + (before.at(-1)?.length ?? 0), text.length);
}
