/** How a Python regular expression is compiled: flags besides those written in it, and what `\w` and the like mean. */
export interface PythonOptions {
  readonly multiline?: boolean;
  readonly dotall?: boolean;
  /** As Python of text: `\w` is any letter; otherwise, as of bytes, an ASCII one. */
  readonly unicode?: boolean;
}

/** A pattern of Python that has no meaning here, with what to write instead. */
export class PythonRegexpError extends Error {}

/** A regular expression of Python's `re` as one of ours, global and with indices; throws PythonRegexpError. */
export function pythonRegexp(source: string, options: PythonOptions = {}): RegExp {
  const flags = /^\(\?([aiLmsux]+)\)/.exec(source);
  const given = new Set(flags?.[1] ?? '');
  const translator = new Translator(source.slice(flags?.[0].length ?? 0), {
    multiline: options.multiline === true || given.has('m'),
    dotall: options.dotall === true || given.has('s'),
    unicode: options.unicode === true && !given.has('a'),
    verbose: given.has('x'),
  });
  try {
    return new RegExp(translator.run(), `dgv${given.has('i') ? 'i' : ''}`);
  } catch (error) {
    if (error instanceof PythonRegexpError) throw error;
    throw new PythonRegexpError(
      `"${source}" is not a regular expression: ${(error as Error).message.replace(/^.*: /, '')}`,
    );
  }
}

/** What is wrong with a regular expression, as a sentence; undefined when all is well or there is none. */
export function regexpFault(name: string, source: string | undefined): string | undefined {
  try {
    if (source !== undefined) pythonRegexp(source);
    return undefined;
  } catch (error) {
    return `${name}: ${(error as Error).message}`;
  }
}

/** Whether a line or text has a match; no state is kept between calls. */
export function hasMatch(regexp: RegExp, text: string): boolean {
  regexp.lastIndex = 0;
  return regexp.test(text);
}

interface Flags {
  readonly multiline: boolean;
  readonly dotall: boolean;
  readonly unicode: boolean;
  readonly verbose: boolean;
}

// not [^]: with the flag v, [^]* finds nothing in the JavaScript of Node 20
const ANY = '[\\s\\S]';
const SPACE = ' \\t\\n\\r\\f\\v';
/** Python's blanks of text: JavaScript lacks some, and has the mark of byte order. */
const SPACES = ' \\t-\\r\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LETTERS = '\\p{L}\\p{N}_';
const WORD = `[${LETTERS}]`;

class Translator {
  readonly #text: string;
  readonly #flags: Flags;
  #at = 0;

  constructor(text: string, flags: Flags) {
    this.#text = text;
    this.#flags = flags;
  }

  run(): string {
    let out = '';
    while (this.#at < this.#text.length) out += this.#next();
    return out;
  }

  #next(): string {
    const c = this.#text[this.#at++] as string;
    const { multiline, dotall, verbose } = this.#flags;
    if (verbose && /\s/.test(c)) return '';
    if (verbose && c === '#') {
      this.#take(/[^\n]*/y);
      return '';
    }
    switch (c) {
      case '\\':
        return this.#escape(false);
      case '[':
        return this.#set();
      case '(':
        return this.#group();
      case '^':
        return multiline ? '(?<![^\\n])' : `(?<!${ANY})`;
      case '$':
        return multiline ? '(?![^\\n])' : `(?=\\n?(?!${ANY}))`;
      case '.':
        return dotall ? ANY : '[^\\n]';
      case '{': {
        const count = this.#take(/(\d*)(,?)(\d*)\}/y);
        if (count === undefined || count === '}' || count === ',}') {
          this.#at -= count?.length ?? 0;
          return '\\{';
        }
        return this.#greed(`{${count.startsWith(',') ? '0' : ''}${count}`);
      }
      case '}':
      case ']':
      case '/':
        return `\\${c}`;
      case '*':
      case '+':
      case '?':
        return this.#greed(c);
      default:
        return c === ')' || c === '|' ? c : literal(c);
    }
  }

  #greed(quantifier: string): string {
    if (this.#text[this.#at] !== '+') return quantifier;
    throw new PythonRegexpError(`"${this.#text}": possessive quantifiers (${quantifier}+) are not known here`);
  }

  #group(): string {
    if (this.#text[this.#at] !== '?') return '(';
    const head = this.#take(/\?(?:P?<[A-Za-z_]\w*>|P=[A-Za-z_]\w*\)|:|=|!|<=|<!|#[^)]*\))/y);
    if (head === undefined)
      throw new PythonRegexpError(
        `"${this.#text}": the group (${this.#text.slice(this.#at, this.#at + 4)} is not known here`,
      );
    if (head.startsWith('?#')) return '';
    if (head.startsWith('?P=')) return `\\k<${head.slice(3, -1)}>`;
    return `(${head.replace('?P<', '?<')}`;
  }

