import {
  type ArgSchema,
  defineSql,
  type Sql,
  type SqlPlan,
  type SqlReader,
  type SqlRefusal,
  type State,
  sql,
} from '../module.ts';
import { loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';
import {
  changePrimarySql,
  type PrimaryArgs,
  primaryStatus,
  replicaSql,
  replicaStatus,
  settingsOf,
  statusText,
  threads,
  type Which,
} from './shared/mysql-replica.ts';

const text = (master: string, description: string) =>
  ({ type: 'string', aliases: [master], description }) as const satisfies ArgSchema;
const whole = (master: string, description: string) =>
  ({ type: 'integer', aliases: [master], description }) as const satisfies ArgSchema;

export default defineSql({
  name: 'mysql_replication',
  doc: 'Shows and sets up replication of MySQL or MariaDB. Starting, stopping and changeprimary look first: what is so already is no change. A log position counts only while the replica is stopped; a password is set together with something else that differs, or when the primary refused the old one. An error always fails the task.',
  args: {
    properties: {
      ...loginArgs,
      mode: {
        type: 'string',
        // the second half: the names up to community.mysql 3
        enum: [
          ...(['getprimary', 'getreplica', 'changeprimary', 'startreplica', 'stopreplica', 'resetprimary'] as const),
          ...(['resetreplica', 'resetreplicaall', 'getmaster', 'getslave', 'changemaster', 'startslave'] as const),
          ...(['stopslave', 'resetmaster', 'resetslave', 'resetslaveall'] as const),
        ],
        default: 'getreplica',
        description: 'What to do.',
      },
      primary_host: text('master_host', 'Address of the primary.'),
      primary_user: text('master_user', 'Account on the primary.'),
      primary_password: { ...text('master_password', 'Its password.'), secret: true },
      primary_port: whole('master_port', 'TCP port of the primary.'),
      primary_connect_retry: whole('master_connect_retry', 'Seconds between two attempts to connect.'),
      primary_delay: whole('master_delay', 'Seconds to stay behind the primary.'),
      primary_log_file: text('master_log_file', 'Binary log to begin at.'),
      primary_log_pos: whole('master_log_pos', 'Position in it to begin at.'),
      relay_log_file: { type: 'string', description: 'Relay log to go on at.' },
      relay_log_pos: { type: 'integer', description: 'Position in it to go on at.' },
      primary_ssl: { type: 'boolean', aliases: ['master_ssl'], description: 'Whether the link must be encrypted.' },
      primary_ssl_ca: text('master_ssl_ca', 'File of certificate authorities on the host.'),
      primary_ssl_capath: text('master_ssl_capath', 'Folder of certificate authorities on the host.'),
      primary_ssl_cert: text('master_ssl_cert', 'Certificate of the replica.'),
      primary_ssl_cipher: text('master_ssl_cipher', 'Ciphers allowed.'),
      primary_ssl_key: text('master_ssl_key', 'Key of the certificate.'),
      primary_ssl_verify_server_cert: {
        type: 'boolean',
        description: 'Whether the name in its certificate is checked.',
      },
      primary_auto_position: {
        type: 'boolean',
        default: false,
        aliases: ['master_auto_position'],
        description: 'Follows by GTID (MySQL).',
      },
      primary_use_gtid: {
        type: 'string',
        enum: ['current_pos', 'replica_pos', 'slave_pos', 'disabled'],
        aliases: ['master_use_gtid'],
        description: 'Follows by GTID (MariaDB).',
      },
      connection_name: { type: 'string', description: 'Name of the link to the primary (MariaDB).' },
      channel: { type: 'string', description: 'Name of the channel (MySQL).' },
      fail_on_error: { type: 'boolean', default: true, description: 'Only true: errors are never passed over here.' },
    },
    exclusive: [['connection_name', 'channel']],
  },
  examples: `
- mysql_replication: { mode: getprimary, login_unix_socket: /run/mysqld/mysqld.sock }
  register: primary
- mysql_replication:
    mode: changeprimary
    primary_host: 10.0.0.1
    primary_user: replica
    primary_password: "{{ replica_password }}"
    primary_use_gtid: replica_pos
- mysql_replication: { mode: startreplica }
`,
  returns: {
    Is_Primary: 'of getprimary: whether it writes a binary log; then File, Position and the rest of its status',
    Is_Replica: 'of getreplica: whether it follows a primary; then its whole status',
    queries: 'what was run',
  },

  check(a) {
    if (!a.fail_on_error) return 'fail_on_error: false is not taken: use ignore_errors on the task';
    const changes = /^change/.test(a.mode);
    if (changes && settingsOf(a).length === 0 && a.primary_password === undefined)
      return `${a.mode} needs primary_host or another primary_ argument`;
    return undefined;
  },
  loginFiles: loginFilesOf,
  login: loginsOf,

  async plan(a, db) {
    switch (a.mode.replace('master', 'primary').replace('slave', 'replica')) {
      case 'getprimary': {
        const row = await primaryStatus(db);
        const none = { Is_Primary: false, msg: 'Server is not configured as mysql primary' };
        return looked(row === undefined ? none : { Is_Primary: true, ...row });
      }
      case 'getreplica': {
        const row = await replicaStatus(db, a);
        const none = { Is_Replica: false, msg: 'Server is not configured as mysql replica' };
        return looked(row === undefined ? none : { Is_Replica: true, ...row });
      }
      case 'changeprimary':
        return planChange(a, db);
      case 'startreplica':
        return planThreads('START', a, db);
      case 'stopreplica':
        return planThreads('STOP', a, db);
      case 'resetreplicaall': {
        const row = await replicaStatus(db, a);
        const host = statusText(row, 'Master_Host');
        return steps({
          before: { primary: host },
          after: { primary: '' },
          sqls: row === undefined ? [] : [replicaSql('RESET', a, { server: db.server, all: true })],
        });
      }
      case 'resetreplica':
        return { ...steps({ before: {}, after: {}, sqls: [replicaSql('RESET', a, db)] }), command: 'certain' };
      default: {
        const modern = db.server.kind === 'mysql' && db.server.version >= 80200;
        const reset = modern ? sql`RESET BINARY LOGS AND GTIDS` : sql`RESET MASTER`;
        return { ...steps({ before: {}, after: {}, sqls: [reset] }), command: 'certain' };
      }
    }
  },
});

function looked(values: Readonly<Record<string, unknown>>): SqlPlan {
  return { before: {}, after: {}, statements: [], values: { ...values, queries: [] } };
}

function steps(parts: { readonly before: State; readonly after: State; readonly sqls: readonly Sql[] }): SqlPlan {
  const { before, after, sqls } = parts;
  return { before, after, statements: sqls.map(s => ({ sql: s })), values: { queries: sqls.map(String) } };
}

async function planThreads(word: 'START' | 'STOP', which: Which, db: SqlReader): Promise<SqlPlan | SqlRefusal> {
  const row = await replicaStatus(db, which);
  const wanted = word === 'START' ? 'Yes' : 'No';
  const now = threads(row);
  if (row === undefined && word === 'START')
    return { failed: 'the server follows no primary: run changeprimary first', later: true };
  const done = word === 'START' ? now.io === 'Yes' && now.sql === 'Yes' : now.io === 'No' && now.sql === 'No';
  const error = [statusText(row, 'Last_IO_Error'), statusText(row, 'Last_SQL_Error')].filter(e => e !== '').join('; ');
  const before = { io: now.io, sql: now.sql, ...(word === 'START' && error !== '' && { error }) };
  const after = { io: wanted, sql: wanted, ...(word === 'START' && error !== '' && { error: '' }) };
  return steps({ before, after, sqls: done ? [] : [replicaSql(word, which, db)] });
}

const ACCESS_DENIED = new Set(['1045', '1698']);

async function planChange(a: PrimaryArgs & Which, db: SqlReader): Promise<SqlPlan> {
  const row = await replicaStatus(db, a);
  const running = threads(row).io === 'Yes' || threads(row).sql === 'Yes';
  const settings = settingsOf(a);
  const before: Record<string, string> = {};
  const after: Record<string, string> = {};
  for (const { name, shown, position } of settings) {
    const now = shown === undefined ? '' : statusText(row, shown.column);
    if (shown === undefined || now === shown.text || (position && running)) continue;
    before[name.toLowerCase()] = now;
    after[name.toLowerCase()] = shown.text;
  }
  const denied = a.primary_password !== undefined && ACCESS_DENIED.has(statusText(row, 'Last_IO_Errno'));
  if (denied) {
    before['password'] = 'refused by the primary';
    after['password'] = 'as given';
  }
  const differs = row === undefined || Object.keys(after).length > 0;
  const change = changePrimarySql(settings, a.primary_password, { server: db.server, which: a });
  const plan = steps({ before, after, sqls: differs ? [change] : [] });
  // the server shows the refusal until the replica is started: no second look
  return denied ? { ...plan, command: 'certain' } : plan;
}
