import type { Put, Sh, Stream } from '../shell/sh.ts';
import type { FromProperties, ValueSchema } from '../yaml/schema.ts';

export type { ValueSchema } from '../yaml/schema.ts';

/** The schema of one argument: a value's schema and what only arguments have. */
export interface ArgSchema extends ValueSchema {
  /** Other names Ansible takes for it. */
  readonly aliases?: readonly string[];
  /** Its value is hidden in everything that is shown. */
  readonly secret?: true;
  /** A permission mode: quoted octal digits, and an unquoted octal literal (0644) by its source text. */
  readonly mode?: true;
  /** Holds expressions without braces (assert's `that`, debug's `var`): compiled with the playbook, given as Evaluated. */
  readonly expression?: true;
  /**
   * A path of the host, or a list of them: given with `~` and variables of the host's environment replaced, as Ansible does
   * with what it calls a path. The name of another argument: one only where that is true (remote_src).
   */
  readonly path?: true | string;
  /** Lists and mappings are given as the JSON text that Python writes of them. */
  readonly json?: true;
  /** Is only shown: what is secret in it is given as an object that prints as `***`. */
  readonly shown?: true;
}

/** What an expression argument becomes: its text and its value (any plain data; Undefined values come as null). */
export interface Evaluated {
  readonly text: string;
  readonly value: unknown;
  /** The value as it may be shown: what is secret in it prints as `***`. */
  readonly shown: unknown;
  readonly defined: boolean;
}

/** The arguments of a module. */
export interface ArgsSchema {
  readonly properties: Readonly<Record<string, ArgSchema>>;
  readonly required?: readonly string[];
  /** Takes further names too: every value is given as it is (set_fact). */
  readonly additional?: true;
  /** The argument that text right after the module's name is (`command: ls -l`). */
  readonly freeForm?: string;
  /** Of each list at most one may be given. */
  readonly exclusive?: readonly (readonly string[])[];
  /** Of each list at least one must be given. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Of each list all or none must be given. */
  readonly together?: readonly (readonly string[])[];
  /**
   * What the module of this name takes under Ansible and this one does not, with the reason in a sentence without a final stop:
   * `argument` (or an alias), `argument=choice`, or `argument (default)` where another value holds when none is given. Who
   * writes such an argument or choice is told the reason; the reference lists them; a test holds the rest to what Ansible documents.
   */
  readonly notTaken?: Readonly<Record<string, string>>;
}

/** The TypeScript type of a module's checked arguments: defaults filled in, aliases resolved. */
export type ArgsOf<S extends ArgsSchema> = FromProperties<
  S['properties'],
  S['required'] extends readonly string[] ? S['required'][number] : never
>;

/**
 * A file of the controller that a module needs; encrypted ones are opened unless `decrypt` is false. The engine finds and reads it, so
 * that goal and apply stay pure.
 */
export type LocalNeed =
  /** Bytes of a file, looked for as Ansible does: the role's `files/`, the playbook's folder. */
  | { readonly kind: 'file'; readonly path: string; readonly decrypt?: boolean }
  /** A file, or everything below a folder. */
  | {
      readonly kind: 'tree';
      readonly path: string;
      /** Links are read as what they lead to; else they are entries of type link, `bytes` empty. */
      readonly follow?: boolean;
      readonly decrypt?: boolean;
      /** Every file is `large`: none of them is read before it is sent. */
      readonly inPieces?: boolean;
      /** Where it is read on a host: the path as the host's shell shall see it. */
      readonly word?: Sh;
      /** Where it is read on a host: that the checksum of every file is known, too. */
      readonly sums?: boolean;
      /** What is left out, with all that is in it; `read` gives the text of a file below the folder. */
      skip?(path: string, directory: boolean, read: (path: string) => string | undefined): boolean;
    }
  /**
   * An archive, looked through before it is asked for; a folder stands for the tar that is made of it. `sum`: its checksum is needed.
   */
  | { readonly kind: 'archive'; readonly path: string; readonly decrypt?: boolean; readonly sum?: boolean }
  /** Text of a template rendered for this host. */
  | {
      readonly kind: 'template';
      readonly path: string;
      readonly options?: Readonly<Record<string, unknown>>;
      /** Where the text goes to, for the template to say; asked for only when it is rendered. */
      dest?(): string;
    };

export interface LocalFile {
  /** Path relative to the needed folder; '' for the needed file itself. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Permission bits on the controller. */
  readonly mode: number;
  /** Of a large file they are read each time that they are asked for. */
  readonly bytes: Uint8Array;
  /** There for files that are too large to be kept in memory. */
  readonly large?: LargeFile;
  /** It was encrypted, and nothing of it may be shown. */
  readonly secret?: true;
  /** Target of a link. */
  readonly link?: string;
  /** Seconds since 1970; whose it is on the controller, by number and by name where it has one. */
  readonly mtime?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly owner?: string;
  readonly group?: string;
}

/** A file of the controller that is read in pieces. */
export interface LargeFile extends Stream {
  /** Its checksum: made while it is read, to be sent or to be compared. */
  sum(algorithm: 'sha1' | 'sha256'): Later;
  /** The same at once, while everything else waits: for what must be known before anything is done. */
  sumNow(algorithm: 'sha1' | 'sha256'): string;
}

/** A value that takes time to be known. */
export interface Later {
  /** Undefined until then. */
  readonly known: string | undefined;
  /** Finds it out. */
  wait(): Promise<string>;
}

/** What was read for one need: the absolute path it was found at, and the file or the folder's contents. */
export interface LocalData {
  readonly path: string;
  readonly files: readonly LocalFile[];
  /** The folder itself, where it is one. */
  readonly itself?: LocalFile;
  readonly archive?: LocalArchive;
  /**
   * Of a host's folder: what is in these files, one behind the other, each as long as it says. It ends only when they were
   * not changed meanwhile: what is made of it must not count before.
   */
  contents?(files: readonly LocalFile[]): AsyncIterable<Uint8Array>;
}

/** An archive of the controller. */
export interface LocalArchive {
  /** What it is by its first bytes: tar, tgz, tbz, txz, tzst or zip. */
  readonly kind: string;
  /** All of it as it is. */
  readonly content: Uint8Array | Stream;
  /** A word for it: one for the look and for the work, so that it is sent once for both. */
  readonly word: Put;
  /** SHA256 of it, where that was asked for; of a folder that of its tar. */
  readonly sum?: string;
  /** What is in it, or why it cannot be used, as a sentence; undefined where only tools of the host can tell. */
  readonly members?: ArchiveMembers;
}

export type ArchiveMembers = { readonly files: readonly LocalFile[] } | { readonly fault: string };

/** The needed files, by the path that `needs` named. */
export type Locals = ReadonlyMap<string, LocalData>;

/** What a probe prints and a goal asks for: `key=value` lines; undefined goal keys are not asked for. */
export type Goal = Readonly<Record<string, string | number | boolean | Later | undefined>>;
export type State = Readonly<Record<string, string>>;
