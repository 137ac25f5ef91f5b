/** One statement of a file of SQL, without the delimiter after it, and the line it begins on. */
export interface ScriptStatement {
  readonly text: string;
  readonly line: number;
}

/**
 * Cuts a file of SQL into its statements, as the mysql client does: the delimiter (`;`, or what a line `DELIMITER //`
 * says) does not count inside quotes and comments. Comments stay where they are in a statement; statements of nothing
 * but comments are left out, those of executable ones (`/*!40101 ... *\/`) are not. An error sentence for what never ends.
 */
export function splitScript(script: string): readonly ScriptStatement[] | { readonly error: string } {
  const text = script.replace(/^\uFEFF/, '');
  const statements: ScriptStatement[] = [];
  const lines = lineCounter(text);
  let delimiter = ';';
  let start: number | undefined; // where the statement's first word is
  let at = 0;
  const finish = (end: number) => {
    if (start !== undefined) statements.push({ text: text.slice(start, end).trimEnd(), line: lines(start) });
    start = undefined;
  };
  while (at < text.length) {
    const directive = start === undefined && isLineStart(text, at) ? DELIMITER.exec(lineAt(text, at)) : null;
    if (directive !== null) {
      delimiter = directive[1] as string;
      at += lineAt(text, at).length;
    } else if (text.startsWith(delimiter, at)) {
      finish(at);
      at += delimiter.length;
    } else {
      const end = skip(text, at);
      if (end === undefined)
        return {
          error: `line ${lines(at)}: ${text.startsWith('/*', at) ? 'the comment' : `the quote ${text[at]}`} that begins here never ends`,
        };
      const piece = text.slice(at, end);
      if (start === undefined && !isBlank(piece)) start = at;
      at = end;
    }
  }
  finish(text.length);
  return statements;
}

const DELIMITER = /^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*\r?$/i;

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? text.length : end);
}

function isLineStart(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === '\n';
}

/** White space and comments that the server does not run. */
function isBlank(piece: string): boolean {
  return /^(\s|#|--|\/\*(?!M?!))/.test(piece);
}

/** The end of what begins at a place: a comment, something in quotes, or one character; undefined: it has none. */
function skip(text: string, at: number): number | undefined {
  const char = text[at] as string;
  if (char === '#' || (char === '-' && /^--(\s|$)/.test(text.slice(at, at + 3)))) return at + lineAt(text, at).length;
  if (text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? undefined : end + 2;
  }
  return '\'"`'.includes(char) ? quoteEnd(text, at) : at + 1;
}

function quoteEnd(text: string, from: number): number | undefined {
  const quote = text[from];
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote !== '`') i++;
    // a doubled quote ends here and opens again at once: the same for where the statement ends
    else if (text[i] === quote) return i + 1;
  }
  return undefined;
}

/** Line numbers of places that only grow. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let seen = 0;
  return at => {
    for (; seen < at; seen++) if (text[seen] === '\n') line++;
    return line;
  };
}
