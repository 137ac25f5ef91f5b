import { content, type SpecTable } from '../call.ts';
import { Failure } from '../error.ts';
import { str } from '../print.ts';

/** The bytes of a text in one of Python's encodings that playbooks name. */
function encode(text: string, encoding: string): Buffer {
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (name === 'utf-8' || name === 'utf8' || name === 'ascii') return Buffer.from(text, 'utf8');
  if (name === 'utf-16-le' || name === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (name === 'latin-1' || name === 'latin1' || name === 'iso-8859-1') return Buffer.from(text, 'latin1');
  throw new Failure(`there is no encoding "${encoding}"`, 'use utf-8, utf-16-le or latin-1');
}

function decode(bytes: Buffer, encoding: string): string {
  encode('', encoding);
  const name = encoding.toLowerCase();
  if (name.startsWith('utf-16') || name.startsWith('utf16')) return bytes.toString('utf16le');
  if (name.startsWith('latin') || name.startsWith('iso')) return bytes.toString('latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure('the decoded bytes are not UTF-8 text');
  }
}

function b64decode(text: string, encoding: string): string {
  const clean = text.replace(/[^A-Za-z0-9+/=]/g, '');
  const body = clean.replace(/=+$/, '');
  if ((body.length + (clean.length - body.length)) % 4 !== 0 || body.length % 4 === 1)
    throw new Failure('b64decode works on base64, the padding of this text is wrong');
  return decode(Buffer.from(body, 'base64'), encoding);
}

/** Filters between texts and other writings of them. */
export const codingFilters: SpecTable = {
  b64encode: content('encoding?', call => encode(str(call.input), call.text(0, 'utf-8')).toString('base64')),
  b64decode: content('encoding?', call => b64decode(call.inputText(), call.text(0, 'utf-8'))),
};
