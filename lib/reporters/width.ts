// Columns on a terminal. What may be shown two columns wide is counted as two: a line then is shorter than it could
// be, never longer than the terminal.
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const NARROWEST = /[\p{Mn}\p{Me}\p{Cf}]/u;
const COLOUR = /\x1b\[[0-9;]*m/g;

/** How many columns a text takes at most; colours take none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(COLOUR, '')) width += characterWidth(character);
  return width;
}

/** The text cut to a number of columns, ending in `…` where something was cut; the text has no colours. */
export function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let width = 1;
  let kept = '';
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** A piece of a line and how it is painted. */
export type Piece = readonly [text: string, paint?: (text: string) => string];

/** Painted pieces side by side, cut to a number of columns. */
export function fit(pieces: readonly Piece[], columns: number): string {
  let left = columns;
  let line = '';
  for (const [text, paint] of pieces) {
    const shown = cut(text, left);
    line += paint && shown !== '' ? paint(shown) : shown;
    if (shown !== text) break;
    left -= textWidth(text);
  }
  return line;
}

/** Names in a row with commas, as many as fit in the columns, then `… 4 more`. */
export function fitList(names: readonly string[], columns: number): string {
  let best = '';
  for (let count = 1; count <= names.length; count++) {
    const more = count < names.length ? `, … ${names.length - count} more` : '';
    const text = names.slice(0, count).join(', ') + more;
    if (textWidth(text) <= columns) best = text;
  }
  return best === '' ? cut(names.join(', '), columns) : best;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (NARROWEST.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
