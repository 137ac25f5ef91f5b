import { type EndOf, lexExpression, type Token, type TokenKind } from './lex-expression.ts';
import { SyntaxProblem } from './syntax-error.ts';

/** How a template's tags look and what happens to the white space around them; the names are Jinja's. */
export interface Syntax {
  readonly variableStart: string;
  readonly variableEnd: string;
  readonly blockStart: string;
  readonly blockEnd: string;
  readonly commentStart: string;
  readonly commentEnd: string;
  /** The line break right after a block or comment is dropped. */
  readonly trimBlocks: boolean;
  /** White space between the start of the line and a block or comment is dropped. */
  readonly lstripBlocks: boolean;
  /** The output ends with at least as many line breaks as the template. */
  readonly keepTrailingNewline: boolean;
  /** What a line break of the template becomes. */
  readonly newline: string;
}

/** As Ansible's template module: trim_blocks on, lstrip_blocks off, trailing newlines kept. */
export const SYNTAX: Syntax = {
  variableStart: '{{',
  variableEnd: '}}',
  blockStart: '{%',
  blockEnd: '%}',
  commentStart: '{#',
  commentEnd: '#}',
  trimBlocks: true,
  lstripBlocks: false,
  keepTrailingNewline: true,
  newline: '\n',
};

interface Tag {
  readonly kind: 'variable' | 'block' | 'comment';
  readonly open: string;
  readonly close: string;
}

/** Cuts a template into text and the tokens of its tags. */
export function lex(text: string, syntax: Syntax): Token[] {
  return new Lexer(text, syntax).run();
}

