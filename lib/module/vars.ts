import type { ArgsOf, ArgsSchema, ModuleBase } from '../module.ts';

/** Variables of files of the controller: the engine reads them, so that templates in them stay templates. */
export interface VarsModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'vars';
  files(args: ArgsOf<S>): VarsRequest;
}

/** Which files hold the variables, and what becomes of them. */
export interface VarsRequest {
  readonly from: { readonly file: string } | VarsFolder;
  /** The variable that holds all of them as a mapping; undefined where they are variables themselves. */
  readonly into: string | undefined;
}

/** The files of a folder, in the order of their names, those of a folder before those of the folders in it. */
export interface VarsFolder {
  readonly dir: string;
  /** How many levels of folders; 0 for all. */
  readonly depth: number;
  /** Regular expressions of names (searched): those taken, and ends of those left out. */
  readonly matching: string | undefined;
  readonly ignored: readonly string[];
  readonly extensions: readonly string[];
  /** Files of other extensions are passed over; else they are an error. */
  readonly ignoreOthers: boolean;
}
