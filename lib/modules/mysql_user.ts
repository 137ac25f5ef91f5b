import { defineSql, type Sql, type SqlReader, type SqlStatement, sql } from '../module.ts';
import { nearest } from '../text/near.ts';
import { accountSql, authOf, changeAuth, findAccount, identified, logsInAs } from './shared/mysql-account.ts';
import {
  afterText,
  type GrantChange,
  grantChanges,
  grantStatements,
  grantText,
  objectText,
} from './shared/mysql-changes.ts';
import { type GrantNames, type Grants, grantKey, privilegeName, readGrants } from './shared/mysql-grants.ts';
import { implicitAdminArg, loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';
import { readPriv } from './shared/mysql-priv.ts';

const MODERN = { server: { kind: 'mysql', version: 80000, text: '' }, fold: false } as const;

export default defineSql({
  name: 'mysql_user',
  doc: 'Makes or drops an account of MySQL or MariaDB, sets how it logs in and what it may do. A password is compared by its hash, so that it is set only where it differs.',
  args: {
    properties: {
      ...loginArgs,
      check_implicit_admin: implicitAdminArg,
      name: { type: 'string', description: 'Name of the account.' },
      host: { type: 'string', default: 'localhost', description: 'Where it may come from; % for everywhere.' },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether it exists.' },
      password: { type: 'string', secret: true, description: 'Password wanted.' },
      encrypted: { type: 'boolean', default: false, description: 'password is the hash of mysql_native_password.' },
      plugin: { type: 'string', pattern: '^[A-Za-z0-9_]+$', description: 'Plugin that knows the account.' },
      plugin_auth_string: { type: 'string', secret: true, description: 'Password (or PAM service) for plugin.' },
      plugin_hash_string: { type: 'string', secret: true, description: 'What plugin keeps of the password.' },
      update_password: {
        type: 'string',
        enum: ['always', 'on_create'],
        default: 'always',
        description: 'on_create leaves the password of an account that exists.',
      },
      priv: {
        type: 'any',
        description:
          'All privileges wanted: "db.*:SELECT,INSERT/other.table:ALL,GRANT", or a mapping of db.table to privileges. Names of databases are patterns, as in GRANT.',
      },
      append_privs: { type: 'boolean', default: false, description: 'Adds priv to the privileges there are.' },
      subtract_privs: { type: 'boolean', default: false, description: 'Takes priv away, keeps the others.' },
      force_context: {
        type: 'boolean',
        default: false,
        description: 'Works in the database mysql, for filters of replication that go by it.',
      },
      session_vars: { type: 'object', default: {}, description: 'Variables set for the session first.' },
      sql_log_bin: { type: 'boolean', default: true, description: 'Whether the changes go to the binary log.' },
    },
    notTaken: {
      host_all: 'name each account: `mysql_query` lists them (SELECT Host FROM mysql.user) for a loop',
      resource_limits: 'set it by mysql_query: ALTER USER ... WITH MAX_QUERIES_PER_HOUR 10',
      tls_requires: 'set it by mysql_query: ALTER USER ... REQUIRE SSL',
      'update_password=on_new_username': 'give the password: an account takes none of another',
    },
    required: ['name'],
  },
  examples: `
- mysql_user: { name: app, host: "%", password: "{{ app_password }}", priv: "app.*:ALL" }
- mysql_user:
    name: tars
    host: 10.0.0.5
    plugin: mysql_native_password
    plugin_auth_string: "{{ tars_password }}"
    priv: { "*.*": "SELECT,REPLICATION CLIENT,GRANT", "db_tars.*": ALL }
- mysql_user: { name: "", host: localhost, state: absent }
`,
  returns: {
    user: 'the name',
    msg: 'what was done',
    password_changed: 'whether the password or plugin of an account that exists was changed',
  },

  check(a) {
    if (a.append_privs && a.subtract_privs) return 'append_privs and subtract_privs are opposites: give one';
    if (a.password !== undefined && a.plugin !== undefined)
      return 'password is for the usual plugin; for another give plugin_auth_string beside plugin, without password';
    if (a.plugin === undefined && (a.plugin_auth_string ?? a.plugin_hash_string) !== undefined)
      return 'plugin_auth_string and plugin_hash_string need plugin';
    if (a.plugin_auth_string !== undefined && a.plugin_hash_string !== undefined)
      return 'give plugin_auth_string or plugin_hash_string, not both';
    if (a.encrypted && !/^(\*[0-9A-Fa-f]{40})?$/.test(a.password ?? ''))
      return 'an encrypted password is * and 40 hex digits';
    const priv = a.priv === undefined || a.priv === null ? undefined : readPriv(a.priv, MODERN);
    return priv !== undefined && 'error' in priv ? priv.error : undefined;
  },
  loginFiles: loginFilesOf,
  login: (a, files) => loginsOf(a.force_context ? { ...a, login_db: 'mysql' } : a, files),

  async plan(a, db) {
    const host = (a.host === '' ? '%' : a.host).toLowerCase(); // as the servers keep it
    const at = accountSql(a.name, host);
    const account = await findAccount(db, a.name, host);
    const before: Record<string, string> = { account: account === undefined ? 'absent' : 'present' };
    const after: Record<string, string> = { account: a.state };
    const statements: SqlStatement[] = [];
    const values = (msg: string, password_changed = false) => ({ user: a.name, msg, password_changed });
    const done = (msg: string, changed = false) => ({
      before,
      after,
      statements: statements.length === 0 ? [] : [...sessionSql(a), ...statements],
      values: values(msg, changed),
    });
    if (a.state === 'absent') {
      if (account === undefined) return done("User doesn't exist");
      statements.push({ sql: sql`DROP USER ${at}` });
      return done('User deleted');
    }

    const auth = authOf(a);
    const wrong =
      account !== undefined && auth !== undefined && a.update_password === 'always' && !logsInAs(account, auth);
    if (account === undefined) {
      const how = auth === undefined ? undefined : identified(auth, db.server);
      if (how !== undefined && 'error' in how) return { failed: how.error };
      statements.push({ sql: how === undefined ? sql`CREATE USER ${at}` : sql`CREATE USER ${at} ${how}` });
    } else if (wrong) {
      const how = changeAuth(account, auth, { name: at, server: db.server });
      if ('error' in how) return { failed: how.error };
      statements.push({ sql: how });
      Object.assign(before, { login: `${account.plugin}, another password or plugin` });
      Object.assign(after, {
        login: auth.kind === 'plugin' ? `${auth.plugin}, as asked for` : 'the password asked for',
      });
    }
    const granted = await privileges(a, { db, at: account === undefined ? undefined : at });
    if ('failed' in granted) return granted;
    statements.push(...grantStatements(granted.changes, at));
    Object.assign(before, granted.before);
    Object.assign(after, granted.after);
    if (account === undefined) return done('User added');
    const words = [wrong && 'Password updated', granted.changes.length > 0 && granted.message].filter(Boolean);
    return done(words.length === 0 ? 'User unchanged' : words.join(', '), wrong);
  },
});

/** What is set for the session before anything is changed. */
function sessionSql(a: { readonly sql_log_bin: boolean; readonly session_vars: Readonly<Record<string, unknown>> }) {
  const vars = Object.entries(a.session_vars).map(([name, value]) => ({
    sql: sql`SET SESSION ${sql.id(name)} = ${typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : String(value)}`,
  }));
  return [...vars, ...(a.sql_log_bin ? [] : [{ sql: sql`SET SESSION sql_log_bin = 0` }])];
}

interface PrivArgs {
  readonly priv?: unknown;
  readonly append_privs: boolean;
  readonly subtract_privs: boolean;
}

interface Privileges {
  readonly changes: readonly GrantChange[];
  readonly before: Record<string, string>;
  readonly after: Record<string, string>;
  readonly message: string;
}

/** What is to change about the privileges of an account; one that is not there yet has none. */
async function privileges(
  a: PrivArgs,
  { db, at }: { readonly db: SqlReader; readonly at: Sql | undefined },
): Promise<Privileges | { readonly failed: string }> {
  if (a.priv === undefined || a.priv === null) return { changes: [], before: {}, after: {}, message: '' };
  const [row] = await db.rows(sql`SELECT @@lower_case_table_names AS fold`);
  const names: GrantNames = { server: db.server, fold: row?.['fold'] !== 0 };
  const want = readPriv(a.priv, names);
  if ('error' in want) return { failed: want.error };
  const lines = at === undefined ? [] : await db.rows(sql`SHOW GRANTS FOR ${at}`);
  const have = readGrants(
    lines.map(line => String(Object.values(line)[0])),
    names,
  );
  const known = await knownPrivileges(db);
  const unknown = a.subtract_privs ? undefined : unknownPrivilege(want.grants, known);
  if (unknown !== undefined) return { failed: `${db.server.text} has no privilege ${unknown}` };
  const mode = a.append_privs ? 'append' : a.subtract_privs ? 'subtract' : 'exact';
  const changes = grantChanges(have, want.grants, mode, { server: db.server, known });
  const state = (text: (c: GrantChange) => string) =>
    Object.fromEntries(changes.map(c => [`on ${objectText(c.object)}`, text(c)]));
  const list = (of: (c: GrantChange) => readonly string[]) => [...new Set(changes.flatMap(of))].sort().join(', ');
  return {
    changes,
    before: state(c => grantText(c.before)),
    after: state(c => afterText(c, want.grants.get(grantKey(c.object, names))?.privileges)),
    message: `Privileges updated: granted [${list(c => c.give)}], revoked [${list(c => c.take)}]`,
  };
}

/** The privileges a server has, under their one name. */
async function knownPrivileges(db: SqlReader): Promise<ReadonlySet<string>> {
  const rows = await db.rows(sql`SHOW PRIVILEGES`);
  return new Set(rows.map(row => privilegeName(String(row['Privilege']), db.server)));
}

function unknownPrivilege(grants: Grants, known: ReadonlySet<string>): string | undefined {
  for (const { privileges } of grants.values())
    for (const privilege of privileges) {
      const name = privilege.replace(/ \(.*/s, '');
      if (name === 'ALL' || known.has(name)) continue;
      const meant = nearest(
        name,
        [...known].map(k => k.toLowerCase()),
      );
      return meant === undefined ? name : `${name}; did you mean ${meant.toUpperCase()}?`;
    }
  return undefined;
}
