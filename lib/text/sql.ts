/** A value that SQL text may hold; a list becomes `(a, b)`. */
export type SqlValue = string | number | bigint | boolean | null | readonly SqlValue[];

/** A value that is sent but never shown. */
export class SecretValue {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  reveal(): string {
    return this.#text;
  }
  toJSON(): string {
    return '***';
  }
}

type Part =
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'value'; readonly value: SqlValue; readonly secret: boolean };

/** A piece of SQL. Made only by `sql`, so that no value gets into it unquoted; printing it hides its secrets. */
export class Sql {
  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  static of(strings: readonly string[], values: readonly (SqlValue | SecretValue | Sql)[]): Sql {
    const parts: Part[] = [];
    strings.forEach((text, i) => {
      if (text !== '') parts.push({ kind: 'code', text });
      if (i >= values.length) return;
      const value = values[i] as SqlValue | SecretValue | Sql;
      if (value instanceof Sql) parts.push(...value.#parts);
      else if (value instanceof SecretValue) parts.push({ kind: 'value', value: value.reveal(), secret: true });
      else parts.push({ kind: 'value', value, secret: false });
    });
    return new Sql(parts);
  }

  static join(pieces: readonly Sql[], separator: string): Sql {
    return new Sql(pieces.flatMap((p, i) => (i === 0 ? p.#parts : [{ kind: 'code', text: separator }, ...p.#parts])));
  }

  /** Its secret values, to be hidden in what the server says about it. */
  get secrets(): readonly string[] {
    return this.#parts.flatMap(p => (p.kind === 'value' && p.secret ? [String(p.value)] : []));
  }

  /** The text to send; `backslash`: whether the server reads a backslash in a string as an escape. */
  reveal(backslash: boolean): string {
    return this.#parts.map(p => (p.kind === 'code' ? p.text : literal(p.value, backslash))).join('');
  }

  /** The text as people may see it. */
  toString(): string {
    return this.#parts.map(p => (p.kind === 'code' ? p.text : p.secret ? "'***'" : literal(p.value, true))).join('');
  }

  toJSON(): string {
    return this.toString();
  }
}

/** SQL with every `${}` a quoted value; `Sql` values are spliced as they are. The text is raw, as of `sh`. */
export function sql(strings: TemplateStringsArray, ...values: (SqlValue | SecretValue | Sql)[]): Sql {
  return Sql.of(strings.raw, values);
}

/** A quoted name of a database, table, column or variable. */
sql.id = (name: string): Sql => Sql.of([`\`${name.replaceAll('`', '``')}\``], []);

/** Text that a user wrote to be run as SQL, or a keyword chosen here; never for a value. */
sql.code = (text: string): Sql => Sql.of([text], []);

/** A value that is sent but never shown. */
sql.secret = (text: string): SecretValue => new SecretValue(text);

/** Pieces with a text between them. */
sql.join = (pieces: readonly Sql[], separator: string): Sql => Sql.join(pieces, separator);

function literal(value: SqlValue, backslash: boolean): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') {
    const text = backslash ? value.replaceAll('\\', '\\\\') : value;
    return `'${text.replaceAll("'", "''")}'`;
  }
  return `(${value.map(v => literal(v, backslash)).join(', ')})`;
}
