import { type Sql, type SqlReader, type SqlRefusal, type SqlStatement, type State, sql } from '../../module.ts';
import { nearest } from '../../text/near.ts';
import {
  type Account,
  type Auth,
  type AuthArgs,
  accountSql,
  authOf,
  changeAuth,
  findAccount,
  identified,
  isOld,
  logsInAs,
  sharedAuth,
} from './mysql-account.ts';
import { afterText, type GrantChange, grantChanges, grantStatements, grantText, objectText } from './mysql-changes.ts';
import { type GrantNames, type Grants, grantKey, privilegeName, readGrants } from './mysql-grants.ts';
import { readPriv } from './mysql-priv.ts';
import { readTerms, type Terms, termsFault, termsSql, termsState, termsToSet } from './mysql-terms.ts';

interface Args extends PrivArgs, AuthArgs {
  readonly name: string;
  readonly state: 'present' | 'absent';
  readonly update_password: 'always' | 'on_create' | 'on_new_username';
  readonly tls_requires?: unknown;
  readonly resource_limits?: Readonly<Record<string, unknown>> | undefined;
}

/** What is missing of one account. */
export interface AccountPlan {
  readonly before: State;
  readonly after: State;
  readonly statements: readonly SqlStatement[];
  readonly msg: string;
  readonly changes: boolean;
  readonly passwordChanged: boolean;
}

interface At {
  readonly db: SqlReader;
  readonly host: string;
}

/** Looks at one account and says what is to be done to it. */
export async function planAccount(a: Args, { db, host }: At): Promise<AccountPlan | SqlRefusal> {
  const at = accountSql(a.name, host);
  const account = await findAccount(db, a.name, host);
  const is = account === undefined ? 'absent' : 'present';
  if (a.state === 'absent') {
    const statements = account === undefined ? [] : [{ sql: sql`DROP USER ${at}` }];
    const msg = account === undefined ? "User doesn't exist" : 'User deleted';
    return planned({ before: { account: is }, after: { account: a.state }, statements, msg, passwordChanged: false });
  }
  const terms = readTerms(a);
  if ('error' in terms) return { failed: terms.error };
  const fault = termsFault(terms, db.server);
  if (fault !== undefined) return { failed: fault };
  const set = termsToSet(account?.terms, terms);
  const login = account === undefined ? await newAccount(a, { db, at, set }) : oldAccount(a, account, { db, at, set });
  if ('failed' in login) return login;
  const granted = await privileges(a, { db, at: account === undefined ? undefined : at });
  if ('failed' in granted) return granted;
  const words = [...login.words, ...(granted.changes.length > 0 ? [granted.message] : [])];
  return planned({
    before: { account: is, ...login.before, ...termsState(account?.terms, set), ...granted.before },
    after: { account: 'present', ...login.after, ...termsState(set, set), ...granted.after },
    statements: [...login.statements, ...grantStatements(granted.changes, at)],
    msg: account === undefined ? 'User added' : words.join(', ') || 'User unchanged',
    passwordChanged: login.passwordChanged,
  });
}

function planned(plan: Omit<AccountPlan, 'changes'>): AccountPlan {
  return { ...plan, changes: plan.statements.length > 0 };
}

interface LoginPlan {
  readonly before: State;
  readonly after: State;
  readonly statements: readonly SqlStatement[];
  readonly words: readonly string[];
  readonly passwordChanged: boolean;
}

interface Step {
  readonly db: SqlReader;
  readonly at: Sql;
  readonly set: Terms;
}

async function newAccount(a: Args, { db, at, set }: Step): Promise<LoginPlan | SqlRefusal> {
  const taken = a.update_password === 'on_new_username' ? await sharedAuth(db, a.name) : undefined;
  const auth = taken ?? authOf(a);
  const how = auth === undefined ? undefined : identified(auth, db.server);
  if (how !== undefined && 'error' in how) return { failed: how.error };
  const old = isOld(db.server);
  const parts = [sql`CREATE USER ${at}`, how, old ? undefined : termsSql(set)].filter(part => part !== undefined);
  return {
    before: {},
    after: {},
    statements: [{ sql: sql.join(parts, ' ') }, ...(old ? setTerms(set, at, old) : [])],
    words: [],
    passwordChanged: taken === undefined,
  };
}

function oldAccount(a: Args, account: Account, { db, at, set }: Step): LoginPlan | SqlRefusal {
  const auth = authOf(a);
  const wrong = auth !== undefined && a.update_password === 'always' && !logsInAs(account, auth);
  const how = wrong ? changeAuth(account, auth, { name: at, server: db.server }) : undefined;
  if (how !== undefined && 'error' in how) return { failed: how.error };
  return {
    before: wrong ? { login: `${account.plugin}, another password or plugin` } : {},
    after: wrong ? { login: loginText(auth) } : {},
    statements: [...(how === undefined ? [] : [{ sql: how }]), ...setTerms(set, at, isOld(db.server))],
    words: [
      ...(wrong ? ['Password updated'] : []),
      ...(set.require === undefined ? [] : ['TLS requires updated']),
      ...(set.limits === undefined ? [] : ['Resource limits updated']),
    ],
    passwordChanged: wrong,
  };
}

function loginText(auth: Auth): string {
  return auth.kind === 'plugin' ? `${auth.plugin}, as asked for` : 'the password asked for';
}

function setTerms(set: Terms, at: Sql, old: boolean): readonly SqlStatement[] {
  const terms = termsSql(set);
  if (terms === undefined) return [];
  return [{ sql: old ? sql`GRANT USAGE ON *.* TO ${at} ${terms}` : sql`ALTER USER ${at} ${terms}` }];
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
