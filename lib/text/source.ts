/** A text file (or a named text such as `<extra-vars>`) with an index of its lines; offsets are UTF-16 code units. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of each line; always starts with 0. */
  readonly lineStarts: readonly number[];
  /** True where the file stands encrypted: nothing of its text may be shown. */
  readonly secret?: true;
  /** Opens what stands encrypted inside it. */
  readonly open?: Open;
}

/** Opens an encrypted text; the fault says why it stays closed. */
export type Open = (text: string) => { readonly text: string } | { readonly fault: OpenFault };

export interface OpenFault {
  readonly code: 'vault-format' | 'vault-password';
  readonly message: string;
  readonly suggestion?: string;
}

/** A half-open range of a source file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: lines and columns from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Makes a source file of a path (as shown to people) and its text. */
export function sourceFile(path: string, text: string, more: Pick<SourceFile, 'secret' | 'open'> = {}): SourceFile {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { ...more, path, text, lineStarts };
}

/** The line and column of an offset. */
export function positionAt(file: SourceFile, offset: number): Position {
  let low = 0;
  let high = file.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((file.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (file.lineStarts[low] ?? 0) + 1 };
}

/** `path:line:column` of where a span starts. */
export function spanName(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${span.file.path}:${line}:${column}`;
}

/** The text of a line (from 1) without its line break. */
export function lineText(file: SourceFile, line: number): string {
  const start = file.lineStarts[line - 1];
  if (start === undefined) return '';
  const end = file.lineStarts[line];
  return file.text.slice(start, end === undefined ? undefined : end - 1).replace(/\r$/, '');
}
