import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../package-root.ts';

/** The scripts are shipped as they are. */
const FOLDER = pathToFileURL(`${packageRoot}lib/shell/prelude/`);

/**
 * The functions that sessions are fed: `core` to every session at its start, each other function with the first frame
 * that names it. A session sends and its shell reads a few kilobytes instead of all of it.
 */
export class Prelude {
  readonly core: string;
  readonly #pieces = new Map<string, Piece>();

  constructor(folder: URL = FOLDER) {
    const names = readdirSync(folder).filter(name => name.endsWith('.sh') && name !== 'core.sh');
    this.core = condense(readFileSync(new URL('core.sh', folder), 'utf8'));
    for (const name of names.sort()) this.#read(name, readFileSync(new URL(name, folder), 'utf8'));
  }

  /** The code a script needs that was not sent yet; notes in `sent` what it gives. */
  missing(script: string, sent: Set<string>): string {
    const texts: string[] = [];
    const want = (text: string) => {
      for (const [name] of text.matchAll(/\btp_\w+/g)) {
        const piece = this.#pieces.get(name);
        if (piece === undefined || sent.has(piece.name)) continue;
        sent.add(piece.name);
        if (piece.first !== undefined) want(piece.first);
        const code = piece.code();
        texts.push(code);
        want(code);
      }
    };
    want(script);
    return texts.join('');
  }

  /** Every function's name, for the test that each is tested. */
  get names(): readonly string[] {
    return [...this.#pieces.keys()];
  }

  /** Cuts a file at its functions, which begin with `name() {` and end with `}` at the start of a line. */
  #read(file: string, text: string): void {
    const functions = /^(tp_\w+)\(\) (?:\{|\()(?:.*[})]$|[^]*?^[})]$)/gm;
    // What stands outside of functions is done once, before the first of the file's functions is there.
    const rest = condense(text.replace(functions, ''));
    const first = rest.trim() === '' ? undefined : `tp_first_${file.replace(/\W/g, '_')}`;
    if (first !== undefined) this.#pieces.set(first, { name: first, code: () => rest, first: undefined });
    for (const [all, name = ''] of text.matchAll(functions))
      this.#pieces.set(name, { name, code: once(() => condense(all)), first });
  }
}

function once(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

interface Piece {
  readonly name: string;
  /** Made when it is first asked for: a run uses a few of a hundred. */
  code(): string;
  /** The piece that must be there before. */
  readonly first: string | undefined;
}

/**
 * A script without its comment lines, empty lines and indentation: half of the bytes that every session would send.
 * Lines that begin inside quotes or a here-document are kept as they are.
 */
export function condense(script: string): string {
  let quote = '';
  let heredoc: string | undefined;
  const kept: string[] = [];
  for (const line of script.split('\n')) {
    if (heredoc !== undefined) {
      kept.push(line);
      if (line.replace(/^\t+/, '') === heredoc) heredoc = undefined;
      continue;
    }
    const inside = quote !== '';
    const text = inside ? line : line.trimStart();
    if (!inside && (text === '' || text.startsWith('#'))) continue;
    kept.push(text);
    quote = quoteAfter(text, quote);
    if (quote === '') heredoc = /(?:^|[^<])<<-?\s*['"\\]?([A-Za-z_]+)/.exec(text)?.[1];
  }
  return `${kept.join('\n')}\n`;
}

/** Which quote is open after a line that began with `quote` open ('' for none). */
function quoteAfter(line: string, quote: string): string {
  let open = quote;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (c === '\\' && open !== "'") i++;
    else if (open === '' && c === '#' && /(^|[\s;])$/.test(line.slice(0, i))) break;
    else if (open === '' && (c === '"' || c === "'")) open = c;
    else if (c === open) open = '';
  }
  return open;
}
