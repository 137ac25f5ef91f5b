import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from './diagnostic.ts';
import { sourceFile } from './source.ts';

/** What is wrong with the bytes of a file that is to be text, at the first of them; undefined where they are UTF-8. */
export function decodingProblem(path: string, bytes: Uint8Array): Diagnostic | undefined {
  if (isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const start = firstBad(text, bytes);
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const message = wide ? 'the file is UTF-16 text, not UTF-8' : 'the file is not UTF-8 text';
  const span = { file: sourceFile(path, text), start, end: start + 1 };
  return { code: 'yaml-syntax', severity: 'error', message, span, suggestion: 'save it as UTF-8' };
}

/** The offset of the first replacement character that stands for bytes that are none. */
function firstBad(text: string, bytes: Uint8Array): number {
  let from = 0;
  let offset = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return at;
    from = at;
  }
  return 0;
}
