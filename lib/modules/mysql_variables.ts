import { defineSql, type Sql, type SqlReader, sql } from '../module.ts';
import { loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';
import { sameValue, settable } from './shared/mysql-values.ts';

export default defineSql({
  name: 'mysql_variables',
  doc: 'Shows or sets a global variable of the running MySQL or MariaDB server; what shall outlive a restart belongs in my.cnf.',
  args: {
    properties: {
      ...loginArgs,
      variable: {
        type: 'string',
        pattern: '^[0-9A-Za-z_]+(\\.[0-9A-Za-z_]+)?$',
        patternHint: 'a variable name has letters, digits and _',
        description: 'Name of the variable.',
      },
      value: { type: 'string', description: 'Value wanted; without it the module only shows the variable.' },
      mode: {
        type: 'string',
        enum: ['global', 'persist', 'persist_only'],
        default: 'global',
        description:
          'global: of the running server; persist: and after a restart; persist_only: only then (both MySQL 8).',
      },
    },
    required: ['variable'],
  },
  examples: `
- mysql_variables: { variable: sync_binlog, login_unix_socket: /run/mysqld/mysqld.sock }
  register: sync_binlog
- mysql_variables: { variable: read_only, value: "1", login_user: admin, login_password: "{{ admin_password }}" }
`,
  returns: {
    msg: 'the value when none was asked for, else what was done',
    queries: 'the statement that set it',
  },

  loginFiles: loginFilesOf,
  login: loginsOf,

  async plan(a, db) {
    // MySQL has the values of dotted variables only in SELECT; all others come as SHOW prints them
    const [row] = await db.rows(sql`SHOW GLOBAL VARIABLES WHERE Variable_name = ${a.variable}`);
    if (row === undefined) return { failed: `${db.server.text} has no global variable "${a.variable}"` };
    if (a.mode !== 'global' && (db.server.kind === 'mariadb' || db.server.version < 80000))
      return { failed: `${db.server.text} keeps no variables by itself: set it in my.cnf, and mode: global` };
    const kept = a.mode === 'global' ? undefined : await keptValue(a.variable, db);
    const value = a.mode === 'persist_only' ? (kept ?? '') : String(row['Value']);
    const before = { [a.variable]: value };
    if (a.value === undefined) return { before, after: before, statements: [], values: { msg: value } };
    if (sameValue(value, a.value) && (a.mode === 'global' || (kept !== undefined && sameValue(kept, a.value)))) {
      const msg = 'Variable is already set to requested value.';
      return { before, after: before, statements: [], values: { msg, queries: [] } };
    }
    const set = sql`SET ${sql.code(a.mode.toUpperCase())} ${variableName(a.variable)} = ${settable(String(row['Value']), a.value)}`;
    return {
      before,
      after: { [a.variable]: a.value },
      statements: [{ sql: set }],
      values: { msg: `Variable change succeeded prev_value=${value}`, queries: [String(set)] },
    };
  },
});

/** What MySQL sets at its next start; undefined when nothing was kept. */
async function keptValue(name: string, db: SqlReader): Promise<string | undefined> {
  const [row] = await db.rows(
    sql`SELECT VARIABLE_VALUE AS value FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = ${name}`,
  );
  return row === undefined ? undefined : String(row['value']);
}

function variableName(name: string): Sql {
  return sql.join(name.split('.').map(sql.id), '.');
}
