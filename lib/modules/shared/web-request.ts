/** What is asked of a web server. */
export interface Request {
  readonly url: string;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly url_username?: string | undefined;
  readonly url_password?: string | undefined;
  readonly http_agent: string;
  /** Seconds. */
  readonly timeout: number;
  readonly validate_certs: boolean;
}

/** A file for `curl -K`: nothing of the request is an argument. */
export function curlConfig(r: Request): string {
  const value = (text: string) =>
    `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
  return [
    `url = ${value(r.url)}`,
    'globoff',
    'fail',
    'silent',
    'show-error',
    'location',
    `user-agent = ${value(r.http_agent)}`,
    `connect-timeout = ${r.timeout}`,
    `speed-limit = 1`,
    `speed-time = ${r.timeout}`,
    ...Object.entries(r.headers ?? {}).map(([name, text]) => `header = ${value(`${name}: ${text}`)}`),
    ...(r.url_username === undefined ? [] : [`user = ${value(`${r.url_username}:${r.url_password ?? ''}`)}`]),
    ...(r.validate_certs ? [] : ['insecure']),
    '',
  ].join('\n');
}

/** A file for wget's WGETRC. */
export function wgetConfig(r: Request): string {
  return [
    `user_agent = ${r.http_agent}`,
    `timeout = ${r.timeout}`,
    'tries = 1',
    ...Object.entries(r.headers ?? {}).map(([name, text]) => `header = ${name}: ${text}`),
    ...(r.url_username === undefined
      ? []
      : [`http_user = ${r.url_username}`, `http_password = ${r.url_password ?? ''}`, 'auth_no_challenge = on']),
    ...(r.validate_certs ? [] : ['check_certificate = off']),
    '',
  ].join('\n');
}
