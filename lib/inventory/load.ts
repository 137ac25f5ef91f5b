import { basename, dirname, join } from 'node:path';
import { type Checked, Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { build } from './build.ts';
import type { Files } from './files.ts';
import { Draft } from './groups.ts';
import type { Inventory } from './hosts.ts';
import { maskSecrets } from './mask.ts';
import type { InventoryServices } from './services.ts';
import { readSourceFile } from './source-file.ts';
import { readHostList, readSourceFolder, type SourceContext } from './sources.ts';
import { readFolders } from './vars-files.ts';

/** What the sources say, before the files beside them. */
export interface Loaded {
  readonly draft: Draft;
  /** Sources that are paths, as given. */
  readonly paths: readonly string[];
  /** The folders beside which variables are looked for. */
  readonly folders: readonly string[];
}

/**
 * Reads the sources of `-i` in their order, what comes later wins: YAML, JSON and INI files, scripts, folders of them, and
 * lists such as `host1,host2,`; and the `group_vars` and `host_vars` beside them. All faults of all files at once.
 */
export function loadInventory(sources: readonly string[], services: InventoryServices): Checked<Inventory> {
  const found = new Diagnostics();
  const { draft, paths, folders } = loadSources(sources, { services, found });
  const core = build(draft);
  const varsFiles = readFolders(folders, core, { services, found });
  return maskSecrets(found.checked({ ...core, sources: paths, varsFiles }));
}

/** The first half of this. */
export function loadSources(
  sources: readonly string[],
  { services, found }: { readonly services: InventoryServices; readonly found: Diagnostics },
): Loaded {
  const draft = new Draft(found);
  const c: SourceContext = { draft, files: services, compile: services.compile, found };
  const paths = sources.filter(source => readSource(source, c));
  draft.finish();
  return { draft, paths, folders: paths.map(path => (services.kindOf(path) === 'directory' ? path : dirname(path))) };
}

/** Reads one source; whether it is a path, which has variables beside it. */
function readSource(source: string, c: SourceContext): boolean {
  const kind = c.files.kindOf(source);
  if (kind === 'missing' && source.includes(',')) readHostList(source, c);
  else if (kind === 'directory') readSourceFolder(source, c);
  else if (kind === 'file') readSourceFile(source, c);
  else c.found.error('missing-file', `there is no inventory "${source}"`, suggest(nearFiles(source, c.files), source));
  return kind !== 'missing';
}

function suggest(near: string | undefined, source: string): { suggestion?: string } {
  if (near !== undefined) return { suggestion: near };
  return /^[\w-]+$/.test(source) ? { suggestion: `for a host of this name write "${source},"` } : {};
}

function nearFiles(source: string, files: Files): string | undefined {
  const folder = dirname(source);
  const listed = files.kindOf(folder) === 'directory' ? files.listDir(folder) : undefined;
  if (listed?.ok !== true) return undefined;
  const inFolder = (name: string) => (source.includes('/') ? join(folder, name) : name);
  // The ending left out or another one is nearer than any misspelling.
  const sameStem = listed.value.find(
    name => name !== source && name.replace(/\.(ya?ml|json)$/, '') === basename(source).replace(/\.\w+$/, ''),
  );
  if (sameStem !== undefined) return `did you mean "${inFolder(sameStem)}"?`;
  return didYouMean(source, listed.value.map(inFolder));
}
