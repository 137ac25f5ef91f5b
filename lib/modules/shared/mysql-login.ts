import type { ArgSchema, SqlLogin } from '../../module.ts';

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
  connect_timeout: { type: 'integer', default: 30, minimum: 1, description: 'Seconds to wait for the server.' },
} as const satisfies Record<string, ArgSchema>;

/** As Ansible: a login as root without password is tried first. */
export const implicitAdminArg = {
  type: 'boolean',
  default: false,
  description: 'Tries root without a password first, and login_user when the server does not let that in.',
} as const satisfies ArgSchema;

interface LoginArgs {
  readonly login_host: string;
  readonly login_port: number;
  readonly login_user?: string | undefined;
  readonly login_password?: string | undefined;
  readonly login_unix_socket?: string | undefined;
  readonly connect_timeout: number;
  readonly login_db?: string | undefined;
  readonly check_implicit_admin?: boolean;
}

/** The logins to try, in their order. */
export function loginsOf(a: LoginArgs): readonly SqlLogin[] {
  const login: SqlLogin = {
    host: a.login_host,
    port: a.login_port,
    socket: a.login_unix_socket,
    user: a.login_user ?? 'root',
    password: a.login_password ?? '',
    database: a.login_db,
    connectTimeoutMs: a.connect_timeout * 1000,
  };
  return a.check_implicit_admin ? [{ ...login, user: 'root', password: '' }, login] : [login];
}
