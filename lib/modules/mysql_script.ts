import { defineSql, type Locals, type SqlReader, type SqlStatement, sql } from '../module.ts';
import { queryKind } from './shared/mysql-format.ts';
import { loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';
import { splitScript } from './shared/sql-script.ts';

interface Args {
  readonly src?: string | undefined;
  readonly content?: string | undefined;
  readonly ignore: readonly number[];
}

export default defineSql({
  name: 'mysql_script',
  doc: 'Runs a file of SQL of the controller (a schema, a dump, an upgrade), statement by statement in one connection; no client on the host is needed. tplay only: Ansible has no such module. With `unless` it is a state: nothing is done where that query returns a row, and after the script it must.',
  args: {
    properties: {
      ...loginArgs,
      login_db: { type: 'string', description: 'Database the script is for; it must exist.' },
      src: { type: 'string', description: 'File of the controller, found as of copy.' },
      content: { type: 'string', description: 'The SQL text instead of src.' },
      unless: {
        type: 'string',
        description:
          'A SELECT that returns a row when the work is done. MySQL commits every CREATE TABLE at once: ask for what the script makes last, then a script that was cut off runs again.',
      },
      ignore: {
        type: 'array',
        items: { type: 'integer' },
        default: [],
        description:
          'Error numbers that mean "already so", like 1050 (table exists), 1060 (column exists), 1062 (row exists).',
      },
    },
    exclusive: [['src', 'content']],
    oneOf: [['src', 'content']],
  },
  examples: `
- mysql_db: { name: shop, encoding: utf8mb4 }
- mysql_script:
    src: sql/shop.sql
    login_db: shop
    unless: SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = 'last_table'
- mysql_script:
    content: ALTER TABLE customer ADD COLUMN city VARCHAR(64)
    login_db: shop
    ignore: [1060]
`,
  returns: { statements: 'how many statements the script has', affected: 'how many rows they changed' },

  needs: a => (a.src === undefined ? [] : [{ kind: 'file', path: a.src }]),
  check: a =>
    a.unless !== undefined && queryKind(a.unless) !== 'reads' ? 'unless must be a SELECT or SHOW' : undefined,
  loginFiles: loginFilesOf,
  login: loginsOf,

  async plan(a, db, local) {
    const read = statementsOf(a, local);
    if ('error' in read) return { failed: read.error };
    const done = a.unless !== undefined && (await hasRow(a.unless, db));
    const statements = done ? [] : read.statements;
    return {
      before: { script: done ? 'has run' : 'to be run' },
      after: { script: 'has run' },
      statements,
      ...(a.unless === undefined && { command: 'certain' }),
      values: { statements: read.statements.length },
    };
  },

  // with only errors to ignore left, an upgrade that was done before has changed nothing
  changed: (_, results) => results.length === 0 || results.some(r => !r.ignored),
  values: (_, results) => ({ affected: results.reduce((sum, r) => sum + r.affected, 0) }),
});

/** A table or database that is not there has no row. */
async function hasRow(query: string, db: SqlReader): Promise<boolean> {
  try {
    return (await db.rows(sql.code(query))).length > 0;
  } catch (error) {
    const { number } = error as { number?: number };
    if (number === 1146 || number === 1049) return false;
    throw error;
  }
}

function statementsOf(
  a: Args,
  local: Locals,
): { readonly statements: readonly SqlStatement[] } | { readonly error: string } {
  const name = a.src ?? 'content';
  const text = a.content ?? decode(local.get(a.src ?? '')?.files[0]?.bytes ?? new Uint8Array());
  if (text === undefined) return { error: `${name} is not UTF-8 text` };
  const split = splitScript(text);
  if ('error' in split) return { error: `${name} ${split.error}` };
  if (split.length === 0) return { error: `${name} has no statement` };
  return { statements: split.map(s => ({ sql: sql.code(s.text), ignore: a.ignore, from: `${name} line ${s.line}` })) };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
