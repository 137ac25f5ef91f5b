import type { Module } from '../module.ts';
import { fullName, LEFT_OUT } from '../playbook/collections.ts';
import { loadModule, moduleNames, shortName, strangeCollection } from '../playbook/modules.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { didYouMean } from '../text/near.ts';
import type { CommandLine } from './commands.ts';
import { moduleList, moduleText } from './doc-text.ts';
import type { Terminal } from './terminal.ts';

/** `tplay doc [module...]`: what modules there are, or all about some. Returns the exit status. */
export async function run({ operands, values }: CommandLine, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const names = operands.length === 0 ? moduleNames() : operands.flatMap(name => nameOf(name, found) ?? []);
  if (found.failed) {
    terminal.err(formatDiagnostics(found.sorted, terminal.colour));
    return 1;
  }
  const modules: Module[] = [];
  for (const name of names) {
    const module = await loadModule(name);
    if (module !== undefined) modules.push(module);
  }
  if (values.json)
    terminal.out(`${JSON.stringify(Object.fromEntries(modules.map(m => [m.name, dataOf(m)])), null, 2)}\n`);
  else if (operands.length === 0) terminal.out(moduleList(modules));
  else terminal.out(modules.map(m => moduleText(m, terminal.columns)).join('\n'));
  return 0;
}

/** The short name of a module that there is; undefined, and said, where there is none. */
function nameOf(written: string, found: Diagnostics): string | undefined {
  const name = shortName(written);
  if (strangeCollection(written) === undefined && moduleNames().includes(name)) return name;
  const reason = Object.hasOwn(LEFT_OUT, name) ? LEFT_OUT[name] : undefined;
  found.error('unknown-module', `there is no module "${written}"`, {
    suggestion: reason ?? didYouMean(name, moduleNames()) ?? 'tplay doc lists all',
  });
  return undefined;
}

function dataOf({ name, doc, kind, args, notes = [], examples = '', returns = {} }: Module) {
  return { name, full_name: fullName(name) ?? null, doc, kind, arguments: args, notes, examples, returns };
}
