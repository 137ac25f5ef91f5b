import { type Checked, type Diagnostic, Diagnostics } from '../text/diagnostic.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { type Addition, apply, effectsOf, faultOf } from './additions.ts';
import { build, type Core } from './build.ts';
import type { Group, Host, Inventory, VarsFiles } from './hosts.ts';
import type { Levels } from './layer.ts';
import { type Loaded, loadSources } from './load.ts';
import { maskAll, maskSecrets } from './mask.ts';
import type { InventoryServices } from './services.ts';
import { namesOf, VarsFolders } from './vars-files.ts';

const NO_FILES: VarsFiles = {
  files: [],
  layersOf: () => ({ all: [], groups: [], host: [] }),
  ofGroup: () => [],
};

/** What one state of the inventory is made of. */
interface State {
  readonly loaded: Loaded;
  readonly beside: VarsFolders;
  /** By a playbook's folder. */
  readonly playbooks: Map<string, VarsFolders>;
}

interface View {
  readonly core: Core;
  readonly varsFiles: VarsFiles;
  readonly playbooks: ReadonlyMap<string, VarsFiles>;
}

/**
 * The inventory of a run. Tasks add hosts and groups, which are seen from `commit` on: all at once behind the task that
 * made them, so that no host of a task, and no item of its loop, sees what another one added (as Ansible).
 */
export class LiveInventory implements Inventory {
  readonly #given: readonly string[];
  readonly #services: InventoryServices;
  #state: State;
  #view: View;
  #version = 0;
  /** All that was added, to be added again when the sources are read again. */
  readonly #added: Addition[] = [];
  /** What hosts that are at one task at the same time have been told is their change. */
  readonly #claimed = new Set<string>();
  #isDirty = false;

  private constructor(given: readonly string[], services: InventoryServices, state: State) {
    this.#given = given;
    this.#services = services;
    this.#state = state;
    this.#view = viewOf(state);
  }

  /** Reads the sources of `-i`, and the variables beside them. */
  static open(sources: readonly string[], services: InventoryServices): Checked<LiveInventory> {
    const found = new Diagnostics();
    const state = stateOf(sources, services, found);
    return maskSecrets(found.checked(new LiveInventory(sources, services, state)));
  }

  get hosts(): readonly Host[] {
    return this.#view.core.hosts;
  }
  get named(): readonly Host[] {
    return this.#view.core.named;
  }
  get groups(): ReadonlyMap<string, Group> {
    return this.#view.core.groups;
  }
  get sources(): readonly string[] {
    return this.#state.loaded.paths;
  }
  get varsFiles(): VarsFiles {
    return this.#view.varsFiles;
  }
  /** Another number each time something of it is another. */
  get version(): number {
    return this.#version;
  }
  host(name: string): Host | undefined {
    return this.#view.core.host(name);
  }
  groupsOf(host: string): readonly Group[] {
    return this.#view.core.groupsOf(host);
  }
  layersOf(host: string): Levels {
    return this.#view.core.layersOf(host);
  }

  /** Variables of the `group_vars` and `host_vars` beside a playbook; none where `readPlaybook` was not asked for it. */
  playbookVars(folder: string): VarsFiles {
    return this.#view.playbooks.get(folder) ?? NO_FILES;
  }

  /** Reads the `group_vars` and `host_vars` beside a playbook, once; `shown` is the folder's path in messages. */
  readPlaybook(folder: string, shown: string): readonly Diagnostic[] {
    if (this.#state.playbooks.has(folder)) return [];
    const found = new Diagnostics();
    const folders = new VarsFolders([shown], this.#services);
    folders.read(namesOf(this.#view.core), found);
    this.#state.playbooks.set(folder, folders);
    const { core, playbooks } = this.#view;
    this.#view = { ...this.#view, playbooks: new Map([...playbooks, [folder, folders.of(core)]]) };
    return maskAll(found.sorted);
  }

  /**
   * Whether an addition would change the inventory, or why it cannot be made. The files of variables of new names are
   * read for it.
   */
  check(addition: Addition): { readonly changed: boolean } | { readonly error: string } {
    const { draft } = this.#state.loaded;
    const fault = faultOf(addition, draft);
    if (fault !== undefined) return { error: fault };
    const names =
      addition.kind === 'host'
        ? { hosts: [addition.host], groups: addition.groups }
        : { hosts: [], groups: [addition.group, ...addition.parents] };
    const found = new Diagnostics();
    for (const folders of [this.#state.beside, ...this.#state.playbooks.values()]) folders.read(names, found);
    if (found.failed) return { error: formatDiagnostics(maskAll(found.sorted)).trimEnd() };
    const effects = effectsOf(addition, draft);
    const changed = effects.some(effect => !this.#claimed.has(effect));
    for (const effect of effects) this.#claimed.add(effect);
    return { changed };
  }

  /** Takes an addition that was checked, to be seen after `commit`. */
  add(addition: Addition): void {
    this.#added.push(addition);
    for (const effect of effectsOf(addition, this.#state.loaded.draft)) this.#claimed.delete(effect);
    apply(addition, this.#state.loaded.draft);
    this.#isDirty = true;
  }

  /** Makes what was added since the last time part of the inventory. */
  commit(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.#claimed.clear();
    this.#show(this.#state);
  }

  /** Reads all sources again (`meta: refresh_inventory`); what tasks added stays, as in Ansible. Returns what is wrong. */
  refresh(): readonly Diagnostic[] {
    const found = new Diagnostics();
    const state = stateOf(this.#given, this.#services, found);
    for (const [folder, { paths }] of this.#state.playbooks)
      state.playbooks.set(folder, new VarsFolders(paths, this.#services));
    for (const addition of this.#added)
      if (faultOf(addition, state.loaded.draft) === undefined) apply(addition, state.loaded.draft);
    state.loaded.draft.finish();
    const names = namesOf(build(state.loaded.draft));
    for (const folders of [state.beside, ...state.playbooks.values()]) folders.read(names, found);
    if (!found.failed) this.#show(state);
    return maskAll(found.sorted);
  }

  #show(state: State): void {
    state.loaded.draft.finish();
    this.#state = state;
    this.#view = viewOf(state);
    this.#version++;
  }
}

function stateOf(sources: readonly string[], services: InventoryServices, found: Diagnostics): State {
  const loaded = loadSources(sources, { services, found });
  const beside = new VarsFolders(loaded.folders, services);
  beside.read(namesOf(build(loaded.draft)), found);
  return { loaded, beside, playbooks: new Map() };
}

function viewOf({ loaded, beside, playbooks }: State): View {
  const core = build(loaded.draft);
  const files = [...playbooks].map(([folder, folders]) => [folder, folders.of(core)] as const);
  return { core, varsFiles: beside.of(core), playbooks: new Map(files) };
}
