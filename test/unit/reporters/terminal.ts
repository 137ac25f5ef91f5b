const PIECE = /\x1b\[(\d*)([A-Za-z])|[\r\n]|[^\x1b\r\n]/gu;

/** A terminal that knows what the live reporter uses: characters (one column each), `\r`, `\n`, CSI A, J, K and m. */
export class Terminal {
  readonly columns: number;
  #rows: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    for (const [piece, number = '', letter] of text.matchAll(PIECE)) {
      if (letter !== undefined) this.#control(letter, Number(number || 1));
      else if (piece === '\r') this.#column = 0;
      else if (piece === '\n') this.#newline();
      else this.#put(piece);
    }
  }

  /** What is on it, without the empty rows at the end. */
  get screen(): string {
    return this.#rows
      .map(row => row.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** The row the cursor is in and its column. */
  get cursor(): readonly [row: number, column: number] {
    return [this.#row, this.#column];
  }

  #put(character: string): void {
    if (this.#column === this.columns) this.#newline();
    const row = (this.#rows[this.#row] ?? '').padEnd(this.#column);
    this.#rows[this.#row] = row.slice(0, this.#column) + character + row.slice(this.#column + 1);
    this.#column++;
  }

  #newline(): void {
    this.#column = 0;
    this.#row++;
    this.#rows[this.#row] ??= '';
  }

  #control(letter: string, number: number): void {
    const row = this.#rows[this.#row] ?? '';
    if (letter === 'A') this.#row = Math.max(0, this.#row - number);
    else if (letter === 'K' || letter === 'J') this.#rows[this.#row] = row.slice(0, this.#column);
    else if (letter !== 'm') throw new Error(`this terminal does not know CSI ${letter}`);
    if (letter === 'J') this.#rows.length = this.#row + 1;
  }
}
