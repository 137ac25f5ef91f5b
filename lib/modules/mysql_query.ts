import { defineSql, type Sql, type SqlResult, type SqlRow } from '../module.ts';
import { fillQuery, type QueryArgs, queryKind } from './shared/mysql-format.ts';
import { loginArgs, loginFilesOf, loginsOf } from './shared/mysql-login.ts';

interface Args {
  readonly query: unknown;
  readonly positional_args?: readonly unknown[] | undefined;
  readonly named_args?: Readonly<Record<string, unknown>> | undefined;
}

export default defineSql({
  name: 'mysql_query',
  doc: 'Runs SQL queries of one statement each. SELECT and SHOW never count as a change and run in a dry run too; CREATE, DROP, ALTER, RENAME, TRUNCATE, GRANT and REVOKE do (not CREATE ... IF NOT EXISTS of what exists, nor DROP ... IF EXISTS of what does not); others when they changed rows.',
  args: {
    properties: {
      ...loginArgs,
      login_db: { type: 'string', description: 'Database the queries are for.' },
      query: { type: 'any', description: 'The query, or a list of queries.' },
      positional_args: { type: 'array', description: 'Values for each %s of the query.' },
      named_args: { type: 'object', description: 'Values for each %(name)s of the query.' },
      single_transaction: { type: 'boolean', default: false, description: 'Commits only after the last query.' },
    },
    required: ['query'],
    exclusive: [['positional_args', 'named_args']],
  },
  examples: `
- mysql_query:
    login_db: shop
    query: SELECT id, name FROM customer WHERE city = %s
    positional_args: [Bonn]
  register: found
- mysql_query:
    login_db: shop
    query:
      - INSERT INTO article (id, name) VALUES (1, 'pen')
      - UPDATE stock SET count = count + 1 WHERE article = 1
    single_transaction: true
`,
  returns: {
    executed_queries: 'the queries with their values',
    query_result: 'for each query the list of its rows, column to value',
    rowcount: 'for each query the number of rows returned or changed',
  },

  check(a) {
    const queries = filled(a);
    return 'error' in queries ? queries.error : undefined;
  },
  loginFiles: loginFilesOf,
  login: loginsOf,

  async plan(a, db) {
    const queries = filled(a);
    if ('error' in queries) return { failed: queries.error };
    if (queriesOf(a).every(q => queryKind(q) === 'reads')) {
      const found: (readonly SqlRow[])[] = [];
      for (const query of queries) found.push(await db.rows(query));
      return {
        before: {},
        after: {},
        statements: [],
        values: resultValues(
          queries,
          found,
          found.map(r => r.length),
        ),
      };
    }
    return {
      before: {},
      after: {},
      statements: queries.map((query, i) => ({ sql: query, ...(queries.length > 1 && { from: `query ${i + 1}` }) })),
      command: 'maybe',
      transaction: a.single_transaction,
    };
  },

  changed(a, results) {
    return queriesOf(a).some((query, i) => results[i] !== undefined && changedBy(query, results[i]));
  },

  values(a, results) {
    const queries = filled(a);
    if (results.length === 0 || 'error' in queries) return {};
    return resultValues(
      queries,
      results.map(r => r.rows),
      results.map(r => r.affected),
    );
  },
});

function queriesOf(a: Args): readonly string[] {
  return [a.query].flat().map(q => String(q));
}

function filled(a: Args): readonly Sql[] | { readonly error: string } {
  const list = [a.query].flat();
  if (list.length === 0 || list.some(q => typeof q !== 'string' || q.trim() === ''))
    return { error: 'query is a text or a list of texts' };
  const args: QueryArgs = a.positional_args ?? a.named_args;
  const queries: Sql[] = [];
  for (const query of queriesOf(a)) {
    const done = fillQuery(query, args);
    if ('error' in done) return done;
    queries.push(done);
  }
  return queries;
}

function resultValues(queries: readonly Sql[], rows: readonly (readonly SqlRow[])[], rowcount: readonly number[]) {
  return { executed_queries: queries.map(String), query_result: rows, rowcount };
}

function changedBy(query: string, result: SqlResult): boolean {
  const kind = queryKind(query);
  if (kind === 'reads') return false;
  if (kind === 'writes') return result.affected > 0;
  // The server leaves a note when IF [NOT] EXISTS made it do nothing. Of several names, others may have been changed.
  const one = /^\s*(CREATE\b.*\bIF\s+NOT\s+EXISTS\b|DROP\b[^,]*\bIF\s+EXISTS\b[^,]*$)/is.test(query);
  return !(one && result.remarks.length > 0 && result.remarks.every(r => r.level === 'Note'));
}
