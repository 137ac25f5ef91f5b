import {
  defineSql,
  type SqlPlan,
  type SqlReader,
  type SqlRefusal,
  type SqlStatement,
  type State,
  sql,
  type Values,
} from '../module.ts';
import { type DumpArgs, dumpProgram, dumpText, importProgram, importText } from './shared/mysql-dump.ts';
import { implicitAdminArg, loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';
import { splitWords } from './shared/words.ts';

interface Args extends DumpArgs {
  readonly state: 'present' | 'absent' | 'dump' | 'import';
  readonly collation?: string | undefined;
}

export default defineSql({
  name: 'mysql_db',
  doc: 'Creates or drops databases of MySQL or MariaDB, dumps them to a file of the host, or loads such a file. Databases need nothing on the host but the server; dumps and imports are made there by mysqldump and mysql, as the become user.',
  args: {
    properties: {
      ...loginArgs,
      check_implicit_admin: implicitAdminArg,
      config_overrides_defaults: {
        type: 'boolean',
        default: false,
        description: 'host and port of config_file count where login_host and login_port are not given.',
      },
      name: {
        type: 'array',
        items: { type: 'string' },
        aliases: ['db'],
        description: 'Names of the databases; for an import one. For dumps and imports `all` stands for all of them.',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent', 'dump', 'import'],
        default: 'present',
        description: 'Whether they exist; dump writes them to target, import runs the SQL in target.',
      },
      encoding: {
        type: 'string',
        default: '',
        description:
          'Character set of a database that is created (others keep theirs), of a dump, and of what is loaded.',
      },
      collation: {
        type: 'string',
        default: '',
        description: 'Collation of a database that is created; others keep theirs.',
      },
      target: {
        type: 'string',
        path: true,
        description: 'File of the host for dump and import; packed where its name ends in .gz, .bz2 or .xz.',
      },
      chdir: { type: 'string', path: true, description: 'Folder of the host in which a dump or an import is made.' },
      force: { type: 'boolean', default: false, description: 'A dump or import goes on behind an error.' },
      single_transaction: { type: 'boolean', default: false, description: 'Dumps in one transaction.' },
      quick: { type: 'boolean', default: true, description: 'Dumps row by row, not whole tables from memory.' },
      ignore_tables: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'Tables that are not dumped, each as database.table.',
      },
      hex_blob: { type: 'boolean', default: false, description: 'Binary columns are dumped in hexadecimal.' },
      skip_lock_tables: { type: 'boolean', default: false, description: 'Locks no tables for a dump.' },
      master_data: {
        type: 'integer',
        enum: [0, 1, 2],
        default: 0,
        description: 'Dumps where the binary log stands: 1 as CHANGE MASTER TO, 2 as a comment; 0 not.',
      },
      dump_extra_args: {
        type: 'string',
        description: 'Further arguments of mysqldump, split into words as a shell does; nothing else in it is special.',
      },
      restrict_config_file: {
        type: 'boolean',
        default: false,
        description: 'mysqldump and mysql read config_file alone, not those of the system and ~/.my.cnf too.',
      },
      pipefail: {
        type: 'boolean',
        default: false,
        description: 'Without effect: a dump or an import that fails is a failure, packed or not.',
      },
      use_shell: { type: 'boolean', default: false, description: 'Without effect: packed files are always loaded so.' },
      unsafe_login_password: {
        type: 'boolean',
        default: false,
        description: 'Without effect: the password is in no command, so that nothing in it is special.',
      },
    },
    required: ['name'],
  },
  notes: [
    'A dump is written beside target and takes its place when it is whole: where it fails, the file that was there stays. That keeps its mode and owner; a new one has what umask leaves.',
    'The password goes to the clients in a file that only the become user can read, gone with the task.',
    'An import runs each time, and never drops a database. A database that is not there is created first; statements for others are passed over, as Ansible has it. To load SQL once use mysql_script.',
    'A packed file is read to its end before it is loaded: of a damaged one nothing is run.',
  ],
  examples: `
- mysql_db: { name: shop, encoding: utf8mb4, login_unix_socket: /run/mysqld/mysqld.sock }
- mysql_db: { name: [old, older], state: absent, login_user: admin, login_password: "{{ admin_password }}" }
- mysql_db: { name: shop, state: dump, target: /var/backups/shop.sql.gz, single_transaction: true }
- mysql_db: { name: shop_copy, state: import, target: /var/backups/shop.sql.gz }
`,
  returns: {
    db: 'the names, with blanks between them',
    db_list: 'the names',
    executed_commands: 'what was run, without what it logs in by',
    msg: 'what mysqldump or mysql remarked',
  },

  check(a) {
    const moves = a.state === 'dump' || a.state === 'import';
    if (a.name.length === 0) return 'name must name a database';
    if (a.name.includes('all') && !moves) return 'name: all is for state: dump and state: import';
    if (a.name.includes('all') && a.name.length > 1) return 'name: all stands for every database: name no other';
    if (a.state === 'import' && a.name.length > 1) return 'state: import takes one database, or all';
    if (moves && !a.target) return `state: ${a.state} needs "target"`;
    if (a.target?.endsWith('/')) return 'target must be the path of a file, and this one ends in "/"';
    const extra = a.dump_extra_args === undefined ? {} : splitWords(a.dump_extra_args);
    if ('error' in extra) return `dump_extra_args: ${extra.error}`;
    const table = a.ignore_tables.find(t => !/^[^.]+\../.test(t));
    if (table !== undefined) return `ignore_tables: "${table}" is not database.table`;
    return a.name.some(n => n === '' || n.length > 64) ? 'a database name has 1 to 64 characters' : undefined;
  },
  loginFiles: loginFilesOf,
  login: loginsOf,

  async plan(a, db) {
    const there = await databases(db);
    const names = [...new Set(a.name)];
    const values = { db: a.name.join(' '), db_list: a.name };
    if (a.state === 'dump' || a.state === 'import') return movePlan({ ...a, name: names }, there, values);
    const statements: SqlStatement[] = names
      .filter(n => there.has(n) !== (a.state === 'present'))
      .map(n => ({ sql: a.state === 'present' ? create(n, a) : sql`DROP DATABASE ${sql.id(n)}` }));
    const state = (of: (name: string) => string): State => Object.fromEntries(names.map(n => [`database ${n}`, of(n)]));
    return {
      before: state(n => (there.has(n) ? 'present' : 'absent')),
      after: state(() => a.state),
      statements,
      values: { ...values, executed_commands: statements.map(s => String(s.sql)) },
    };
  },
});

