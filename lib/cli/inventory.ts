import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunContext } from '../engine/context.ts';
import { limited } from '../engine/play-hosts.ts';
import type { Group } from '../inventory/hosts.ts';
import { EVERY_TASK, hostOptions } from '../options.ts';
import { emptyPlay } from '../playbook/ad-hoc.ts';
import makeAdHoc from '../reporters/ad-hoc.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import type { CommandLine } from './commands.ts';
import type { FlagValues } from './flags.ts';
import { shownOf } from './inventory-shown.ts';
import { graphText, listText, valueText } from './inventory-text.ts';
import { loneSource } from './prepare.ts';
import { type Terminal, terminalColour } from './terminal.ts';
import { quiet } from './vars.ts';
import { report, withPlays } from './with-plays.ts';

/** `tplay inventory --list | --graph | --host NAME`: what the sources say. Returns the exit status. */
export async function run({ operands, values }: CommandLine, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const options = quiet(hostOptions(values));
  checkFlags(operands, values, found);
  if (found.failed) return report(found, options, terminal);
  // The controller stands in for hosts: what belongs to others may be encrypted.
  const source = loneSource('inventory', () => Promise.resolve(emptyPlay('localhost')), terminal.cwd);
  const reporter = (redactor: Parameters<typeof makeAdHoc>[0]['redactor']) =>
    makeAdHoc({
      write: text => terminal.err(text),
      colour: terminalColour(options, terminal),
      verbosity: options.verbosity,
      redactor,
      oneLine: false,
    });
  const needs = { source, found, terminal, reporter, asks: false, checkRoles: false } as const;
  return withPlays({ ...options, ...EVERY_TASK }, needs, async ({ context, plays }) => {
    const wrong = new Diagnostics(); // what was found before is printed
    const text = textOf({ context, folder: plays[0]?.play.dir ?? '' }, { operands, values, found: wrong });
    if (text === undefined || wrong.failed) return report(wrong, options, terminal);
    const { inventoryOutput: file } = values;
    if (file === undefined) terminal.out(context.redactor.text(text));
    else writeOut(resolve(terminal.cwd, file), context.redactor.text(text), wrong);
    return report(wrong, options, terminal);
  });
}

function checkFlags(operands: readonly string[], values: FlagValues, found: Diagnostics): void {
  const { inventoryList: list, inventoryGraph: graph, inventoryHost: host, inventory } = values;
  const ways = [list, graph, host !== undefined].filter(Boolean).length;
  const [operand, ...more] = operands;
  const example = 'type: tplay inventory -i inventory/prod.yml --graph';
  if (ways === 0) found.error('bad-option', 'inventory needs --list, --graph or --host', { suggestion: example });
  else if (ways > 1)
    found.error('bad-option', 'only one of --list, --graph and --host can be given', { suggestion: example });
  else if (operand !== undefined && (!graph || more.length > 0))
    found.error(
      'bad-option',
      `"${graph ? more[0] : operand}" has no meaning here: --graph takes the name of one group`,
      {
        suggestion: `an inventory is given by -i: -i ${operand}`,
      },
    );
  else if (inventory.length === 0) found.error('bad-option', 'no inventory is given', { suggestion: example });
  const only = (given: boolean, flag: string, way: string) => {
    if (given) found.error('bad-option', `${flag} works only with ${way}`);
  };
  only(values.graphVars && !graph, '--vars', '--graph');
  only(values.inventoryYaml && graph, '--yaml', '--list and --host');
  only(values.inventoryExport && graph, '--export', '--list and --host');
  only(values.inventoryOutput !== undefined && !list, '--output', '--list');
}

interface Asked {
  readonly operands: readonly string[];
  readonly values: FlagValues;
  readonly found: Diagnostics;
}

function textOf(
  { context, folder }: { readonly context: RunContext; readonly folder: string },
  { operands, values, found }: Asked,
): string | undefined {
  const { inventory, extraVars } = context;
  const limit = limited(context, 'error');
  for (const d of limit.ok ? limit.warnings : limit.errors) found.add(d);
  if (!limit.ok) return undefined;
  const options = { yaml: values.inventoryYaml, export: values.inventoryExport };
  const shown = shownOf(inventory, { folder, extraVars, limit: limit.value, export: options.export, found });
  if (values.inventoryList) return listText(shown, options);
  const { inventoryHost: name } = values;
  if (name === undefined) {
    const top = groupOf(operands[0] ?? 'all', context, found);
    return top && graphText(shown, top, values.graphVars);
  }
  const host = inventory.host(name);
  if (host !== undefined) return valueText(shown.varsOf(name), options.yaml);
  const near = didYouMean(
    name,
    inventory.named.map(h => h.name),
  );
  found.error('unknown-host', `there is no host "${name}"`, { ...(near && { suggestion: near }) });
  return undefined;
}

function groupOf(name: string, { inventory }: RunContext, found: Diagnostics): Group | undefined {
  const group = inventory.groups.get(name);
  const near = didYouMean(name, inventory.groups.keys());
  if (group === undefined)
    found.error('unknown-group', `there is no group "${name}"`, { ...(near && { suggestion: near }) });
  return group;
}

function writeOut(path: string, text: string, found: Diagnostics): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    found.error('missing-file', `${path} cannot be written: ${code ?? String(error)}`);
  }
}
