import { Written } from './written.ts';

/** The words of a line, or what is wrong with it and from where on. */
export type Words =
  | { readonly ok: true; readonly words: readonly Written[] }
  | { readonly ok: false; readonly problem: string; readonly at: Written };

/**
 * Cuts a line as Python's shlex does with comments on: quotes join, a backslash takes the next character as it is
 * (between double quotes only `\` and `"`), and a `#` anywhere outside of quotes begins a comment.
 */
export function splitWords(line: Written): Words {
  const { text } = line;
  const words: Written[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (char === '#') break;
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    const word = readWord(line, at);
    if ('problem' in word) return { ok: false, problem: word.problem, at: line.slice(at) };
    words.push(word.word);
    at = word.end;
  }
  return { ok: true, words };
}

function readWord(
  line: Written,
  start: number,
): { readonly word: Written; readonly end: number } | { readonly problem: string } {
  const { text } = line;
  const chars: string[] = [];
  const offsets: number[] = [];
  const take = (index: number): void => {
    chars.push(text[index] as string);
    offsets.push(line.offsetAt(index));
  };
  let quote = '';
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at] as string;
    if (quote === '' && /[\s#]/.test(char)) break;
    if (char === '\\' && quote !== "'") {
      if (at + 1 === text.length) return { problem: 'a backslash at the end of the line takes nothing' };
      if (quote !== '' && !/[\\"]/.test(text[at + 1] as string)) take(at);
      take(++at);
    } else if (quote === '' && /["']/.test(char)) quote = char;
    else if (char === quote) quote = '';
    else take(at);
  }
  if (quote !== '') return { problem: `the quote ${quote} is not closed` };
  return { word: new Written(line.file, chars.join(''), [...offsets, line.offsetAt(at)]), end: at };
}
