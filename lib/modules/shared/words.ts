/**
 * The words of a command line, split as Ansible's `command` does (Python's shlex in POSIX mode): quotes group, a
 * backslash keeps the next character, nothing is expanded. `{ error }` when a quote is not closed.
 */
export function splitWords(text: string): { readonly words: readonly string[] } | { readonly error: string } {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quote !== '') {
      const next = text[i + 1];
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && (next === '"' || next === '\\')) word += text[++i] as string;
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (c === '\\') {
      if (i + 1 === text.length) return { error: 'a backslash at the end has nothing to escape; write "\\\\"' };
      word = (word ?? '') + text[++i];
    } else if (/[ \t\r\n]/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (quote !== '') return { error: `a ${quote} is never closed; put the word in quotes or write \\${quote}` };
  if (word !== undefined) words.push(word);
  return { words };
}

/** The words of a text that `check` has already found to be well formed. */
export function wordsOf(text: string): readonly string[] {
  const split = splitWords(text);
  if ('error' in split) throw new Error(`internal: ${split.error}`);
  return split.words;
}
