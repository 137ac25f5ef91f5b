import { defineSql, type State, sql } from '../module.ts';
import { hostsOf } from './shared/mysql-account.ts';
import { implicitAdminArg, loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';
import { readPriv } from './shared/mysql-priv.ts';
import { readTerms } from './shared/mysql-terms.ts';
import { type AccountPlan, planAccount } from './shared/mysql-user.ts';

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
      host_all: {
        type: 'boolean',
        default: false,
        description: 'All accounts of the name, whatever host they are for, instead of host; it makes none.',
      },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether it exists.' },
      password: { type: 'string', secret: true, description: 'Password wanted.' },
      encrypted: { type: 'boolean', default: false, description: 'password is the hash of mysql_native_password.' },
      plugin: { type: 'string', pattern: '^[A-Za-z0-9_]+$', description: 'Plugin that knows the account.' },
      plugin_auth_string: { type: 'string', secret: true, description: 'Password (or PAM service) for plugin.' },
      plugin_hash_string: { type: 'string', secret: true, description: 'What plugin keeps of the password.' },
      update_password: {
        type: 'string',
        enum: ['always', 'on_create', 'on_new_username'],
        default: 'always',
        description:
          'on_create leaves the password of an account that exists; on_new_username too, and a new account gets what other accounts of the name log in with, where that is the same for all of them.',
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
      tls_requires: {
        type: 'any',
        description:
          'What its connections must show: `ssl:`, `x509:`, or texts of subject, issuer and cipher. Empty: nothing. Not given: what there is stays.',
      },
      resource_limits: {
        type: 'object',
        description:
          'MAX_QUERIES_PER_HOUR, MAX_UPDATES_PER_HOUR, MAX_CONNECTIONS_PER_HOUR, MAX_USER_CONNECTIONS and, of MariaDB, MAX_STATEMENT_TIME, each with a number; 0 for none. Those that are not named stay.',
      },
      session_vars: { type: 'object', default: {}, description: 'Variables set for the session first.' },
      sql_log_bin: { type: 'boolean', default: true, description: 'Whether the changes go to the binary log.' },
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
- mysql_user: { name: "", host_all: true, state: absent }
- mysql_user: { name: app, host: "%", tls_requires: { ssl: }, resource_limits: { MAX_USER_CONNECTIONS: 20 } }
`,
  returns: {
    user: 'the name',
    msg: 'what was done',
    password_changed:
      'whether the password or plugin was set: of a new account, or as another one; not where it was taken over',
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
    const terms = readTerms(a);
    if ('error' in terms) return terms.error;
    const priv = a.priv === undefined || a.priv === null ? undefined : readPriv(a.priv, MODERN);
    return priv !== undefined && 'error' in priv ? priv.error : undefined;
  },
  loginFiles: loginFilesOf,
  login: (a, files) => loginsOf(a.force_context ? { ...a, login_db: 'mysql' } : a, files),

  async plan(a, db) {
    const hosts = a.host_all ? await hostsOf(db, a.name) : [(a.host === '' ? '%' : a.host).toLowerCase()]; // as the servers keep it
    if (a.host_all && hosts.length === 0 && a.state === 'present')
      return { failed: `there is no account "${a.name}", and host_all makes none: give host`, later: true };
    const plans: AccountPlan[] = [];
    for (const host of hosts) {
      const plan = await planAccount(a, { db, host });
      if ('failed' in plan) return plan;
      plans.push(plan);
    }
    const state = (of: (plan: AccountPlan) => State) =>
      Object.assign({}, ...plans.map((plan, i) => (a.host_all ? placed(of(plan), hosts[i] ?? '') : of(plan))));
    const statements = plans.flatMap(plan => plan.statements);
    const said = [...new Set(plans.filter((p, _, all) => p.changes || !all.some(q => q.changes)).map(p => p.msg))];
    return {
      before: state(plan => plan.before),
      after: state(plan => plan.after),
      statements: statements.length === 0 ? [] : [...sessionSql(a), ...statements],
      values: {
        user: a.name,
        msg: said.join('; ') || "User doesn't exist",
        password_changed: plans.some(plan => plan.passwordChanged),
      },
    };
  },
});

/** What is said of one account of several. */
function placed(state: State, host: string): State {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [`${key} (from ${host})`, value]));
}

/** What is set for the session before anything is changed. */
function sessionSql(a: { readonly sql_log_bin: boolean; readonly session_vars: Readonly<Record<string, unknown>> }) {
  const vars = Object.entries(a.session_vars).map(([name, value]) => ({
    sql: sql`SET SESSION ${sql.id(name)} = ${typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : String(value)}`,
  }));
  return [...vars, ...(a.sql_log_bin ? [] : [{ sql: sql`SET SESSION sql_log_bin = 0` }])];
}
