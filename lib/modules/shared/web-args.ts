import type { ArgSchema } from '../../module.ts';

/** The arguments that every module which asks a web server has. */
export const webArgs = {
  url_password: {
    type: 'string',
    aliases: ['password'],
    secret: true,
    description: 'Password for the server, by Basic or Digest.',
  },
  force_basic_auth: {
    type: 'boolean',
    default: false,
    description: 'Sends the password at once, not only when the server asks for it.',
  },
  http_agent: { type: 'string', default: 'ansible-httpget', description: 'The name the server sees.' },
  validate_certs: { type: 'boolean', default: true, description: 'Refuses a certificate that nobody vouches for.' },
  client_cert: {
    type: 'string',
    path: true,
    description: 'PEM file of the host with the certificate that the client shows.',
  },
  client_key: {
    type: 'string',
    path: true,
    description: 'PEM file of the host with its key, where client_cert has none.',
  },
  ciphers: {
    type: 'array',
    items: { type: 'string' },
    description: 'Ciphers allowed up to TLS 1.2, as OpenSSL names them.',
  },
  decompress: { type: 'boolean', default: true, description: 'Unpacks an answer that comes in gzip.' },
  unredirected_headers: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description: 'Names of headers that are not sent again after a redirect. Needs curl where the host has wget.',
  },
  use_netrc: { type: 'boolean', default: true, description: 'Uses the passwords in ~/.netrc of the host.' },
  use_proxy: { type: 'boolean', default: true, description: "Uses the proxy of the host's environment." },
  use_gssapi: {
    type: 'boolean',
    default: false,
    description: "Logs in by Kerberos with the tickets of the host's user: needs a curl with GSSAPI there.",
  },
} as const satisfies Record<string, ArgSchema>;

interface WebArgs {
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly url_username?: string | undefined;
  readonly url_password?: string | undefined;
  readonly http_agent: string;
  readonly use_gssapi: boolean;
  readonly client_cert?: string | undefined;
  readonly client_key?: string | undefined;
}

/** What is wrong with these arguments together, as a sentence. */
export function webFault(a: WebArgs): string | undefined {
  const odd = Object.entries(a.headers ?? {}).find(
    ([k, v]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(k) || /[\r\n]/.test(String(v)),
  );
  if (odd !== undefined) return `"${odd[0]}" is no header field`;
  if (/[\r\n]/.test(a.http_agent)) return 'http_agent has a line break';
  if (/[\r\n]/.test(`${a.url_username}${a.url_password}`)) return 'url_username or url_password has a line break';
  if (a.url_password !== undefined && a.url_username === undefined) return 'url_password needs "url_username"';
  if (a.client_key !== undefined && a.client_cert === undefined) return 'client_key needs "client_cert"';
  if (a.use_gssapi && a.url_username !== undefined)
    return 'use_gssapi logs in with the ticket that the user has on the host: leave url_username and url_password out';
  return undefined;
}