interface Names {
  has(name: string): boolean;
}

/** The databases that are there, under the names that the server takes for the same. */
async function databases(db: SqlReader): Promise<Names> {
  const rows = await db.rows(
    sql`SELECT SCHEMA_NAME AS name, @@lower_case_table_names AS fold FROM information_schema.SCHEMATA`,
  );
  const fold = (name: string) => (rows[0]?.['fold'] === 0 ? name : name.toLowerCase());
  const there = new Set(rows.map(row => fold(String(row['name']))));
  return { has: name => there.has(fold(name)) };
}

/** A dump or an import: commands, which change something each time. */
function movePlan(a: Args, there: Names, values: Values): SqlPlan | SqlRefusal {
  const gone = a.name.filter(n => n !== 'all' && !there.has(n));
  const { target = '' } = a;
  if (a.state === 'dump') {
    if (gone.length > 0)
      return { failed: `there is no database ${gone.map(n => `"${n}"`).join(', ')} to dump`, later: true };
    return {
      before: { dump: 'not made' },
      after: { dump: `in ${target}` },
      statements: [],
      command: 'certain',
      program: dumpProgram(a),
      values: { ...values, executed_commands: [dumpText(a)] },
    };
  }
  const statements = gone.map(n => ({ sql: create(n, a) }));
  return {
    before: { ...(gone[0] !== undefined && { [`database ${gone[0]}`]: 'absent' }), [target]: 'not loaded' },
    after: { ...(gone[0] !== undefined && { [`database ${gone[0]}`]: 'present' }), [target]: 'loaded' },
    statements,
    command: 'certain',
    program: importProgram(a),
    values: { ...values, executed_commands: [...statements.map(s => String(s.sql)), importText(a)] },
  };
}

function create(name: string, a: { readonly encoding?: string | undefined; readonly collation?: string | undefined }) {
  const parts = [sql`CREATE DATABASE ${sql.id(name)}`];
  if (a.encoding) parts.push(sql`CHARACTER SET ${a.encoding}`);
  if (a.collation) parts.push(sql`COLLATE ${a.collation}`);
  return sql.join(parts, ' ');
}
