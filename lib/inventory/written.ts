import type { SourceFile, Span } from '../text/source.ts';
import type { ScalarNode } from '../yaml/node.ts';

/** Text of a file with the place of each of its characters there: quotes and escapes make the two differ. */
export class Written {
  readonly file: SourceFile;
  readonly text: string;
  /** One more than there are characters: the last is where the text ends. */
  readonly #offsets: readonly number[];

  constructor(file: SourceFile, text: string, offsets: readonly number[]) {
    this.file = file;
    this.text = text;
    this.#offsets = offsets;
  }

  /** What stands between two offsets of a file. */
  static of(file: SourceFile, start: number, end: number): Written {
    const offsets = Array.from({ length: end - start + 1 }, (_, i) => start + i);
    return new Written(file, file.text.slice(start, end), offsets);
  }

  offsetAt(index: number): number {
    return this.#offsets[Math.min(index, this.text.length)] ?? 0;
  }

  /** The file's text from the first character to the last, quotes between them included. */
  get span(): Span {
    return { file: this.file, start: this.offsetAt(0), end: this.offsetAt(this.text.length) };
  }

  slice(start: number, end = this.text.length): Written {
    return new Written(this.file, this.text.slice(start, end), this.#offsets.slice(start, end + 1));
  }

  trim(): Written {
    const start = this.text.length - this.text.trimStart().length;
    return this.slice(start, Math.max(start, this.text.trimEnd().length));
  }

  /** A YAML scalar of this text, for what reads both kinds of inventories. */
  node(value: ScalarNode['value'] = this.text): ScalarNode {
    return {
      kind: 'scalar',
      value,
      source: this.text,
      style: 'plain',
      span: this.span,
      offsetAt: i => this.offsetAt(i),
    };
  }
}
