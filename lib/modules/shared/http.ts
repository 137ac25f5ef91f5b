import type { Reply } from '../../module.ts';

/** One request, whatever makes it. */
export interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Seconds. */
  readonly timeout: number;
  readonly follow: boolean;
  readonly insecure: boolean;
  readonly proxy: boolean;
}

/** A configuration file of curl: a line for each option, values in double quotes. */
export function curlConfig(r: Request): string {
  const set = (name: string, value: string) =>
    `${name} = "${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
  const typed = Object.keys(r.headers).some(k => k.toLowerCase() === 'content-type');
  return [
    'silent',
    'show-error',
    'globoff',
    set('url', r.url),
    set('max-time', String(r.timeout)),
    ...method(r, set),
    ...Object.entries(r.headers).map(([name, value]) => set('header', `${name}: ${value}`)),
    ...(typed ? [] : [set('header', 'Content-Type:')]),
    ...(r.follow ? ['location', set('max-redirs', '10')] : []),
    ...(r.insecure ? ['insecure'] : []),
    ...(r.proxy ? [] : [set('noproxy', '*')]),
    '',
  ].join('\n');
}

/** A POST is not named: curl then makes a redirect of it a GET, as browsers and Ansible do. */
function method(r: Request, set: (name: string, value: string) => string): readonly string[] {
  if (r.method === 'HEAD') return ['head'];
  const empty = r.body === '' && /^P/.test(r.method) ? [set('data', '')] : [];
  const implied = r.method === 'POST' || (r.method === 'GET' && r.body === '');
  return implied ? empty : [...empty, set('request', r.method)];
}

/** A configuration file of GNU wget. */
export function wgetConfig(r: Request): string {
  return Object.entries(r.headers)
    .map(([name, value]) => `header = ${name}: ${value}\n`)
    .join('');
}

/** Flags of GNU wget that hold no secret. */
export function wgetFlags(r: Request): readonly string[] {
  return [
    `--method=${r.method}`,
    `--timeout=${r.timeout}`,
    `--max-redirect=${r.follow ? 10 : 0}`,
    ...(r.insecure ? ['--no-check-certificate'] : []),
    ...(r.proxy ? [] : ['--no-proxy']),
  ];
}

/** The request as it goes over the wire: HTTP/1.0, so that the answer ends with the connection and is not in chunks. */
export function plainRequest(r: Request): string {
  const url = new URL(r.url);
  const size = Buffer.byteLength(r.body);
  const lines = [
    `${r.method} ${url.pathname}${url.search} HTTP/1.0`,
    `Host: ${url.host}`,
    ...Object.entries(r.headers).map(([name, value]) => `${name}: ${value}`),
    ...(size > 0 || /^P/.test(r.method) ? [`Content-Length: ${size}`] : []),
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${r.body}`;
}

/** What came back. */
export interface Answer {
  readonly tool: string;
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  /** Header fields in small letters, `-` as `_`. */
  readonly head: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reads what tp_http printed. */
export function readAnswer(reply: Reply): Answer | { readonly failed: string } {
  const bytes = Buffer.from(reply.bytes);
  const end = bytes.indexOf(10);
  const [, tool = '', size = '0', url = ''] =
    /^(curl|wget|plain) +(\d+) (.*)$/.exec(bytes.subarray(0, end).toString()) ?? [];
  const lines = reply.stderr.trim().split('\n');
  if (tool === '') return { failed: lines.at(-1) || 'the host gave no answer' };
  const rest = bytes.subarray(end + 1);
  const heads = Number(size);
  const cut = heads > 0 ? heads : headEnd(rest);
  const blocks = rest
    .subarray(0, cut)
    .toString('latin1')
    .split(/\r?\n\r?\n/)
    .filter(b => b.trim() !== '');
  const [first = '', ...fields] = (blocks.at(-1) ?? '').split(/\r?\n/);
  const status = /^HTTP\/\S+ (\d{3}) ?(.*)$/.exec(first.trim());
  if (status === null)
    return { failed: `the answer is not HTTP: ${first.slice(0, 80) || lines.at(-1) || 'nothing came'}` };
  const head: Record<string, string> = Object.create(null);
  for (const field of fields) {
    const colon = field.indexOf(':');
    if (colon < 1) continue;
    const name = field.slice(0, colon).trim().toLowerCase().replaceAll('-', '_');
    const value = field.slice(colon + 1).trim();
    head[name] = name in head ? `${head[name]}, ${value}` : value;
  }
  return { tool, url, status: Number(status[1]), reason: (status[2] ?? '').trim(), head, body: rest.subarray(cut) };
}

function headEnd(bytes: Buffer): number {
  const crlf = bytes.indexOf('\r\n\r\n');
  const lf = bytes.indexOf('\n\n');
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return crlf + 4;
  return lf < 0 ? bytes.length : lf + 2;
}
