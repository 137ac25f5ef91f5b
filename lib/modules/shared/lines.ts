/** Splits a text after each line break, which stays part of its line. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without its line break. */
export function bare(line: string): string {
  return line.replace(/[\r\n]+$/, '');
}
