import type { ArgsOf, ArgsSchema, Goal, ModuleBase, Sh, State, Values } from '../module.ts';

/** The text of one file: read, edited here, written back if it differs: one round trip, two when changed. */
export interface EditModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'edit';
  path(args: ArgsOf<S>): string;
  /**
   * What else is looked at: sets tp_path where only the host knows it (a home folder; before, it is what `path` says), and
   * prints state as `key=value` lines (`tp_kv`). Changes nothing.
   */
  look?(args: ArgsOf<S>): Sh;
  /** The text wanted; `{ error }` when it cannot be (a marker is missing). `text` is undefined for a missing file. */
  edit(args: ArgsOf<S>, text: string | undefined, state: State): EditResult;
  /** How the text is written; without it as UTF-8, and where it is none as bytes that come back as they were. */
  encoding?(args: ArgsOf<S>): TextEncoding | undefined;
  /** What shall be so beside the text (a folder's mode): keys that `look` prints. */
  goal?(args: ArgsOf<S>, state: State): Goal;
  /** Runs under `set -e` before the text is written, with $tp_path: whatever is not as it shall be, text or goal. */
  before?(args: ArgsOf<S>, state: State, written: boolean): Sh;
  /** The same after it. Both are told whether the text is another one (what reads the file reads it again). */
  after?(args: ArgsOf<S>, state: State, written: boolean): Sh;
  /** Owner, group and mode wanted (Ansible's file arguments), validate command and backup. */
  file?(args: ArgsOf<S>): FileWishes;
  /** The same for the text whenever it is written, and only then: what is there and has the text may have others. */
  written?(args: ArgsOf<S>, state: State): FileWishes;
}

/** A text in bytes and back; undefined where that cannot be. */
export interface TextEncoding {
  encode(text: string): Uint8Array | undefined;
  decode(bytes: Uint8Array): string | undefined;
}

export type EditResult =
  | { readonly text: string; readonly values?: Values; readonly message?: string }
  /** The file shall be gone; nothing to do when it is. */
  | { readonly remove: true; readonly values?: Values }
  /** Nothing to do (a missing file of which a line shall be absent). */
  | { readonly same: true; readonly message?: string; readonly values?: Values }
  /** In a dry run it cannot be told (an earlier task would have made what is missing); else an error. */
  | { readonly unknown: string }
  | { readonly error: string };

/** Arguments common to everything that has an owner and a mode. */
export interface Attributes {
  readonly mode?: string | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly attributes?: string | undefined;
  readonly seuser?: string | undefined;
  readonly serole?: string | undefined;
  readonly setype?: string | undefined;
  readonly selevel?: string | undefined;
}

/** Arguments common to everything that writes a file. */
export interface FileWishes extends Attributes {
  readonly validate?: string | undefined;
  readonly backup?: boolean | undefined;
  readonly unsafe_writes?: boolean | undefined;
}
