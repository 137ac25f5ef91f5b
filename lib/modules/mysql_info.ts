import { defineSql, type SqlReader, type SqlRow, sql, type Values } from '../module.ts';
import { loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';
import { isModern, primaryStatus, statusText } from './shared/mysql-replica.ts';

const PARTS = [
  ...(['version', 'databases', 'settings', 'global_status', 'users', 'engines'] as const),
  ...(['master_status', 'slave_status', 'slave_hosts'] as const),
];
type Part = (typeof PARTS)[number];

interface Args {
  readonly filter: readonly string[];
  readonly exclude_fields: readonly string[];
  readonly return_empty_dbs: boolean;
}

export default defineSql({
  name: 'mysql_info',
  doc: 'Tells what a server of MySQL or MariaDB is and has. What hashes passwords are kept by is left out.',
  args: {
    properties: {
      ...loginArgs,
      login_db: { type: 'string', description: 'Database to log in to.' },
      filter: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: `What is told: ${PARTS.join(', ')}; all unless told. With ! before each: all but those.`,
      },
      exclude_fields: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'db_size: sizes of databases are left out, which takes long where there are many tables.',
      },
      return_empty_dbs: { type: 'boolean', default: false, description: 'Databases without tables are told too.' },
    },
  },
  examples: `
- mysql_info: { login_unix_socket: /run/mysqld/mysqld.sock, filter: [version, databases] }
  register: server
- mysql_info: { filter: ["!settings", "!users"] }
`,
  returns: {
    version: 'full, major, minor, release and suffix',
    databases: 'names to their size in bytes',
    settings: 'the global variables',
    global_status: 'the global counters',
    users: 'accounts: host to name to what the server has of it',
    engines: 'storage engines',
    master_status: 'what a primary shows',
    slave_status: 'what a replica shows: host to port to user',
    slave_hosts: 'the replicas that are connected, by number',
  },

  check(a) {
    const stray = a.filter.map(f => f.replace(/^!/, '')).find(f => !(PARTS as readonly string[]).includes(f));
    if (stray !== undefined) return `filter: "${stray}" is none of ${PARTS.join(', ')}`;
    const field = a.exclude_fields.find(f => f !== 'db_size');
    return field === undefined ? undefined : `exclude_fields: "${field}" is not db_size`;
  },
  loginFiles: loginFilesOf,
  login: loginsOf,

  async plan(a, db) {
    const values: Record<string, unknown> = {};
    for (const part of partsOf(a)) values[part] = await READERS[part](db, a);
    return { before: {}, after: {}, statements: [], values };
  },
});

/** As Ansible: with names to be told, those with ! are passed over. */
function partsOf(a: Args): readonly Part[] {
  const told = a.filter.filter(f => !f.startsWith('!'));
  if (told.length > 0) return PARTS.filter(part => told.includes(part));
  return PARTS.filter(part => !a.filter.includes(`!${part}`));
}

type Reader = (db: SqlReader, a: Args) => Promise<Values>;

const READERS: Readonly<Record<Part, Reader>> = {
  version: async db => {
    const [, major = '0', minor = '0', release = '0', suffix = ''] =
      /^(\d+)\.(\d+)\.(\d+)(?:-(.*))?/s.exec(db.server.text) ?? [];
    return { full: db.server.text, major: Number(major), minor: Number(minor), release: Number(release), suffix };
  },
  databases: readDatabases,
  settings: async db => pairs(await db.rows(sql`SHOW GLOBAL VARIABLES`)),
  global_status: async db => pairs(await db.rows(sql`SHOW GLOBAL STATUS`)),
  users: readUsers,
  engines: async db => {
    const rows = await db.rows(sql`SHOW ENGINES`);
    return Object.fromEntries(rows.map(({ Engine, ...others }) => [String(Engine), others]));
  },
  master_status: async db => ({ ...(await primaryStatus(db)) }),
  slave_status: async db => {
    const noun = sql.code(isModern(db.server) ? 'REPLICA' : 'SLAVE');
    const all: Record<string, Record<string, Record<string, unknown>>> = {};
    for (const row of await db.rows(sql`SHOW ${noun} STATUS`)) {
      const [host, port, user] = ['Master_Host', 'Master_Port', 'Master_User'].map(c => statusText(row, c));
      all[host ?? ''] = {
        ...all[host ?? ''],
        [port ?? '']: { ...all[host ?? '']?.[port ?? ''], [user ?? '']: { ...row } },
      };
    }
    return all;
  },
  slave_hosts: async db => {
    const rows = await db.rows(isModern(db.server) ? sql`SHOW REPLICAS` : sql`SHOW SLAVE HOSTS`);
    return Object.fromEntries(rows.map(row => [String(row['Server_id'] ?? row['Server_Id']), { ...row }]));
  },
};

function pairs(rows: readonly SqlRow[]): Values {
  return Object.fromEntries(
    rows.map(row => {
      const value = row['Value'];
      return [String(row['Variable_name']), /^-?\d{1,15}$/.test(String(value)) ? Number(value) : value];
    }),
  );
}

async function readDatabases(db: SqlReader, a: Args): Promise<Values> {
  const sized = !a.exclude_fields.includes('db_size');
  const rows = await db.rows(
    sized
      ? sql`SELECT table_schema AS name, SUM(data_length + index_length) AS size FROM information_schema.TABLES GROUP BY table_schema`
      : sql`SELECT DISTINCT table_schema AS name FROM information_schema.TABLES`,
  );
  const found = rows.map(row => [String(row['name']), sized ? { size: Number(row['size'] ?? 0) } : {}] as const);
  if (!a.return_empty_dbs) return Object.fromEntries(found);
  const all = await db.rows(sql`SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA`);
  const empty = all.map(row => [String(row['name']), sized ? { size: 0 } : {}] as const);
  return Object.fromEntries([...empty, ...found]);
}

const HASHES = new Set(['Password', 'authentication_string']);

async function readUsers(db: SqlReader): Promise<Values> {
  const all: Record<string, Record<string, unknown>> = {};
  for (const row of await db.rows(sql`SELECT * FROM mysql.user`)) {
    const { Host, User, ...others } = row;
    const shown = Object.fromEntries(Object.entries(others).filter(([name]) => !HASHES.has(name)));
    all[String(Host)] = { ...all[String(Host)], [String(User)]: shown };
  }
  return all;
}
