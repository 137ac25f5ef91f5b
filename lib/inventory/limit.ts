import { type Checked, Diagnostics } from '../text/diagnostic.ts';
import { type SourceFile, sourceFile } from '../text/source.ts';
import type { Files } from './files.ts';
import { type PatternText, splitPattern, type Term } from './pattern.ts';

/** The patterns of `--limit`; `@file` stands for the lines of a file, each one pattern, as Ansible's retry files. */
export function limitPatterns(text: string, files: Files): Checked<readonly PatternText[]> {
  const found = new Diagnostics();
  const option = sourceFile('--limit', text);
  const given: PatternText = { text, span: { file: option, start: 0, end: text.length }, offsetAt: i => i };
  const terms = splitPattern(given);
  // Without a file the text is kept as it is: an unknown name in it gets the better hint.
  if (!terms.some(isFile)) return found.checked([given]);
  const patterns = terms.flatMap((term): readonly PatternText[] => {
    const { start, end } = term.span ?? { start: 0, end: 0 };
    if (!isFile(term)) return [wholePattern(option, start, end)];
    return linesOf(text.slice(start + 1, end), { files, found, at: { file: option, start, end } });
  });
  return found.checked(patterns);
}

function isFile(term: Term): boolean {
  return term.sign === 'add' && term.text.startsWith('@');
}

function linesOf(
  path: string,
  { files, found, at }: { files: Files; found: Diagnostics; at: { file: SourceFile; start: number; end: number } },
): readonly PatternText[] {
  if (files.kindOf(path) !== 'file') {
    found.error('missing-file', `there is no file "${path}" of patterns`, { span: at });
    return [];
  }
  const read = files.readFile(path);
  if (!read.ok) {
    for (const e of read.errors) found.add(e);
    return [];
  }
  const file = read.value;
  return [...file.text.matchAll(/\S(?:.*\S)?/g)].map(m => wholePattern(file, m.index, m.index + m[0].length));
}

function wholePattern(file: SourceFile, start: number, end: number): PatternText {
  return { text: file.text.slice(start, end), whole: true, span: { file, start, end }, offsetAt: i => start + i };
}
