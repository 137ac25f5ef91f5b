import type { Event, Reporter } from '../events.ts';
import { allFacts, chosenFacts } from '../facts/index.ts';
import { EVERY_TASK, hostOptions } from '../options.ts';
import { adHocPlay } from '../playbook/ad-hoc.ts';
import makeAdHoc from '../reporters/ad-hoc.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import type { Redactor } from '../text/redact.ts';
import type { CommandLine } from './commands.ts';
import type { FlagValues } from './flags.ts';
import { loneSource } from './prepare.ts';
import { type Terminal, terminalColour } from './terminal.ts';
import { report, withPlays } from './with-plays.ts';

type Facts = Readonly<Record<string, unknown>>;

/** `tplay facts <pattern>`: the facts of hosts as JSON; what goes wrong is printed to stderr. Returns the exit status. */
export async function run({ operands, values }: CommandLine, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const target = targetOf(operands, values, found);
  const subset = subsetOf(values);
  const known = chosenFacts(allFacts(), subset);
  if ('error' in known) found.error('bad-option', `--subset: ${known.error}`);
  const options = hostOptions(values, target.inventories);
  if (found.failed) return report(found, options, terminal);
  const play = (errors: Diagnostics) =>
    adHocPlay({ pattern: target.pattern, module: 'setup', args: argsOf(values.filter, subset) }, errors);
  const source = loneSource('facts', play, terminal.cwd);
  const facts = new Map<string, Facts>();
  const reporter = (redactor: Redactor) => {
    const colour = terminalColour(options, terminal);
    const { verbosity } = options;
    const write = (text: string) => terminal.err(text);
    return collecting(facts, makeAdHoc({ write, colour, verbosity, redactor, oneLine: false }));
  };
  return withPlays(
    { ...options, ...EVERY_TASK },
    { source, found, terminal, reporter },
    async ({ plays, context, run }) => {
      const status = await run();
      const hosts = plays.flatMap(play => play.hosts.map(host => host.name));
      // In inventory order, whoever was first.
      const all = Object.fromEntries(hosts.flatMap(host => (facts.has(host) ? [[host, facts.get(host)]] : [])));
      const shown = hosts.length === 1 ? all[hosts[0] ?? ''] : all;
      if (shown !== undefined) terminal.out(`${JSON.stringify(context.redactor.value(shown), null, 2)}\n`);
      return status;
    },
  );
}

/** A pattern and inventories; host names with a comma are their own inventory, as with -i. */
function targetOf(
  [pattern, ...more]: readonly string[],
  { inventory, given }: FlagValues,
  found: Diagnostics,
): { readonly pattern: string; readonly inventories: readonly string[] } {
  if (pattern?.includes(',') && !given.has('inventory') && more.length === 0)
    return { pattern: 'all', inventories: [pattern] };
  if (pattern === undefined)
    found.error('bad-option', 'facts needs a host or a pattern of hosts', {
      suggestion: 'type: tplay facts web1 -i inventory/prod.yml',
    });
  else if (more.length > 0)
    found.error('bad-option', `one pattern of hosts is expected, and ${more.join(' ')} follows`, {
      suggestion: `join patterns by commas: tplay facts ${[pattern, ...more].join(',')}`,
    });
  else if (inventory.length === 0)
    found.error('bad-option', 'no inventory is given', {
      suggestion: `type: tplay facts ${pattern} -i inventory/prod.yml, or tplay facts ${pattern}, for a host of none`,
    });
  return { pattern: pattern ?? '', inventories: inventory };
}

/** JSON is YAML: the arguments as one would type them. */
function argsOf(filter: readonly string[], subset: readonly string[]): string {
  return JSON.stringify({ ...(filter.length > 0 && { filter }), ...(subset.length > 0 && { gather_subset: subset }) });
}

function subsetOf({ subset }: FlagValues): readonly string[] {
  return subset.flatMap(list => list.split(',')).map(name => name.trim());
}

/** Keeps the facts of each host, and has shown at the end what went wrong on the others. */
function collecting(facts: Map<string, Facts>, others: Reporter): Reporter {
  return {
    on(event: Event): void {
      const good = event.type === 'task-finished' && event.outcome.status === 'ok' ? event.outcome.values : undefined;
      if (event.type !== 'task-finished' || good === undefined) return others.on(event);
      const { gather_subset: _subset, module_setup: _done, ...own } = good['ansible_facts'] as Facts;
      facts.set(event.host, own);
    },
  };
}
