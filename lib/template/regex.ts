import { Failure } from './error.ts';

export interface RegexFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
}

const WORD = '\\p{L}\\p{N}_';
const CLASSES: Readonly<Record<string, string>> = {
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: '[\\s\\x1c-\\x1f\\x85]',
  S: '[^\\s\\x1c-\\x1f\\x85]',
};
const BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const NO_BOUNDARY = `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`;
const ASCII_CLASSES: Readonly<Record<string, string>> = {
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  d: '[0-9]',
  D: '[^0-9]',
  s: '[ \\t\\n\\r\\f\\v]',
  S: '[^ \\t\\n\\r\\f\\v]',
};
const ASCII_BOUNDARY = '(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))';
const ASCII_NO_BOUNDARY = '(?:(?<=[A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_])(?![A-Za-z0-9_]))';
const SYNTAX = /[\^$\\.*+?()[\]{}|/\-&!#%,:;<=>@`~]/;

/** A Python regular expression as one of JavaScript's: `(?P<name>)`, `\A`, `\Z`, flags, Unicode classes, `$` before a last line break. */
export function pythonRegex(source: string, flags: RegexFlags = {}, sticky = false): RegExp {
  const translated = new Translator(source, flags).run();
  try {
    return new RegExp(translated.source, `v${sticky ? 'y' : 'g'}${translated.ignoreCase ? 'i' : ''}`);
  } catch (error) {
    throw new Failure(
      `the regular expression cannot be read: ${error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : String(error)}`,
    );
  }
}

class Translator {
  readonly #text: string;
  #at = 0;
  #ignoreCase: boolean;
  #multiline: boolean;
  #dotAll: boolean;
  #verbose = false;
  #ascii = false;

  constructor(text: string, flags: RegexFlags) {
    this.#text = text;
    this.#ignoreCase = flags.ignoreCase === true;
    this.#multiline = flags.multiline === true;
    this.#dotAll = flags.dotAll === true;
    this.#globalFlags();
  }

  /** Python allows `(?i)` only at the start; it holds for all of the expression. */
  #globalFlags(): void {
    const found = /^\(\?([aiLmsux]+)\)/.exec(this.#text);
    if (!found) return;
    const letters = found[1] as string;
    this.#at = found[0].length;
    if (letters.includes('i')) this.#ignoreCase = true;
    if (letters.includes('m')) this.#multiline = true;
    if (letters.includes('s')) this.#dotAll = true;
    if (letters.includes('x')) this.#verbose = true;
    if (letters.includes('a')) this.#ascii = true;
    if (letters.includes('L')) throw new Failure('the flag L of a regular expression is not supported');
  }

  run(): { source: string; ignoreCase: boolean } {
    let source = '';
    while (this.#at < this.#text.length) source += this.#piece();
    return { source, ignoreCase: this.#ignoreCase };
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(pattern.source, 'yu');
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (!found) return undefined;
    this.#at = sticky.lastIndex;
    return found;
  }

  #piece(): string {
    if (this.#verbose && this.#take(/\s+|#[^\n]*/)) return '';
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
    switch (char) {
      case '\\':
        return this.#escape(false);
      case '[':
        return this.#class();
      case '(':
        return this.#group();
      case '.':
        this.#at++;
        return this.#dotAll ? '[\\s\\S]' : '[^\\n]';
      case '^':
        this.#at++;
        return this.#multiline ? '(?<=\\n|(?<![\\s\\S]))' : '(?<![\\s\\S])';
      case '$':
        this.#at++;
        return this.#multiline ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
      case '{': {
        const count = this.#take(/\{(\d*)(,?)(\d*)\}/);
        if (count && (count[1] !== '' || count[3] !== ''))
          return `{${count[1] === '' ? '0' : count[1]}${count[2]}${count[3]}}`;
        if (count) return `\\{${count[2]}\\}`;
        this.#at++;
        return '\\{';
      }
      case '}':
      case ']':
        this.#at++;
        return `\\${char}`;
    }
    this.#at += char.length;
    return '*+?)|'.includes(char) ? char : literal(char);
  }

  #group(): string {
    const named = this.#take(/\(\?P<([A-Za-z_]\w*)>/);
    if (named) return `(?<${named[1]}>`;
    const back = this.#take(/\(\?P=([A-Za-z_]\w*)\)/);
    if (back) return `\\k<${back[1]}>`;
    if (this.#take(/\(\?#[^)]*\)/)) return '';
    const kept = this.#take(/\(\?(?::|=|!|<=|<!)/) ?? this.#take(/\((?!\?)/);
    if (kept) return kept[0];
    throw new Failure(
      `the regular expression holds "${this.#text.slice(this.#at, this.#at + 4)}", which is not supported`,
    );
  }

  #escape(inClass: boolean): string {
    this.#at++;
    const char = this.#text[this.#at];
    if (char === undefined) throw new Failure('the regular expression ends with a backslash');
    const numeric = this.#take(/x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|0[0-7]{0,2}/);
    if (numeric) return codePoint(numeric[0]);
    if (!inClass) {
      const reference = this.#take(/[1-9]\d?/);
      if (reference) return `(?:\\${reference[0]})`;
    }
    this.#at += (this.#text.codePointAt(this.#at) as number) > 0xffff ? 2 : 1;
    const known = this.#ascii ? ASCII_CLASSES[char] : CLASSES[char];
    if (known !== undefined) return known;
    if (!inClass) {
      if (char === 'b') return this.#ascii ? ASCII_BOUNDARY : BOUNDARY;
      if (char === 'B') return this.#ascii ? ASCII_NO_BOUNDARY : NO_BOUNDARY;
      if (char === 'A') return '(?<![\\s\\S])';
      if (char === 'Z') return '(?![\\s\\S])';
    }
    if (char === 'b') return '\\x08';
    if (char === 'a') return '\\x07';
    if ('fnrtv'.includes(char)) return `\\${char}`;
    if (/[A-Za-z]/.test(char)) throw new Failure(`the regular expression holds the unknown escape "\\${char}"`);
    return literal(this.#text.slice(this.#at - char.length, this.#at));
  }

  #class(): string {
    this.#at++;
    let source = this.#take(/\^/) ? '[^' : '[';
    for (let first = true; ; first = false) {
      const char = this.#text[this.#at];
      if (char === undefined) throw new Failure('the regular expression has a "[" that is never closed');
      if (char === ']' && !first) {
        this.#at++;
        return `${source}]`;
      }
      if (char === '\\') source += this.#escape(true);
      else {
        const whole = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
        this.#at += whole.length;
        source += whole === '-' && this.#isRange(first, source) ? '-' : literal(whole);
      }
    }
  }

  /** Whether a "-" inside a class stands between two ends of a range. */
  #isRange(first: boolean, before: string): boolean {
    const next = this.#text[this.#at];
    const afterClass = /\\[pP]\{\w+\}$|\]$/.test(before);
    const beforeClass = next === '\\' && 'wWdDsS'.includes(this.#text[this.#at + 1] ?? ' ');
    return !first && next !== ']' && !before.endsWith('[') && !before.endsWith('[^') && !afterClass && !beforeClass;
  }
}

function literal(char: string): string {
  return SYNTAX.test(char) ? `\\u{${(char.codePointAt(0) as number).toString(16)}}` : char;
}

function codePoint(escape: string): string {
  const code = escape[0] === '0' ? Number.parseInt(escape, 8) : Number.parseInt(escape.slice(1), 16);
  return `\\u{${code.toString(16)}}`;
}

/** Python's replacement text (`\1`, `\g<name>`, `\n`) for one match. */
export function expandReplacement(template: string, match: RegExpExecArray): string {
  return template.replace(
    /\\(?:g<(\w+)>|([1-9]\d?)|0([0-7]{0,2})|([\s\S]))/g,
    (all, name?: string, index?: string, octal?: string, char?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal || '0', 8));
      if (char !== undefined)
        return (
          ({ n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07', b: '\b', '\\': '\\' } as Record<string, string>)[
            char
          ] ?? (/[A-Za-z]/.test(char) ? bad(all) : all)
        );
      return groupOf(match, name ?? (index as string)) ?? '';
    },
  );
}

/** What a group matched, null where it took no part. */
export function groupOf(match: RegExpExecArray, key: string): string | null {
  const number = /^\d+$/.test(key) ? Number(key) : undefined;
  const there =
    number === undefined ? match.groups !== undefined && Object.hasOwn(match.groups, key) : number < match.length;
  if (!there) throw new Failure(`the regular expression has no group ${key}`);
  return (number === undefined ? match.groups?.[key] : match[number]) ?? null;
}

function bad(escape: string): never {
  throw new Failure(`the replacement holds the unknown escape "${escape}"`);
}

/** Every match, as Python's finditer; an empty match may follow one that is not. */
export function* matches(regex: RegExp, text: string): Iterable<RegExpExecArray> {
  regex.lastIndex = 0;
  for (;;) {
    const found = regex.exec(text);
    if (!found) return;
    yield found;
    if (found[0] === '') regex.lastIndex = found.index + ((text.codePointAt(found.index) ?? 0) > 0xffff ? 2 : 1);
    if (regex.lastIndex > text.length) return;
  }
}
