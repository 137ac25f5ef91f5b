import { createHash } from 'node:crypto';
import { type LocalNeed, type Locals, put, sh } from '../../module.ts';
import { hostPath } from './attributes.ts';
import { baseName } from './path.ts';
import { pythonJson, pythonText } from './python-json.ts';
import type { Body } from './web-ask.ts';

export interface BodyArgs {
  readonly body?: unknown;
  readonly body_format: 'raw' | 'json' | 'form-urlencoded' | 'form-multipart';
  readonly src?: string | undefined;
  readonly remote_src: boolean;
}

/** Files of the controller that are sent. */
export function bodyNeeds(a: BodyArgs): readonly LocalNeed[] {
  if (a.remote_src) return [];
  const named = a.body_format === 'form-multipart' ? partsOf(a.body).flatMap(p => (p.file ? [p.file] : [])) : [];
  return [...new Set([...(a.src === undefined ? [] : [a.src]), ...named])].map(path => ({ kind: 'file', path }));
}

/** What is wrong with the body, as a sentence. */
export function bodyFault(a: BodyArgs): string | undefined {
  if (a.body_format !== 'form-multipart') return undefined;
  if (!isMapping(a.body)) return 'the body of form-multipart is a mapping of names to texts or files';
  for (const part of partsOf(a.body)) {
    if (/[\r\n"]/.test(part.name + (part.filename ?? '')) || /[\r\n]/.test(part.type ?? ''))
      return `"${part.name}" of the body has a quote or line break in a name or type`;
    if (part.content === undefined && part.file === undefined)
      return `"${part.name}" of the body needs "content" or "filename"`;
  }
  return undefined;
}

/** The bytes to send, or code that prints them on the host. */
export function bodyOf(a: BodyArgs, local: Locals): Body {
  if (a.src !== undefined)
    return a.remote_src
      ? { code: sh`cat -- ${hostPath(a.src)} || exit` }
      : { bytes: Buffer.from(bytesOf(local, a.src)) };
  if (a.body_format === 'form-multipart') return multipart(a, local);
  return { bytes: Buffer.from(textOf(a)) };
}

/** The Content-Type of a body that has none given. */
export function typeOf(a: BodyArgs): string | undefined {
  if (a.body === undefined || a.body === null) return undefined;
  if (a.body_format === 'json') return 'application/json';
  if (a.body_format === 'form-urlencoded') return 'application/x-www-form-urlencoded';
  return a.body_format === 'form-multipart' ? `multipart/form-data; boundary=${boundaryOf(a.body)}` : undefined;
}

function textOf({ body, body_format }: BodyArgs): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body_format !== 'form-urlencoded' || typeof body !== 'object') return pythonJson(body);
  const pairs = Array.isArray(body) ? (body as [unknown, unknown][]) : Object.entries(body);
  return new URLSearchParams(
    pairs.flatMap(([key, value]) => [value].flat().map((v): [string, string] => [String(key), pythonText(v)])),
  ).toString();
}

interface Part {
  readonly name: string;
  readonly content: string | undefined;
  /** Path of the file whose bytes it is. */
  readonly file: string | undefined;
  readonly filename: string | undefined;
  readonly type: string | undefined;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partsOf(body: unknown): readonly Part[] {
  if (!isMapping(body)) return [];
  // as Ansible: by their names
  const parts = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.map(([name, value]) => {
    const part = isMapping(value) ? value : { content: value };
    const text = (key: string) => (part[key] === undefined || part[key] === null ? undefined : String(part[key]));
    const [content, path] = [text('content'), text('filename')];
    return {
      name,
      content,
      file: content === undefined ? path : undefined,
      filename: path === undefined ? undefined : baseName(path),
      type: text('mime_type') ?? (path === undefined ? undefined : 'application/octet-stream'),
    };
  });
}

/** A line that cannot be in the body by chance; the same for the same body, so that a task is the same each time. */
function boundaryOf(body: unknown): string {
  return `tplay-${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 40)}`;
}

/** As RFC 7578: bytes as they are, without a transfer encoding. */
function multipart(a: BodyArgs, local: Locals): Body {
  const boundary = boundaryOf(a.body);
  const pieces: (Buffer | { readonly path: string })[] = [];
  for (const part of partsOf(a.body)) {
    const filename = part.filename === undefined ? '' : `; filename="${part.filename}"`;
    const type = part.type === undefined ? '' : `Content-Type: ${part.type}\r\n`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${filename}\r\n${type}\r\n`;
    pieces.push(Buffer.from(head + (part.content ?? '')));
    if (part.file !== undefined)
      pieces.push(a.remote_src ? { path: part.file } : Buffer.from(bytesOf(local, part.file)));
    pieces.push(Buffer.from('\r\n'));
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  const bytes = pieces.flatMap(piece => ('path' in piece ? [] : [piece]));
  if (bytes.length === pieces.length) return { bytes: Buffer.concat(bytes) };
  const cats = pieces.map(piece => sh`cat -- ${'path' in piece ? hostPath(piece.path) : put(piece)} || exit`);
  return { code: sh.lines(...cats) };
}

function bytesOf(local: Locals, path: string): Uint8Array {
  return local.get(path)?.files[0]?.bytes ?? new Uint8Array();
}