class Lexer {
  readonly #text: string;
  readonly #syntax: Syntax;
  readonly #tags: readonly Tag[];
  readonly #starts: RegExp;
  readonly #rawBegin: RegExp;
  readonly #rawEnd: RegExp;
  readonly #tokens: Token[] = [];

  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#syntax = syntax;
    this.#tags = [
      { kind: 'variable', open: syntax.variableStart, close: syntax.variableEnd },
      { kind: 'block', open: syntax.blockStart, close: syntax.blockEnd },
      { kind: 'comment', open: syntax.commentStart, close: syntax.commentEnd },
    ];
    const close = quote(syntax.blockEnd);
    this.#rawBegin = new RegExp(`\\s*raw\\s*(-?)${close}`, 'y');
    this.#rawEnd = new RegExp(`${quote(syntax.blockStart)}([-+]?)\\s*endraw\\s*([-+]?)${close}`, 'g');
    const opens = this.#tags.map(tag => tag.open).sort((a, b) => b.length - a.length);
    this.#starts = new RegExp(opens.map(quote).join('|'), 'g');
  }

  run(): Token[] {
    let at = 0;
    let lineStarting = true;
    while (at <= this.#text.length) {
      this.#starts.lastIndex = at;
      const found = this.#starts.exec(this.#text);
      const tag = found && this.#tags.find(t => t.open === found[0]);
      if (!found || !tag) break;
      const bodyStart = found.index + found[0].length;
      const sign =
        this.#text[bodyStart] === '-' || this.#text[bodyStart] === '+' ? (this.#text[bodyStart] as string) : '';
      this.#pushText(at, this.#before(at, found.index, { tag, sign, lineStarting }), found.index);
      at = this.#tag(tag, found.index, bodyStart + sign.length);
      lineStarting = this.#text[at - 1] === '\n';
    }
    this.#pushText(at, this.#lastText(at), this.#text.length);
    this.#tokens.push({ kind: 'end', value: '', start: this.#text.length, end: this.#text.length });
    return this.#tokens;
  }

  #lastText(at: number): string {
    // As Jinja: the last line break is dropped; template.ts puts it back where it is to be kept.
    return this.#text.slice(at).replace(/(?:\r\n|\r|\n)$/, '');
  }

  /** The text before a tag, less what its sign and lstrip_blocks take away. */
  #before(
    from: number,
    to: number,
    { tag, sign, lineStarting }: { tag: Tag; sign: string; lineStarting: boolean },
  ): string {
    const text = this.#text.slice(from, to);
    if (sign === '-') return text.trimEnd();
    if (!this.#syntax.lstripBlocks || sign === '+' || tag.kind === 'variable') return text;
    const line = text.lastIndexOf('\n') + 1;
    return (line > 0 || lineStarting) && text.slice(line).trim() === '' ? text.slice(0, line) : text;
  }

  #pushText(start: number, text: string, end: number): void {
    if (text === '') return;
    const value =
      text.includes('\r') || this.#syntax.newline !== '\n' ? text.replace(/\r\n|\r|\n/g, this.#syntax.newline) : text;
    this.#tokens.push({ kind: 'text', value, start, end });
  }

  /** Reads one tag whose body starts at `body`; returns where the text after it starts. */
  #tag(tag: Tag, open: number, body: number): number {
    const range = { start: open, end: open + tag.open.length };
    if (tag.kind === 'comment') return this.#comment(tag, body, range);
    if (tag.kind === 'block') {
      const raw = this.#raw(body, range);
      if (raw !== undefined) return raw;
    }
    this.#tokens.push({ kind: `${tag.kind}-begin` as TokenKind, value: tag.open, ...range });
    const end = lexExpression(this.#text, body, this.#tokens, this.#endOf(tag));
    if (this.#tokens.at(-1)?.kind !== 'end') return end;
    throw new SyntaxProblem(`"${tag.open}" is never closed`, range, `"${tag.close}" is missing`);
  }

  #comment(tag: Tag, body: number, range: { start: number; end: number }): number {
    const end = this.#text.indexOf(tag.close, body);
    if (end < 0) throw new SyntaxProblem(`"${tag.open}" is never closed`, range, `"${tag.close}" is missing`);
    const sign = this.#text[end - 1];
    return this.#after(end + tag.close.length, sign === '-' || sign === '+' ? sign : '', true);
  }

  /** Where the text after a tag starts: `-` takes all white space, trim_blocks one line break. */
  #after(at: number, sign: string, trims: boolean): number {
    if (sign === '-') {
      const rest = /\s*/y;
      rest.lastIndex = at;
      rest.test(this.#text);
      return rest.lastIndex;
    }
    if (!trims || sign === '+' || !this.#syntax.trimBlocks) return at;
    if (this.#text.startsWith('\r\n', at)) return at + 2;
    return this.#text[at] === '\n' || this.#text[at] === '\r' ? at + 1 : at;
  }

  #endOf(tag: Tag): EndOf {
    return at => {
      const sign =
        this.#text[at] === '-' || (this.#text[at] === '+' && tag.kind === 'block') ? (this.#text[at] as string) : '';
      if (!this.#text.startsWith(tag.close, at + sign.length)) return undefined;
      const after = at + sign.length + tag.close.length;
      const end = this.#after(after, sign, tag.kind === 'block');
      return { kind: `${tag.kind}-end` as TokenKind, value: this.#text.slice(at, after), start: at, end };
    };
  }

  /** `{% raw %}...{% endraw %}`: pushes its text and returns where the text after it starts. */
  #raw(body: number, range: { start: number; end: number }): number | undefined {
    const begin = this.#rawBegin;
    begin.lastIndex = body;
    const opened = begin.exec(this.#text);
    if (!opened) return undefined;
    const from = this.#after(begin.lastIndex, opened[1] as string, false);
    const finish = this.#rawEnd;
    finish.lastIndex = from;
    const closed = finish.exec(this.#text);
    if (!closed) throw new SyntaxProblem('"raw" is never closed', range, '"{% endraw %}" is missing');
    const tag = this.#tags[1] as Tag;
    this.#pushText(
      from,
      this.#before(from, closed.index, { tag, sign: closed[1] as string, lineStarting: false }),
      closed.index,
    );
    return this.#after(finish.lastIndex, closed[2] as string, true);
  }
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
