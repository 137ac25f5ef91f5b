import { type Sql, type SqlReader, type SqlRow, type SqlServer, type SqlValue, sql } from '../../module.ts';

/** Which replication of a server is meant: MariaDB's connection name or MySQL's channel; neither: the usual one. */
export interface Which {
  readonly connection_name?: string | undefined;
  readonly channel?: string | undefined;
}

/** Whether the server says REPLICA and SOURCE (MySQL since 8.0.23) rather than SLAVE and MASTER. */
export function isModern(server: SqlServer): boolean {
  return server.kind === 'mysql' && server.version >= 80023;
}

/** START, STOP or RESET of a replica; `all` forgets the primary too. */
export function replicaSql(
  word: 'START' | 'STOP' | 'RESET',
  which: Which,
  at: { server: SqlServer; all?: boolean },
): Sql {
  const noun = sql.code(isModern(at.server) ? 'REPLICA' : 'SLAVE');
  const name = which.connection_name === undefined ? sql`` : sql` ${which.connection_name}`;
  const channel = which.channel === undefined ? sql`` : sql` FOR CHANNEL ${which.channel}`;
  return sql`${sql.code(word)} ${noun}${name}${sql.code(at.all ? ' ALL' : '')}${channel}`;
}

/** The row of SHOW REPLICA STATUS, undefined when the server is no replica. */
export async function replicaStatus(db: SqlReader, which: Which): Promise<SqlRow | undefined> {
  const noun = sql.code(isModern(db.server) ? 'REPLICA' : 'SLAVE');
  const name = which.connection_name === undefined ? sql`` : sql`${which.connection_name} `;
  const channel = which.channel === undefined ? sql`` : sql` FOR CHANNEL ${which.channel}`;
  try {
    const [row] = await db.rows(sql`SHOW ${noun} ${name}STATUS${channel}`);
    return row;
  } catch (error) {
    // 1617: MariaDB has no such connection; 3074: MySQL has no such channel
    const { number } = error as { number?: number };
    if (number === 1617 || number === 3074) return undefined;
    throw error;
  }
}

/** The row that tells where the binary log of a primary is, undefined when it has none. */
export async function primaryStatus(db: SqlReader): Promise<SqlRow | undefined> {
  const modern = db.server.kind === 'mysql' && db.server.version >= 80200;
  const [row] = await db.rows(modern ? sql`SHOW BINARY LOG STATUS` : sql`SHOW MASTER STATUS`);
  return row;
}

/** A column of the status under its old name or the one MySQL 8 gave it. */
export function statusText(row: SqlRow | undefined, column: string): string {
  const value = row?.[column] ?? row?.[column.replace('Master', 'Source').replace('Slave', 'Replica')];
  return value === undefined || value === null ? '' : String(value);
}

/** Which threads run: connecting counts as running. */
export function threads(row: SqlRow | undefined): { readonly io: 'Yes' | 'No'; readonly sql: 'Yes' | 'No' } {
  const io = statusText(row, 'Slave_IO_Running');
  return {
    io: io === '' || io === 'No' ? 'No' : 'Yes',
    sql: statusText(row, 'Slave_SQL_Running') === 'Yes' ? 'Yes' : 'No',
  };
}

export interface PrimaryArgs {
  readonly primary_host?: string | undefined;
  readonly primary_user?: string | undefined;
  readonly primary_password?: string | undefined;
  readonly primary_port?: number | undefined;
  readonly primary_connect_retry?: number | undefined;
  readonly primary_log_file?: string | undefined;
  readonly primary_log_pos?: number | undefined;
  readonly relay_log_file?: string | undefined;
  readonly relay_log_pos?: number | undefined;
  readonly primary_delay?: number | undefined;
  readonly primary_ssl?: boolean | undefined;
  readonly primary_ssl_ca?: string | undefined;
  readonly primary_ssl_capath?: string | undefined;
  readonly primary_ssl_cert?: string | undefined;
  readonly primary_ssl_cipher?: string | undefined;
  readonly primary_ssl_key?: string | undefined;
  readonly primary_ssl_verify_server_cert?: boolean | undefined;
  readonly primary_auto_position: boolean;
  readonly primary_use_gtid?: 'current_pos' | 'replica_pos' | 'slave_pos' | 'disabled' | undefined;
}

