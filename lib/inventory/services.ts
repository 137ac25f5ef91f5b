import type { Diagnostic } from '../text/diagnostic.ts';
import type { Open } from '../text/source.ts';
import type { Files } from './files.ts';
import type { Layer } from './layer.ts';
import type { Compile } from './variables.ts';

/** What an inventory script printed. */
export interface ScriptReply {
  readonly stdout: string;
  readonly stderr: string;
  /** How it failed, to be read behind its name: `ended with 3`. */
  readonly failure?: string;
}

/** What the inventory asks of the rest: files, scripts, and how a variable's YAML becomes a value. */
export interface InventoryServices extends Files {
  readonly compile: Compile;
  /** Runs an executable inventory to its end. */
  runScript(path: string, args: readonly string[]): ScriptReply;
  /** Opens what stands encrypted in what a script prints. */
  readonly openText?: Open;
  /** The variables of a file that no vault password opens: asking it for one is that error. */
  closedLayer(why: Diagnostic): Layer;
}
