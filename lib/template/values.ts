import type { SourceFile, Span } from '../text/source.ts';

/** What a dict may be keyed by; Python's dicts keep 1 and '1' apart and keep their order, so a dict is a Map. */
export type Key = string | number | boolean | null;
export type Dict = Map<Key, Value>;

/** Every value an expression can have. A JavaScript number is always a Python int; a Python float is a `Float`. */
export type Value = string | number | boolean | null | Float | Undefined | Unknown | Secret | Value[] | Dict;

/** A value as written by the user: its strings may be templates, rendered when the value is used. */
export type Raw = string | number | boolean | null | Float | Secret | Unknown | Template | Raw[] | Map<Key, Raw>;

/** A Python float, kept apart from ints: `1.0` prints `1.0`. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** What a name or attribute that is not there evaluates to; using it is an error, `default` and `is defined` are not. */
export class Undefined {
  readonly message: string;
  readonly suggestion: string | undefined;
  constructor(message: string, suggestion?: string) {
    this.message = message;
    this.suggestion = suggestion;
  }
}

/** The result of what a dry run did not run. Whatever is computed from it is unknown too. */
export class Unknown {
  /** Why it is not known, to be read after "unknown: ". */
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** A value that must never be shown. Whatever is computed from it is secret too. */
export class Secret {
  readonly #value: Value;
  /** Whether it stands encrypted in YAML as a scalar of its own, for the test `vault_encrypted`; what is made of it does not. */
  readonly sealed: boolean;
  constructor(value: Value, { sealed = false }: { readonly sealed?: boolean } = {}) {
    this.#value = value instanceof Secret ? value.reveal() : value;
    this.sealed = sealed;
  }
  /** The value itself: only for what is sent to a host or a program. */
  reveal(): Value {
    return this.#value;
  }
  toString(): string {
    return '***';
  }
  toJSON(): string {
    return '***';
  }
}

/** Where a template's text stands: `offsetAt` turns an index of the text into an offset of the file. */
export interface Origin {
  readonly file: SourceFile;
  readonly span: Span;
  offsetAt(index: number): number;
}

/**
 * A compiled template or expression. It exists only where the user's own YAML or template file had one: no string
 * made at run time is ever compiled (what a host returns is data for ever).
 */
export interface Template {
  readonly kind: 'template';
  readonly text: string;
  readonly origin: Origin;
  /** The value for one scope. Throws TemplateError; never returns Undefined. */
  render(scope: Scope): Value;
}

/** What a template can see: variables by name, rendered when asked for. */
export interface Scope {
  /** The rendered value, or undefined when there is no such variable. Throws TemplateError. */
  get(name: string): Value | undefined;
  /** Every name there is, for "did you mean". */
  names(): Iterable<string>;
  /** Where a variable was set, for the notes of an error. */
  where(name: string): Span | undefined;
  readonly services: Services;
}

/** A file of the controller; secret where it was encrypted. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly secret?: true;
}

/** What stands at a path of the controller. */
export interface Inspected {
  readonly kind: 'file' | 'directory' | 'other';
  readonly link: boolean;
  /** Whether another file system begins there. */
  readonly mount: boolean;
  /** The same for two paths exactly when they are one file. */
  readonly id: string;
}

/** A GET of the lookup `url`. */
export interface FetchRequest {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** The login is sent before the server asks for it. */
  readonly loginFirst: boolean;
  /** Whether ~/.netrc is asked for a login where none is given. */
  readonly netrc: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that are not sent on where it is redirected to. */
  readonly unredirected: readonly string[];
  readonly redirects: boolean;
  /** Whether the proxies of the environment are used. */
  readonly proxy: boolean;
  readonly validateCerts: boolean;
  /** Seconds of silence. */
  readonly timeout: number;
  readonly caPath?: string | undefined;
  readonly ciphers?: string | undefined;
  readonly unixSocket?: string | undefined;
}

/** The server's answer, or why there is none. */
export type Fetched =
  | { readonly status: number; readonly reason: string; readonly body: Uint8Array }
  | { readonly failure: string };

/** What lookups may ask of the controller. */
export interface Services {
  /** Finds and reads a file as tasks do: the role's folder, the task file's, the playbook's. */
  readFile(path: string, folder: 'files' | 'templates' | 'vars'): FoundFile | undefined;
  /** Paths matching a shell pattern in the same places, sorted. */
  glob(pattern: string): readonly string[];
  /** Runs a command line with /bin/sh on the controller and returns its stdout; throws on failure. */
  pipe(command: string): string;
  /** Reads a URL and waits for it; never throws. For the lookup `url`. */
  fetch?(request: FetchRequest): Fetched;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What stands at a path of the controller (relative ones as for `readFile`); for the tests `is file`, `is directory`, ... */
  inspect?(path: string): Inspected | undefined;
  /** A path of the controller with its links followed; what is not there stays as it is written. */
  realPath?(path: string): string;
  /** Stores a made password (relative paths stand beside the playbook; only the user may read the file); for the lookup `password`. */
  storePassword?(path: string, text: string): void;
  /** The hosts that patterns name, as `hosts` of a play has them; throws Failure. For the lookup `inventory_hostnames`. */
  hostNames?(patterns: readonly string[]): readonly string[];
  /** A setting by Ansible's name for it (None where nothing sets it); undefined where there is none. For the lookup `config`. */
  setting?(name: string): Value | undefined;
  /** Tells the user what may be wrong and is not enough for an error. */
  warn?(message: string): void;
  /** Remembers a text as secret, so that it is hidden wherever it would be shown. */
  hide(secret: string): void;
}
