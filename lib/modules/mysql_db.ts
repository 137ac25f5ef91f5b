import { defineSql, type SqlStatement, type State, sql } from '../module.ts';
import { implicitAdminArg, loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';

export default defineSql({
  name: 'mysql_db',
  doc: 'Creates or drops databases of MySQL or MariaDB. Needs nothing on the host but the server; to load a file of SQL use mysql_script.',
  args: {
    properties: {
      ...loginArgs,
      check_implicit_admin: implicitAdminArg,
      config_overrides_defaults: {
        type: 'boolean',
        default: false,
        description: 'host and port of config_file count where login_host and login_port are not given.',
      },
      name: { type: 'array', items: { type: 'string' }, aliases: ['db'], description: 'Names of the databases.' },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether they exist.' },
      encoding: { type: 'string', description: 'Character set of a database that is created; others keep theirs.' },
      collation: { type: 'string', description: 'Collation of a database that is created; others keep theirs.' },
    },
    notTaken: {
      'state=dump': 'a dump is made on the host: `mysqldump --result-file` by command, with creates',
      'state=import': 'mysql_script loads a file of SQL and knows whether it was loaded',
      target: 'it is for dump and import',
      ...Object.fromEntries(
        [
          ...['chdir', 'dump_extra_args', 'force', 'hex_blob', 'ignore_tables', 'master_data', 'pipefail', 'quick'],
          ...['restrict_config_file', 'single_transaction', 'skip_lock_tables', 'unsafe_login_password', 'use_shell'],
        ].map(name => [name, 'it is for dump and import']),
      ),
    },
    required: ['name'],
  },
  examples: `
- mysql_db: { name: shop, encoding: utf8mb4, login_unix_socket: /run/mysqld/mysqld.sock }
- mysql_db: { name: [old, older], state: absent, login_user: admin, login_password: "{{ admin_password }}" }
`,
  returns: {
    db: 'the names, with blanks between them',
    db_list: 'the names',
    executed_commands: 'what was run',
  },

  check(a) {
    if (a.name.includes('all')) return 'name: all is for dumps, which mysql_db does not make here';
    return a.name.some(n => n === '' || n.length > 64) ? 'a database name has 1 to 64 characters' : undefined;
  },
  loginFiles: loginFilesOf,
  login: loginsOf,

  async plan(a, db) {
    const rows = await db.rows(
      sql`SELECT SCHEMA_NAME AS name, @@lower_case_table_names AS fold FROM information_schema.SCHEMATA`,
    );
    const fold = (name: string) => (rows[0]?.['fold'] === 0 ? name : name.toLowerCase());
    const there = new Set(rows.map(r => fold(String(r['name']))));
    const names = [...new Set(a.name)];
    const statements: SqlStatement[] = names
      .filter(n => there.has(fold(n)) !== (a.state === 'present'))
      .map(n => ({ sql: a.state === 'present' ? create(n, a) : sql`DROP DATABASE ${sql.id(n)}` }));
    const state = (of: (name: string) => string): State => Object.fromEntries(names.map(n => [`database ${n}`, of(n)]));
    return {
      before: state(n => (there.has(fold(n)) ? 'present' : 'absent')),
      after: state(() => a.state),
      statements,
      values: { db: a.name.join(' '), db_list: a.name, executed_commands: statements.map(s => String(s.sql)) },
    };
  },
});

function create(name: string, a: { readonly encoding?: string | undefined; readonly collation?: string | undefined }) {
  const parts = [sql`CREATE DATABASE ${sql.id(name)}`];
  if (a.encoding) parts.push(sql`CHARACTER SET ${a.encoding}`);
  if (a.collation) parts.push(sql`COLLATE ${a.collation}`);
  return sql.join(parts, ' ');
}
