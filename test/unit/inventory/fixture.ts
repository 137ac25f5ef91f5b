import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diskFiles } from '../../../lib/inventory/files.ts';
import type { Host, Inventory } from '../../../lib/inventory/hosts.ts';
import { type Levels, mergeLayers } from '../../../lib/inventory/layer.ts';
import { loadInventory } from '../../../lib/inventory/load.ts';
import type { InventoryServices } from '../../../lib/inventory/services.ts';
import { scriptRunner } from '../../../lib/remote/run-script.ts';
import type { Key, Raw } from '../../../lib/template/values.ts';
import type { Checked, Diagnostic } from '../../../lib/text/diagnostic.ts';
import { formatDiagnostics } from '../../../lib/text/frame.ts';
import { ClosedLayer } from '../../../lib/vars/sealed.ts';
import type { Node } from '../../../lib/yaml/node.ts';

/** A YAML tree as values; the inventory's own tests need no templates. */
export function plainRaw(node: Node): Raw {
  if (node.kind === 'seq') return node.items.map(plainRaw);
  if (node.kind === 'scalar') return node.value;
  return new Map<Key, Raw>(node.entries.map(e => [e.key.source, plainRaw(e.value)]));
}

/** Calls `use` with a folder that holds these files, and with what reads them by paths relative to it. */
export function withFiles<T>(
  files: Readonly<Record<string, string>>,
  use: (s: InventoryServices, folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'tplay-inventory-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const closedLayer = (why: Diagnostic) => new ClosedLayer(why);
    return use({ ...diskFiles(folder), runScript: scriptRunner(folder), compile: plainRaw, closedLayer }, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The inventory of one YAML text, which must be without errors. */
export function inventoryOf(text: string): Inventory {
  return withFiles({ 'hosts.yml': text }, services => valueOf(loadInventory(['hosts.yml'], services)));
}

/** The value of what must be without errors. */
export function valueOf<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new Error(formatDiagnostics(checked.errors));
}

/** Everything said, as it is printed; errors and warnings alike. */
export function printed(checked: Checked<unknown>): string {
  return formatDiagnostics(checked.ok ? checked.warnings : checked.errors);
}

/** Names of hosts, in order. */
export function namesOf(hosts: readonly Host[]): readonly string[] {
  return hosts.map(h => h.name);
}

/** A host's variables of several levels merged in Ansible's order: all, groups, host, each from weak to strong. */
export function varsOf(...levels: readonly Levels[]): Record<string, unknown> {
  const [first, ...files] = levels;
  const layers = [
    ...(first?.all ?? []),
    ...(first?.groups ?? []),
    ...files.flatMap(l => l.all),
    ...files.flatMap(l => l.groups),
    ...levels.flatMap(l => l.host),
  ];
  return Object.fromEntries([...mergeLayers(layers)].map(([name, entry]) => [name, plain(entry.value)]));
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]));
  return Array.isArray(value) ? value.map(plain) : value;
}
