import type { Layer } from '../inventory/layer.ts';
import type { Scope } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { FileStore } from './load.ts';
import { moduleNames } from './modules.ts';
import type { Directives, Role, RoleFrom, RoleSchema } from './program.ts';

/** What every part of one compilation shares: where files come from, where faults go, the next id. */
export class Compiler {
  readonly files: FileStore;
  readonly found: Diagnostics;
  /** Folders in which roles are looked for, in this order. */
  readonly rolesPath: readonly string[];
  /** What names of imported files may use: extra variables and the folders. */
  readonly statics: (at: { role: Role | undefined; dir: string }) => Scope;
  /** Folder of the playbook being compiled. */
  readonly playbookDir: string;
  readonly outermost: Directives;
  readonly shared: Shared;
  readonly #modules: ReadonlySet<string>;

  constructor(options: CompilerOptions) {
    this.files = options.files;
    this.found = options.found;
    this.rolesPath = options.rolesPath(options.playbookDir);
    this.statics = options.statics;
    this.playbookDir = options.playbookDir;
    this.outermost = options.outermost;
    this.shared = options.shared;
    this.#modules = new Set(moduleNames());
  }

  nextId(): number {
    return this.shared.nextId++;
  }

  isModule(name: string): boolean {
    return this.#modules.has(name);
  }
}

export interface CompilerOptions {
  readonly files: FileStore;
  readonly found: Diagnostics;
  /** Folders in which roles are looked for, for playbooks of a folder. */
  readonly rolesPath: (playbookDir: string) => readonly string[];
  readonly statics: Compiler['statics'];
  readonly playbookDir: string;
  /** What holds around all plays. */
  readonly outermost: Directives;
  readonly shared: Shared;
}

/** What all compilations of one run share: what an include brings gets ids of its own, a role used often is read once. */
export class Shared {
  nextId = 1;
  /** Whether a task may have made a file on the controller by now: what is missing may be there when it is needed. */
  filesMayAppear = false;
  /** Variables by the path of their file. */
  readonly layers: Map<string, Layer> = new Map();
  /** Schemas by the path of their role. */
  readonly schemas: Map<string, RoleSchema> = new Map();
}

/** Where a role was found. */
export interface RoleText {
  readonly name: string;
  readonly path: string;
}

/** The main files of a role. */
export const MAIN: RoleFrom = { tasks: 'main', vars: 'main', defaults: 'main', handlers: 'main' };
