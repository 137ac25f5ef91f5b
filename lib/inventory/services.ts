import type { Files } from './files.ts';
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
}
