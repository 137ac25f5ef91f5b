import { readdirSync, readFileSync } from 'node:fs';

/** The package's `lib/shell/prelude/`, as seen from `dist/lib/shell/`: the scripts are shipped as they are. */
const FOLDER = new URL('../../../lib/shell/prelude/', import.meta.url);

/** The text every session is fed first: core.sh, then the others by name, without comments. */
export function readPrelude(folder: URL = FOLDER): string {
  const names = readdirSync(folder).filter(name => name.endsWith('.sh') && name !== 'core.sh');
  return ['core.sh', ...names.sort()].map(name => condense(readFileSync(new URL(name, folder), 'utf8'))).join('');
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
