import type { Files } from './files.ts';
import type { Compile } from './variables.ts';

/** What the inventory asks of the rest: files, and how a variable's YAML becomes a value. */
export interface InventoryServices extends Files {
  readonly compile: Compile;
}
