import type { Raw, Scope, Value } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { FileStore } from './load.ts';
import { moduleNames } from './modules.ts';
import type { Role, RoleFrom } from './program.ts';

/** What every part of one compilation shares: where files come from, where faults go, the next id. */
export class Compiler {
  readonly files: FileStore;
  readonly found: Diagnostics;
  /** Folders in which roles are looked for after the playbook's own `roles/`. */
  readonly rolesPath: readonly string[];
  /** What names of imported files may use: extra variables and the folders. */
  readonly statics: (at: { role: Role | undefined; dir: string }) => Scope;
  /** Folder of the playbook being compiled. */
  readonly playbookDir: string;
  /** Contents of role files, so that a role used twice is read once. */
  readonly roles: Map<string, Promise<RoleText | undefined>> = new Map();
  readonly #ids: { next: number };
  readonly #modules: ReadonlySet<string>;

  constructor(options: CompilerOptions) {
    this.files = options.files;
    this.found = options.found;
    this.rolesPath = options.rolesPath;
    this.statics = options.statics;
    this.playbookDir = options.playbookDir;
    this.#ids = options.ids;
    this.#modules = new Set(moduleNames());
  }

  nextId(): number {
    return this.#ids.next++;
  }

  isModule(name: string): boolean {
    return this.#modules.has(name);
  }
}

export interface CompilerOptions {
  readonly files: FileStore;
  readonly found: Diagnostics;
  readonly rolesPath: readonly string[];
  readonly statics: Compiler['statics'];
  readonly playbookDir: string;
  /** Shared by the compilations of one run, so that what an include brings gets ids of its own. */
  readonly ids: { next: number };
}

/** Where a role was found. */
export interface RoleText {
  readonly name: string;
  readonly path: string;
}

/** The main files of a role. */
export const MAIN: RoleFrom = { tasks: 'main', vars: 'main', defaults: 'main', handlers: 'main' };

/** A value known before anything runs; undefined where it needs what is not known yet. */
export type StaticValue = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly raw: Raw };
