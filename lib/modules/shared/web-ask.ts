import { put, type Sh, sh } from '../../module.ts';

/** One request, whatever makes it. */
export interface Request {
  readonly url: string;
  readonly method: string;
  /** Header fields, User-Agent too; the login is not among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly login?: { readonly user: string; readonly password: string; readonly atOnce: boolean } | undefined;
  /** Whether there is or may be a body. */
  readonly hasBody: boolean;
  /** Seconds without an answer. */
  readonly timeout: number;
  readonly follow: boolean;
  readonly insecure: boolean;
  readonly proxy: boolean;
  readonly netrc: boolean;
  readonly kerberos: boolean;
  readonly inflate: boolean;
  readonly socket?: string | undefined;
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly caPath?: string | undefined;
  readonly ciphers?: readonly string[] | undefined;
  /** Names of headers that are left out after a redirect. */
  readonly unredirected: readonly string[];
}

/** A configuration file of curl: a line for each option, values in double quotes. */
export function curlConfig(r: Request): string {
  const again = followsTwice(r);
  return [
    ...curlLines(r),
    curlSet('url', r.url),
    ...(r.method === 'HEAD' ? ['head'] : implied(r) ? [] : [curlSet('request', r.method)]),
    ...(r.follow && !again ? ['location', curlSet('max-redirs', '10'), curlSet('cookie', '')] : []),
    '',
  ].join('\n');
}

/**
 * What curl is told after a redirect that it does not follow by itself; the address is added on the host. As Ansible: one
 * that keeps the request (307, 308) keeps its method and body, any other becomes a GET, with no type of a body.
 */
function secondConfig(r: Request, keeps: boolean): string {
  const gone = new Set([...r.unredirected.map(name => name.toLowerCase()), ...(keeps ? [] : ['content-type'])]);
  const headers = Object.fromEntries(Object.entries(r.headers).filter(([name]) => !gone.has(name.toLowerCase())));
  const lines = curlLines({ ...r, headers, ...(gone.has('authorization') && { login: undefined }) });
  const method = r.method === 'HEAD' ? ['head'] : !keeps || implied(r) ? [] : [curlSet('request', r.method)];
  return [...lines, ...method, 'location', curlSet('max-redirs', '9'), curlSet('cookie', ''), ''].join('\n');
}

/** Whether curl cannot follow a redirect by itself: it keeps every header, and any method but POST. */
function followsTwice(r: Request): boolean {
  return leavesOut(r) || (r.follow && (r.hasBody || !/^(GET|HEAD|POST)$/.test(r.method)));
}

/** Whether it holds what one server alone may see. wget takes that along to any other; curl and the controller do not. */
function identifies(r: Request): boolean {
  return r.login !== undefined || Object.keys(r.headers).some(name => /^(authorization|cookie)$/i.test(name));
}

/** Whether some header must not be sent again. */
function leavesOut(r: Request): boolean {
  const names = [...Object.keys(r.headers), ...(r.login === undefined ? [] : ['authorization'])];
  const gone = r.unredirected.map(name => name.toLowerCase());
  return r.follow && names.some(name => gone.includes(name.toLowerCase()));
}

function curlLines(r: Request): readonly string[] {
  const typed = Object.keys(r.headers).some(k => k.toLowerCase() === 'content-type');
  return [
    'silent',
    'show-error',
    'globoff',
    'http1.1',
    curlSet('connect-timeout', String(r.timeout)),
    curlSet('speed-limit', '1'),
    curlSet('speed-time', String(r.timeout)),
    ...Object.entries(r.headers).map(([name, value]) =>
      // with a colon and nothing behind it curl leaves the field out
      curlSet('header', value === '' ? `${name};` : `${name}: ${value}`),
    ),
    ...(typed ? [] : [curlSet('header', 'Content-Type:')]),
    ...(r.login === undefined ? [] : [curlSet('user', `${r.login.user}:${r.login.password}`)]),
    ...(r.login === undefined || r.login.atOnce ? [] : ['anyauth']),
    ...(r.login === undefined && r.netrc ? ['netrc-optional'] : []),
    ...(r.kerberos ? ['negotiate', curlSet('user', ':')] : []),
    ...(r.insecure ? ['insecure'] : []),
    ...(r.proxy ? [] : [curlSet('noproxy', '*')]),
    ...(r.socket === undefined ? [] : [curlSet('unix-socket', r.socket)]),
    ...(r.clientCert === undefined ? [] : [curlSet('cert', r.clientCert.replaceAll(':', '\\:'))]),
    ...(r.clientKey === undefined ? [] : [curlSet('key', r.clientKey)]),
    ...(r.caPath === undefined ? [] : [curlSet('cacert', r.caPath)]),
    ...(r.ciphers === undefined ? [] : [curlSet('ciphers', r.ciphers.join(':'))]),
  ];
}

