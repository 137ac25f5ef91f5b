import { textWidth } from './width.ts';

const ERASE_LINE_END = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

/**
 * A few lines at the bottom of a terminal that are drawn again and again, with ordinary output going above them. The
 * cursor rests at the start of the line below. Each call is one write, so that no half-drawn state is seen.
 */
export class Screen {
  readonly #write: (text: string) => void;
  #shown: readonly string[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Draws the lines (each must fit the columns) in place of the ones before; writes nothing when they are the same. */
  draw(lines: readonly string[], columns: number): void {
    if (lines.length === this.#shown.length && lines.every((line, i) => line === this.#shown[i])) return;
    // Written over and then erased to its end, a line does not flicker.
    const text = lines.map(line => `${line}${ERASE_LINE_END}\n`).join('');
    this.#write(`${this.#up(columns)}${text}${ERASE_BELOW}`);
    this.#shown = lines;
  }

  /** Writes ordinary output, which stays, and the lines below it again. */
  print(output: string, lines: readonly string[], columns: number): void {
    const area = lines.map(line => `${line}\n`).join('');
    this.#write(`${this.#erase(columns)}${output}${area}`);
    this.#shown = lines;
  }

  #erase(columns: number): string {
    return this.#shown.length === 0 ? '' : `${this.#up(columns)}${ERASE_BELOW}`;
  }

  /** To the first drawn line; a terminal made narrower since has broken the lines into several. */
  #up(columns: number): string {
    const rows = this.#shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / columns)), 0);
    return rows === 0 ? '' : `\r\x1b[${rows}A`;
  }
}
