import { type Sql, type SqlValue, sql } from '../../module.ts';

/** The arguments of a query: none, one after the other, or by name. */
export type QueryArgs = readonly unknown[] | Readonly<Record<string, unknown>> | undefined;

/**
 * A query with its `%s` or `%(name)s` replaced by values, as Ansible: `%%` is a percent sign, but only where there are
 * values; without them the text is taken as it is.
 */
export function fillQuery(query: string, args: QueryArgs): Sql | { readonly error: string } {
  if (args === undefined) return sql.code(query);
  const list = Array.isArray(args) ? (args as readonly unknown[]) : undefined;
  const pieces: Sql[] = [];
  let used = 0;
  let rest = 0;
  for (const match of query.matchAll(/%(?:%|s|\(([^)]*)\)s|)/g)) {
    pieces.push(sql.code(query.slice(rest, match.index)));
    rest = match.index + match[0].length;
    const name = match[1];
    if (match[0] === '%%') pieces.push(sql.code('%'));
    else if (match[0] === '%')
      return { error: `write %% for a percent sign in a query with values: ${near(query, match.index)}` };
    else if (list !== undefined) {
      if (name !== undefined) return { error: `%(${name})s needs named_args` };
      if (used >= list.length)
        return { error: `the query has more %s than positional_args has values (${list.length})` };
      pieces.push(sql`${valueOf(list[used++])}`);
    } else {
      const named = args as Readonly<Record<string, unknown>>;
      if (name === undefined) return { error: '%s needs positional_args' };
      if (!Object.hasOwn(named, name)) return { error: `named_args has no "${name}"` };
      pieces.push(sql`${valueOf(named[name])}`);
    }
  }
  if (list !== undefined && used < list.length)
    return { error: `positional_args has ${list.length} values, the query ${used} %s` };
  return sql.join([...pieces, sql.code(query.slice(rest))], '');
}

function near(query: string, at: number): string {
  return `...${query.slice(Math.max(0, at - 10), at + 10)}...`;
}

/** A list becomes (a, b), for IN; what is no plain value its JSON text. */
function valueOf(value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(valueOf);
  return JSON.stringify(value);
}

export type QueryKind = 'reads' | 'defines' | 'writes';

/** What kind of statement a text is, by its first word after comments. */
export function queryKind(query: string): QueryKind {
  const text = query.replace(/^(?:\s|\(|--\s[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?!!|M!)[^]*?\*\/)+/, '');
  const word = /^[a-z]+/i.exec(text)?.[0].toUpperCase() ?? '';
  if (['SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'VALUES', 'TABLE', 'HELP', 'CHECKSUM'].includes(word)) return 'reads';
  // SELECT ... INTO writes a file or a variable
  if (word === 'SELECT') return /\bINTO\b/i.test(withoutTexts(text)) ? 'writes' : 'reads';
  if (word === 'WITH') return /\b(UPDATE|DELETE|INTO)\b/i.test(withoutTexts(text)) ? 'writes' : 'reads';
  return ['CREATE', 'DROP', 'ALTER', 'RENAME', 'TRUNCATE', 'GRANT', 'REVOKE'].includes(word) ? 'defines' : 'writes';
}

function withoutTexts(query: string): string {
  return query.replace(/'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`/gs, '``');
}