  #set(): string {
    let out = this.#take(/\^/y) === undefined ? '[' : '[^';
    for (let first = true; ; first = false) {
      const c = this.#text[this.#at++];
      if (c === undefined) throw new PythonRegexpError(`"${this.#text}" has a [ that is not closed`);
      if (c === ']' && !first) return `${out}]`;
      this.#at--;
      const from = this.#member();
      const next = this.#text[this.#at + 1];
      if (this.#text[this.#at] !== '-' || next === ']' || next === undefined) {
        out += from;
        continue;
      }
      this.#at++;
      const to = this.#member();
      if ([from, to].some(end => /^(\[|\\[wdsp])/i.test(end)))
        throw new PythonRegexpError(`"${this.#text}": a range in [ ] goes from one character to another`);
      out += `${from}-${to}`;
    }
  }

  /** A character of a set, or a class of them. */
  #member(): string {
    const c = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
    this.#at += c.length;
    return c === '\\' ? this.#escape(true) : setLiteral(c);
  }

  #escape(inSet: boolean): string {
    const c = this.#text[this.#at++];
    if (c === undefined) throw new PythonRegexpError(`"${this.#text}" ends in a backslash`);
    const { unicode } = this.#flags;
    const plain = { n: '\\n', t: '\\t', r: '\\r', f: '\\f', v: '\\v', a: '\\x07' }[c];
    if (plain !== undefined) return plain;
    switch (c) {
      case 'd':
      case 'D':
        return unicode ? (c === 'd' ? '\\p{Nd}' : '\\P{Nd}') : `\\${c}`;
      case 'w':
        return unicode ? WORD : '\\w';
      case 'W':
        return unicode ? `[^${LETTERS}]` : '\\W';
      case 's':
        return unicode ? `[${SPACES}]` : `[${SPACE}]`;
      case 'S':
        return unicode ? `[^${SPACES}]` : `[^${SPACE}]`;
      case 'b':
        if (inSet) return '\\x08';
        return unicode ? `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))` : '\\b';
      case 'B':
        return unicode ? `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))` : '\\B';
      case 'A':
        return `(?<!${ANY})`;
      case 'Z':
        return `(?!${ANY})`;
      case 'x': {
        const hex = this.#take(/[0-9a-fA-F]{2}/y);
        if (hex !== undefined) return `\\x${hex}`;
        break;
      }
      case 'u': {
        const hex = this.#take(/[0-9a-fA-F]{4}/y);
        if (hex !== undefined) return `\\u${hex}`;
        break;
      }
      default:
    }
    if (/\d/.test(c)) return this.#number(c, inSet);
    if (/[A-Za-z]/.test(c)) throw new PythonRegexpError(`"${this.#text}": there is no \\${c} in a regular expression`);
    return inSet ? setLiteral(c) : literal(c);
  }

  /** A reference to a group, or a character by its octal number. */
  #number(first: string, inSet: boolean): string {
    const more = this.#take(/\d{0,2}/y) ?? '';
    const digits = first + more;
    if (inSet || first === '0' || /^[0-3][0-7]{2}$/.test(digits))
      return `\\u{${Number.parseInt(digits, 8).toString(16)}}`;
    if (more.length === 2) this.#at--;
    return `(?:\\${digits.slice(0, 2)})`;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

/** A character that means itself. */
function literal(c: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c;
}

/** The same within a set, where two of many signs would mean something. */
function setLiteral(c: string): string {
  return /[A-Za-z0-9_]|[^\0-\x7f]/.test(c) ? c : `\\u{${(c.codePointAt(0) as number).toString(16)}}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
  '\\': '\\',
};

/** Fills a replacement text as Python's `re` does: `\1`, `\g<1>`, `\g<name>`, `\n`; a group that took no part is empty. */
export function expand(template: string, match: RegExpExecArray): string {
  return template.replace(
    /\\(?:g<(\w+)>|(0[0-7]{0,2}|[0-3][0-7]{2})|(\d{1,2})|([^]))/g,
    (all, name, octal, number, other) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (other !== undefined) {
        if (/[A-Za-z]/.test(other) && ESCAPES[other] === undefined)
          throw new PythonRegexpError(`there is no \\${other} in a replacement`);
        return ESCAPES[other] ?? all;
      }
      const group = number ?? name;
      const byNumber = /^\d+$/.test(group);
      if (byNumber ? Number(group) >= match.length : match.groups === undefined || !(group in match.groups))
        throw new PythonRegexpError(`the regular expression has no group ${group}`);
      return (byNumber ? match[Number(group)] : match.groups?.[group]) ?? '';
    },
  );
}
