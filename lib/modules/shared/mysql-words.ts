/** A piece of a grant: a word, a name in quotes (without them), or one of the marks. */
export interface Token {
  readonly kind: 'word' | 'name' | 'mark';
  readonly text: string;
}

/** Cuts a grant into words, quoted names and marks; undefined when a quote is not closed. */
export function grantTokens(text: string, marks: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let i = 0; i < text.length; ) {
    const char = text[i] as string;
    if (/\s/.test(char)) i++;
    else if (marks.includes(char)) {
      tokens.push({ kind: 'mark', text: char });
      i++;
    } else if ('`"\''.includes(char)) {
      const end = closing(text, i);
      if (end < 0) return undefined;
      tokens.push({ kind: 'name', text: text.slice(i + 1, end).replaceAll(char + char, char) });
      i = end + 1;
    } else {
      let end = i;
      while (end < text.length && !/\s/.test(text[end] as string) && !`${marks}\`"'`.includes(text[end] as string))
        end++;
      tokens.push({ kind: 'word', text: text.slice(i, end) });
      i = end;
    }
  }
  return tokens;
}

/** Where the quote that opens at `from` is closed: a doubled one is part of the name. */
function closing(text: string, from: number): number {
  const quote = text[from] as string;
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] !== quote) continue;
    if (text[i + 1] !== quote) return i;
    i++;
  }
  return -1;
}
