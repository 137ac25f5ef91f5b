import { scopeFor } from '../engine/scopes.ts';
import type { Reporter } from '../events.ts';
import { EVERY_TASK, hostOptions } from '../options.ts';
import { emptyPlay } from '../playbook/ad-hoc.ts';
import makeAdHoc from '../reporters/ad-hoc.ts';
import { compileExpression, compileTemplate, isTemplate, TemplateError } from '../template/index.ts';
import type { Template, Value } from '../template/values.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import type { Redactor } from '../text/redact.ts';
import { sourceFile } from '../text/source.ts';
import { originOf } from '../vars/raw.ts';
import { textNode } from '../yaml/node.ts';
import type { CommandLine } from './commands.ts';
import type { FlagValues } from './flags.ts';
import { loneSource } from './prepare.ts';
import { type Terminal, terminalColour } from './terminal.ts';
import { jsonText, rawText } from './value-text.ts';
import { hiding, type Ready, report, withPlays } from './with-plays.ts';

/** `tplay eval <expression>`: its value, for the controller or for each host of -l. Returns the exit status. */
export async function run({ operands, values }: CommandLine, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const options = hostOptions(values);
  const template = templateOf(operands, values, found);
  if (template === undefined) return report(found, options, terminal);
  const pattern = options.limit === undefined ? 'localhost' : 'all';
  const play = () => Promise.resolve(emptyPlay(pattern, { gatherFacts: values.gather }));
  const source = loneSource('eval', play, terminal.cwd);
  const reporter = (redactor: Redactor) => failuresOnly(redactor, { values, terminal });
  return withPlays({ ...options, ...EVERY_TASK }, { source, found, terminal, reporter }, async ready => {
    const status = values.gather ? await ready.run() : 0;
    if (status !== 0) return status;
    const results = evaluated(template, ready, found);
    if (found.failed) return report(found, options, hiding(terminal, ready.context.redactor));
    terminal.out(shown(results, { raw: values.raw, redactor: ready.context.redactor, terminal }));
    return 0;
  });
}

function templateOf([text, ...more]: readonly string[], values: FlagValues, found: Diagnostics): Template | undefined {
  if (text === undefined)
    found.error('bad-option', 'eval needs an expression', {
      suggestion: "type: tplay eval 'groups.web | length' -i inventory/prod.yml",
    });
  else if (more.length > 0)
    found.error('bad-option', `one expression is expected, and ${more.join(' ')} follows`, {
      suggestion: `quote it: tplay eval '${[text, ...more].join(' ')}'`,
    });
  if (values.limit !== undefined && values.inventory.length === 0)
    found.error('bad-option', 'no inventory is given, and -l names hosts of one', {
      suggestion: 'type: -i inventory/prod.yml',
    });
  if (text === undefined || found.failed) return undefined;
  const origin = originOf(textNode(sourceFile('expression', text)));
  const made = isTemplate(text) ? compileTemplate(text, origin) : compileExpression(text, origin);
  if (made.ok) return made.value;
  for (const e of made.errors) found.add(e);
  return undefined;
}

/** Facts are gathered without a word unless they cannot be. */
function failuresOnly(redactor: Redactor, { values, terminal }: { values: FlagValues; terminal: Terminal }): Reporter {
  const colour = terminalColour({ colour: values.color ? undefined : false }, terminal);
  const write = (text: string) => terminal.err(text);
  const others = makeAdHoc({ write, colour, verbosity: values.verbose, redactor, oneLine: false });
  return {
    on(event) {
      if (event.type !== 'task-finished' || event.outcome.status !== 'ok') others.on(event);
    },
  };
}

/** The value for each host of the play; what cannot be evaluated is in `found`. */
function evaluated(template: Template, { plays }: Ready, found: Diagnostics): ReadonlyMap<string, Value> {
  const results = new Map<string, Value>();
  for (const at of plays)
    for (const host of at.hosts)
      try {
        results.set(host.name, template.render(scopeFor(at, host)));
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        const notes = at.hosts.length === 1 ? [] : [{ message: `on the host ${host.name}` }];
        found.add({ ...error.diagnostic, notes: [...(error.diagnostic.notes ?? []), ...notes] });
      }
  return results;
}

/** One value as it is, several by their hosts. */
function shown(
  results: ReadonlyMap<string, Value>,
  { raw, redactor, terminal }: { raw: boolean; redactor: Redactor; terminal: Terminal },
): string {
  const [first = null] = results.values();
  if (!raw) return `${redactor.text(jsonText(results.size === 1 ? first : new Map(results)))}\n`;
  const text = (value: Value) => redactor.text(rawText(value, terminal));
  if (results.size === 1) return `${text(first)}\n`;
  return [...results].map(([host, value]) => `${host}: ${text(value)}\n`).join('');
}