function curlSet(name: string, value: string): string {
  const escaped = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${name} = "${escaped.replaceAll('\t', '\\t')}"`;
}

/** A POST is not named: curl then makes a redirect of it a GET, as browsers and Ansible do. */
function implied(r: Request): boolean {
  return r.method === 'POST' || (r.method === 'GET' && !r.hasBody);
}

/** A configuration file of GNU wget. */
export function wgetConfig(r: Request): string {
  const lines = [
    ...Object.entries(r.headers).map(([name, value]) => `header = ${name}: ${value}`),
    `method = ${r.method}`,
    `timeout = ${r.timeout}`,
    'tries = 1',
    `max_redirect = ${r.follow && !followsTwice(r) && !identifies(r) ? 10 : 0}`,
    ...(r.login === undefined ? [] : [`http_user = ${r.login.user}`, `http_password = ${r.login.password}`]),
    ...(r.login?.atOnce ? ['auth_no_challenge = on'] : []),
    ...(r.netrc ? [] : ['netrc = off']),
    ...(r.insecure ? ['check_certificate = off'] : []),
    ...(r.proxy ? [] : ['use_proxy = off']),
    ...(r.clientCert === undefined ? [] : [`certificate = ${r.clientCert}`]),
    ...(r.clientKey === undefined ? [] : [`private_key = ${r.clientKey}`]),
    ...(r.caPath === undefined ? [] : [`ca_certificate = ${r.caPath}`]),
    ...(r.ciphers === undefined ? [] : [`ciphers = ${r.ciphers.join(':')}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The request as it goes over the wire: HTTP/1.0, so that the answer ends with the connection and is not in chunks. */
function plainRequest(r: Request, body: Buffer): Buffer {
  const url = new URL(r.url);
  const { login } = r;
  const lines = [
    `${r.method} ${url.pathname}${url.search} HTTP/1.0`,
    `Host: ${url.host}`,
    ...Object.entries(r.headers).map(([name, value]) => `${name}: ${value}`),
    ...(login === undefined ? [] : [`Authorization: ${basic(login)}`]),
    ...(body.length > 0 || /^P/.test(r.method) ? [`Content-Length: ${body.length}`] : []),
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}

/** The value of an Authorization header. */
export function basic({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** How a body gets to the host: bytes that are sent, or code that prints it there (a file of the host is in it). */
export type Body = { readonly bytes: Buffer } | { readonly code: Sh };

/** What stands in a plan of the request beside the request itself. */
export interface Way {
  readonly body: Body;
  /** Whether busybox's wget may make a plain GET: then nobody learns the status. */
  readonly simple?: boolean;
  /** Whether a plain connection may be used. */
  readonly plain?: boolean;
  readonly file?: string | undefined;
  /** Head and body that the controller got. */
  readonly given?: { readonly head: Uint8Array; readonly body: Uint8Array; readonly url: string } | undefined;
}

/** The variables that tp_web reads (prelude/web.sh). */
export function requestCode(r: Request, way: Way): Sh {
  const { given, body } = way;
  if (given !== undefined)
    return sh`tp_q_url=${given.url} tp_q_file='' tp_q_given=${put(given.head)} tp_q_body=${put(given.body)} tp_q_inflate=${r.inflate ? 1 : ''}`;
  const url = new URL(r.url);
  const again = followsTwice(r);
  const only = leavesOut(r) || r.socket !== undefined || r.kerberos;
  const plain = way.plain === true && url.protocol === 'http:' && 'bytes' in body;
  const simple = way.simple === true && url.protocol === 'http:' && r.login === undefined && !only;
  return sh.lines(
    sh`tp_q_url=${r.url} tp_q_file=${way.file ?? ''} tp_q_given='' tp_q_follow=${r.follow ? 1 : ''} tp_q_login=${identifies(r) ? 1 : ''} tp_q_only=${only ? 1 : ''} tp_q_kerberos=${r.kerberos ? 1 : ''} tp_q_simple=${simple ? 1 : ''} tp_q_inflate=${r.inflate ? 1 : ''} tp_q_post=${/^P/.test(r.method) ? 1 : ''} tp_q_seconds=${r.timeout}`,
    sh`tp_q_curl=${put(curlConfig(r))} tp_q_wget=${put(wgetConfig(r))} tp_q_second=${again ? put(secondConfig(r, true)) : ''} tp_q_bare=${again ? put(secondConfig(r, false)) : ''} tp_q_moved=${/^(GET|HEAD|POST)$/.test(r.method) ? '' : r.method}`,
    plain
      ? sh`tp_q_plain=${put(plainRequest(r, body.bytes))} tp_q_host=${url.hostname.replace(/^\[|\]$/g, '')} tp_q_port=${url.port || 80}`
      : sh`tp_q_plain=''`,
    'bytes' in body
      ? sh`tp_q_body=${put(body.bytes)}`
      : sh.lines(sh`tp_q_body=$(tp_temp) && {`, body.code, sh`} >"$tp_q_body" || exit`),
  );
}
