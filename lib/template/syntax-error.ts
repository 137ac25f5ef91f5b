import type { DiagnosticCode } from '../text/diagnostic.ts';

/** Thrown while a template is read; `start` and `end` are indexes into its text. Never leaves index.ts. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly start: number;
  readonly end: number;
  readonly suggestion: string | undefined;
  readonly code: DiagnosticCode;
  constructor(
    message: string,
    range: { start: number; end: number },
    suggestion?: string,
    code: DiagnosticCode = 'template-syntax',
  ) {
    super(message);
    this.start = range.start;
    this.end = range.end;
    this.suggestion = suggestion;
    this.code = code;
  }
}
