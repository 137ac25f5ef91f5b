import type { Span } from './source.ts';

/** What can be wrong with what the user wrote; closed, so that every reader of a code is checked by the compiler. */
export type DiagnosticCode =
  | 'yaml-syntax'
  | 'yaml-trap'
  | 'duplicate-key'
  | 'wrong-shape'
  | 'wrong-type'
  | 'bad-value'
  | 'unknown-keyword'
  | 'unsupported'
  | 'unknown-module'
  | 'several-modules'
  | 'unknown-argument'
  | 'missing-argument'
  | 'conflicting-arguments'
  | 'missing-file'
  | 'missing-role'
  | 'unknown-host'
  | 'unknown-group'
  | 'unknown-tag'
  | 'unknown-handler'
  | 'unknown-inventory-keyword'
  | 'bad-pattern'
  | 'recursion'
  | 'template-syntax'
  | 'undefined-variable'
  | 'unknown-filter'
  | 'unknown-test'
  | 'unknown-lookup'
  | 'template-error'
  | 'role-variables'
  | 'no-effect'
  | 'vault-format'
  | 'vault-password'
  | 'bad-option'
  | 'lint';

/** A further place that explains a diagnostic, e.g. "imported here". */
export interface Note {
  readonly message: string;
  readonly span?: Span;
}

/** One thing wrong in the user's files: data, printed by `frame.ts`. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** Of `lint`: the rule that says it. */
  readonly rule?: string;
  readonly severity: 'error' | 'warning';
  /** One sentence: no position, no colour, no final stop. */
  readonly message: string;
  /** Absent only where there is no file to point at (a command-line option). */
  readonly span?: Span;
  readonly notes?: readonly Note[];
  /** What to type instead, e.g. `did you mean "owner"?`. */
  readonly suggestion?: string;
}

/** A value, or everything that is wrong with its text, all at once. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/** Where a pass puts what it finds, so that it can go on and find more. */
export class Diagnostics {
  readonly #all: Diagnostic[] = [];

  add(diagnostic: Diagnostic): void {
    this.#all.push(diagnostic);
  }

  error(code: DiagnosticCode, message: string, more: Omit<Diagnostic, 'code' | 'severity' | 'message'> = {}): void {
    this.add({ code, severity: 'error', message, ...more });
  }

  warning(code: DiagnosticCode, message: string, more: Omit<Diagnostic, 'code' | 'severity' | 'message'> = {}): void {
    this.add({ code, severity: 'warning', message, ...more });
  }

  get failed(): boolean {
    return this.#all.some(d => d.severity === 'error');
  }

  /** Everything found, in the order of files and places. */
  get sorted(): readonly Diagnostic[] {
    return sortDiagnostics(this.#all);
  }

  /** The value, unless an error was found. */
  checked<T>(value: T): Checked<T> {
    const all = this.sorted;
    return this.failed ? { ok: false, errors: all } : { ok: true, value, warnings: all };
  }
}

/** Sorts by file and place and drops repetitions (two roles may import one file), so that parallel work prints alike. */
export function sortDiagnostics(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const key = (d: Diagnostic) => d.span?.file.path ?? '';
  const sorted = [...all].sort((a, b) => {
    if (key(a) !== key(b)) return key(a) < key(b) ? -1 : 1;
    return (a.span?.start ?? 0) - (b.span?.start ?? 0);
  });
  const seen = new Set<string>();
  return sorted.filter(d => {
    const id = `${key(d)}\0${d.span?.start}\0${d.code}\0${d.message}`;
    return !seen.has(id) && seen.add(id);
  });
}
