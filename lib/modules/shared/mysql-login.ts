import type { ArgSchema, LoginFile, SqlLogin } from '../../module.ts';
import { clientOptions } from './my-cnf.ts';

/** The arguments with which every database module logs in. */
export const loginArgs = {
  login_host: { type: 'string', default: 'localhost', description: 'Where the server is, seen from the host.' },
  login_port: { type: 'integer', default: 3306, minimum: 1, maximum: 65535, description: 'TCP port of the server.' },
  login_user: { type: 'string', description: 'Who logs in; root unless told.' },
  login_password: { type: 'string', secret: true, description: 'Password of login_user; none unless told.' },
  login_unix_socket: {
    type: 'string',
    description:
      'Socket of the server on the host, instead of login_host and login_port. It is opened as the login user of the connection, whatever become says.',
  },
  config_file: {
    type: 'string',
    path: true,
    default: '~/.my.cnf',
    description:
      "File of the host whose [client] section says user, password, socket and ssl-… where the arguments do not; '' for none. It is read only where one of login_user, login_password and login_unix_socket is left out.",
  },
  ca_cert: {
    type: 'string',
    path: true,
    aliases: ['ssl_ca'],
    description:
      'PEM file of the host with the authorities that vouch for the server: TLS with a certificate that is checked.',
  },
  client_cert: {
    type: 'string',
    path: true,
    aliases: ['ssl_cert'],
    description: 'PEM file of the host with the certificate that is shown to it.',
  },
  client_key: { type: 'string', path: true, aliases: ['ssl_key'], description: 'PEM file of the host with its key.' },
  check_hostname: {
    type: 'boolean',
    description: 'Whether the certificate must be of login_host; yes with ca_cert unless told.',
  },
  connect_timeout: { type: 'integer', default: 30, minimum: 1, description: 'Seconds to wait for the server.' },
} as const satisfies Record<string, ArgSchema>;

/** As Ansible: a login as root without password is tried first. */
export const implicitAdminArg = {
  type: 'boolean',
  default: false,
  description: 'Tries root without a password first, and login_user when the server does not let that in.',
} as const satisfies ArgSchema;

export interface LoginArgs {
  readonly login_host: string;
  readonly login_port: number;
  readonly login_user?: string | undefined;
  readonly login_password?: string | undefined;
  readonly login_unix_socket?: string | undefined;
  readonly connect_timeout: number;
  readonly login_db?: string | undefined;
  readonly check_implicit_admin?: boolean;
  readonly config_file: string;
  readonly ca_cert?: string | undefined;
  readonly client_cert?: string | undefined;
  readonly client_key?: string | undefined;
  readonly check_hostname?: boolean | undefined;
  readonly config_overrides_defaults?: boolean;
}

/** Files of the host that the login needs. */
export function loginFilesOf(a: LoginArgs): readonly LoginFile[] {
  const known = a.login_user !== undefined && a.login_password !== undefined && a.login_unix_socket !== undefined;
  const config = known || a.config_file === '' ? [] : [{ path: a.config_file, optional: true }];
  const pem = [a.ca_cert, a.client_cert, a.client_key].flatMap(path => (path === undefined ? [] : [{ path }]));
  return [...config, ...pem];
}

/** The logins to try, in their order. */
export function loginsOf(a: LoginArgs, files: ReadonlyMap<string, string>): readonly SqlLogin[] {
  const said = clientOptions(files.get(a.config_file) ?? '');
  const over = a.config_overrides_defaults === true;
  const login: SqlLogin = {
    host: (over && a.login_host === 'localhost' ? said.get('host') : undefined) ?? a.login_host,
    port: (over && a.login_port === 3306 ? Number(said.get('port') ?? 3306) : undefined) ?? a.login_port,
    socket: a.login_unix_socket ?? (a.login_host === 'localhost' ? said.get('socket') : undefined),
    user: a.login_user ?? said.get('user') ?? 'root',
    password: a.login_password ?? said.get('password') ?? '',
    database: a.login_db,
    connectTimeoutMs: a.connect_timeout * 1000,
    tls: tlsOf(a, files),
  };
  return a.check_implicit_admin ? [{ ...login, user: 'root', password: '' }, login] : [login];
}

function tlsOf(a: LoginArgs, files: ReadonlyMap<string, string>): SqlLogin['tls'] {
  const given = [a.ca_cert, a.client_cert, a.client_key, a.check_hostname].some(v => v !== undefined);
  if (!given) return undefined;
  const text = (path: string | undefined) => (path === undefined ? undefined : files.get(path));
  return {
    ca: text(a.ca_cert),
    cert: text(a.client_cert),
    key: text(a.client_key),
    checkHostname: a.check_hostname ?? true,
  };
}
