import type { Diagnostic, DiagnosticCode, Note } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { type Origin, type Scope, Undefined, type Unknown } from './values.ts';

/** An evaluation that failed, with the exact place in the template. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** What operators, filters and tests throw: they do not know where they stand; the evaluator adds the place. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: DiagnosticCode;
  readonly suggestion: string | undefined;
  constructor(message: string, suggestion?: string, code: DiagnosticCode = 'template-error') {
    super(message);
    this.suggestion = suggestion;
    this.code = code;
  }
}

/** Thrown where an unknown decides what is printed (`{% if unknown %}`): the whole text is unknown then. */
export class UnknownFound extends Error {
  override readonly name = 'UnknownFound';
  readonly unknown: Unknown;
  constructor(unknown: Unknown) {
    super(unknown.why);
    this.unknown = unknown;
  }
}

/** A piece of a template's text. */
export interface At {
  readonly origin: Origin;
  /** Indexes into the template's text. */
  readonly start: number;
  readonly end: number;
}

/** Where a piece of a template stands in its file. */
export function spanOf(at: At): Span {
  const start = at.origin.offsetAt(at.start);
  return { file: at.origin.file, start, end: Math.max(start + 1, at.origin.offsetAt(at.end)) };
}

/** What a missing name or attribute is, knowing where it was asked for, so that a later use can point there. */
export class Missing extends Undefined {
  readonly at: At;
  /** Looks for what was meant: only when the error is shown, as most missing names are only asked `is defined`. */
  readonly advice: (() => string | undefined) | undefined;
  /** The error of the variable itself, when it exists but could not be rendered. */
  readonly cause: TemplateError | undefined;
  constructor(message: string, at: At, more: { advice?: () => string | undefined; cause?: TemplateError } = {}) {
    super(message);
    this.at = at;
    this.advice = more.advice;
    this.cause = more.cause;
  }
}

/** What `x if condition` without `else` gives: as Jinja the one undefined that prints as nothing and counts as false. */
export class Nothing extends Undefined {}

/** Thrown when an undefined is used: kept apart from Failure, as it knows its own place. */
export class UndefinedUsed extends Failure {
  readonly value: Undefined;
  constructor(value: Undefined) {
    super(value.message, value instanceof Missing ? value.advice?.() : value.suggestion, 'undefined-variable');
    this.value = value;
  }
}

/** The error for something thrown while the piece at `at` was evaluated; bugs of ours stay as they are. */
export function located(error: unknown, at: At, scope: Scope): unknown {
  if (error instanceof RangeError && error.message.includes('call stack'))
    return new TemplateError({
      code: 'recursion',
      severity: 'error',
      message: 'too deep: the template calls itself without end',
      span: spanOf(at),
    });
  if (error instanceof RangeError && /^Invalid (?:string|array) length/.test(error.message))
    return new TemplateError({
      code: 'template-error',
      severity: 'error',
      message: 'the result is longer than a text can be',
      span: spanOf(at),
    });
  if (!(error instanceof Failure)) return error;
  const missing = error instanceof UndefinedUsed && error.value instanceof Missing ? error.value : undefined;
  if (missing?.cause) return missing.cause;
  const place = missing?.at ?? at;
  const notes = origins(place, scope);
  return new TemplateError({
    code: error.code,
    severity: 'error',
    message: error.message,
    span: spanOf(place),
    ...(notes.length > 0 && { notes }),
    ...(error.suggestion !== undefined && { suggestion: error.suggestion }),
  });
}

/** Where the variables named in a piece of a template were set. */
function origins(at: At, scope: Scope): Note[] {
  const piece = at.origin.span.file.text.slice(spanOf(at).start, spanOf(at).end).replace(/'[^']*'|"[^"]*"/g, '');
  const names = new Set(Array.from(piece.matchAll(/(?<![.|\w]\s*)\b[A-Za-z_]\w*/g), found => found[0]));
  return [...names].flatMap(name => {
    const span = scope.where(name);
    return span ? [{ message: `"${name}" was set`, span }] : [];
  });
}
