import { Composer, type Document, Lexer, Parser } from 'yaml';

// What a machine reads in seconds: a dense file of about 3 MB, or text in blocks of any size.
const MOST = 1_500_000;

/** More YAML than can be read in bounded time and memory. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';
  /** Where reading stopped, as an offset of the text. */
  readonly offset: number;
  readonly suggestion = `keep big data in JSON and read it with lookup('file', ...) | from_json`;
  constructor(offset: number) {
    super(`the file holds more than ${MOST} words and signs of YAML`);
    this.offset = offset;
  }
}

/** The documents of a YAML text, every scalar as text (`failsafe`). Throws TooMuch, and RangeError where the stack ends. */
export function composeDocuments(text: string, version: '1.1' | '1.2' = '1.2'): readonly Document[] {
  const composer = new Composer({
    version,
    schema: 'failsafe',
    prettyErrors: false,
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  return Array.from(composer.compose(tokens(text), false, text.length), document => document as unknown as Document);
}

/** The parser's tokens, as long as there are not too many. */
function* tokens(text: string) {
  const parser = new Parser();
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > MOST) throw new TooMuch(parser.offset);
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}
