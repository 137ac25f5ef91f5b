import { createHash } from 'node:crypto';
import { baseName } from './path.ts';

export interface Letter {
  readonly subject: string;
  readonly body?: string | undefined;
  readonly sender: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly headers: readonly string[];
  readonly charset: string;
  readonly subtype: 'html' | 'plain';
  readonly attach: readonly string[];
}

/** The address in `Name <a@b>` or `a@b (Name)`. */
export function addressOf(text: string): string {
  const [, inner] = /<([^<>]*)>/.exec(text) ?? [];
  return (inner ?? text.replace(/\([^()]*\)/g, '')).trim();
}

/** The charsets that are written here, by their names. */
const CHARSETS: Readonly<Record<string, BufferEncoding>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'us-ascii': 'ascii',
  ascii: 'ascii',
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
};

/** A text in the charset; an error sentence where it does not fit into it. */
export function encoded(text: string, charset: string): Buffer | { readonly error: string } {
  const encoding = CHARSETS[charset.toLowerCase()];
  if (encoding === undefined) return { error: `charset "${charset}" is none of ${Object.keys(CHARSETS).join(', ')}` };
  const most = encoding === 'ascii' ? 0x7f : encoding === 'latin1' ? 0xff : 0x10ffff;
  const odd = [...text].find(c => (c.codePointAt(0) ?? 0) > most);
  return odd === undefined ? Buffer.from(text, encoding) : { error: `"${odd}" is not in ${charset}` };
}

/** A header's text: words beyond ASCII as RFC 2047 has them, an address of `Name <a@b>` left as it is. */
function headerText(text: string, charset: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const [, name = text, address = ''] = /^(.*?)(\s*<[^<>]*>)$/s.exec(text) ?? [];
  const bytes = encoded(name.replace(/^"(.*)"$/s, '$1'), charset);
  const words = 'error' in bytes ? Buffer.from(name) : bytes;
  return `=?${'error' in bytes ? 'utf-8' : charset}?B?${words.toString('base64')}?=${address}`;
}

function base64Lines(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');
}

/** The whole message: a text, and files as what they are. */
export function messageOf(letter: Letter, files: readonly Uint8Array[], date: Date): Uint8Array {
  const { charset } = letter;
  const text = encoded(letter.body ?? letter.subject, charset);
  const boundary = `tplay-${createHash('sha256').update(JSON.stringify(letter)).digest('hex').slice(0, 40)}`;
  const head = [
    `From: ${headerText(letter.sender, charset)}`,
    `To: ${letter.to.map(a => headerText(a, charset)).join(', ')}`,
    ...(letter.cc.length === 0 ? [] : [`Cc: ${letter.cc.map(a => headerText(a, charset)).join(', ')}`]),
    `Subject: ${headerText(letter.subject, charset)}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    'X-Mailer: tplay',
    ...letter.headers.map(line => {
      const [name = '', value = ''] = line.split(/=(.*)/s);
      return `${name.trim()}: ${headerText(value, charset)}`;
    }),
    'MIME-Version: 1.0',
  ];
  const textPart = [
    `Content-Type: text/${letter.subtype}; charset="${charset}"`,
    'Content-Transfer-Encoding: base64',
    '',
    base64Lines('error' in text ? Buffer.from(letter.body ?? letter.subject) : text),
  ];
  if (letter.attach.length === 0) return Buffer.from(`${[...head, ...textPart].join('\r\n')}\r\n`);
  const parts = letter.attach.map((path, i) => [
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${headerText(baseName(path), 'utf-8').replace(/[\\"]/g, '\\$&')}"`,
    '',
    base64Lines(files[i] ?? new Uint8Array()),
  ]);
  const all = [
    ...head,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    ...[textPart, ...parts].flatMap(part => [`--${boundary}`, ...part]),
    `--${boundary}--`,
  ];
  return Buffer.from(`${all.join('\r\n')}\r\n`);
}