/** One thing a replica is told about its primary. */
export interface Setting {
  /** Its name in CHANGE MASTER, without MASTER_. */
  readonly name: string;
  readonly value: SqlValue | Sql;
  /** The column of the status, and how the value shows there; without it it cannot be compared. */
  readonly shown?: { readonly column: string; readonly text: string };
  /** A place in the log: it moves on while the replica runs, so it is compared only while it does not. */
  readonly position?: true;
}

const TEXTS = [
  ['primary_host', 'HOST', 'Master_Host'],
  ['primary_user', 'USER', 'Master_User'],
  ['primary_port', 'PORT', 'Master_Port'],
  ['primary_connect_retry', 'CONNECT_RETRY', 'Connect_Retry'],
  ['primary_delay', 'DELAY', 'SQL_Delay'],
  ['primary_ssl_ca', 'SSL_CA', 'Master_SSL_CA_File'],
  ['primary_ssl_capath', 'SSL_CAPATH', 'Master_SSL_CA_Path'],
  ['primary_ssl_cert', 'SSL_CERT', 'Master_SSL_Cert'],
  ['primary_ssl_cipher', 'SSL_CIPHER', 'Master_SSL_Cipher'],
  ['primary_ssl_key', 'SSL_KEY', 'Master_SSL_Key'],
] as const;

const GTID = {
  current_pos: ['current_pos', 'Current_Pos'],
  replica_pos: ['slave_pos', 'Slave_Pos'],
  slave_pos: ['slave_pos', 'Slave_Pos'],
  disabled: ['no', 'No'],
} as const;

/** What the arguments say about the primary. */
export function settingsOf(a: PrimaryArgs): readonly Setting[] {
  const settings: Setting[] = [];
  for (const [arg, name, column] of TEXTS) {
    const value = a[arg];
    if (value !== undefined) settings.push({ name, value, shown: { column, text: String(value) } });
  }
  const yes = (on: boolean) => (on ? 'Yes' : 'No');
  const { primary_ssl: ssl, primary_ssl_verify_server_cert: verify } = a;
  if (ssl !== undefined)
    settings.push({ name: 'SSL', value: Number(ssl), shown: { column: 'Master_SSL_Allowed', text: yes(ssl) } });
  if (verify !== undefined)
    settings.push({
      name: 'SSL_VERIFY_SERVER_CERT',
      value: Number(verify),
      shown: { column: 'Master_SSL_Verify_Server_Cert', text: yes(verify) },
    });
  const { primary_log_file: file, primary_log_pos: pos, primary_use_gtid: gtid } = a;
  if (file !== undefined)
    settings.push({ name: 'LOG_FILE', value: file, shown: { column: 'Master_Log_File', text: file }, position: true });
  if (pos !== undefined)
    settings.push({
      name: 'LOG_POS',
      value: pos,
      shown: { column: 'Read_Master_Log_Pos', text: String(pos) },
      position: true,
    });
  for (const [name, value, column] of [
    ['RELAY_LOG_FILE', a.relay_log_file, 'Relay_Log_File'],
    ['RELAY_LOG_POS', a.relay_log_pos, 'Relay_Log_Pos'],
  ] as const)
    if (value !== undefined) settings.push({ name, value, shown: { column, text: String(value) }, position: true });
  if (a.primary_auto_position)
    settings.push({ name: 'AUTO_POSITION', value: 1, shown: { column: 'Auto_Position', text: '1' } });
  if (gtid !== undefined)
    settings.push({
      name: 'USE_GTID',
      value: sql.code(GTID[gtid][0]),
      shown: { column: 'Using_Gtid', text: GTID[gtid][1] },
    });
  return settings;
}

/** CHANGE MASTER TO with these settings and the password. */
export function changePrimarySql(
  settings: readonly Setting[],
  password: string | undefined,
  at: { server: SqlServer; which: Which },
): Sql {
  const modern = isModern(at.server);
  const prefix = modern ? 'SOURCE_' : 'MASTER_';
  const parts = settings.map(
    s => sql`${sql.code(s.name.startsWith('RELAY_') ? s.name : `${prefix}${s.name}`)} = ${s.value}`,
  );
  if (password !== undefined) parts.push(sql`${sql.code(`${prefix}PASSWORD`)} = ${sql.secret(password)}`);
  const name = at.which.connection_name === undefined ? sql`` : sql`${at.which.connection_name} `;
  const channel = at.which.channel === undefined ? sql`` : sql` FOR CHANNEL ${at.which.channel}`;
  const start = sql.code(modern ? 'CHANGE REPLICATION SOURCE' : 'CHANGE MASTER');
  return sql`${start} ${name}TO ${sql.join(parts, ', ')}${channel}`;
}
