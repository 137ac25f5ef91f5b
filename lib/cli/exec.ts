import type { Reporter } from '../events.ts';
import { EVERY_TASK, type HostOptions, hostOptions } from '../options.ts';
import { type AdHoc, adHocPlay, emptyPlay } from '../playbook/ad-hoc.ts';
import makeAdHoc from '../reporters/ad-hoc.ts';
import { makeReporter } from '../reporters/make.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import type { Redactor } from '../text/redact.ts';
import type { CommandLine } from './commands.ts';
import type { FlagValues } from './flags.ts';
import { listHosts } from './list.ts';
import { loneSource } from './prepare.ts';
import { type Terminal, terminalColour } from './terminal.ts';
import { report, withPlays } from './with-plays.ts';

/** `tplay exec <pattern>`: one module on hosts, without a playbook. Returns the exit status. */
export async function run({ operands, values }: CommandLine, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const options = hostOptions(values);
  const pattern = patternOf(operands, values, found);
  if (pattern === undefined) return report(found, options, terminal);
  const play = (errors: Diagnostics) =>
    values.listHosts ? Promise.resolve(emptyPlay(pattern)) : adHocPlay(taskOf(pattern, values), errors);
  const source = loneSource(`-m ${values.module ?? 'command'}`, play, terminal.cwd);
  const reporter = (redactor: Redactor) => reporterFor(options, values, { redactor, terminal });
  return withPlays({ ...options, ...EVERY_TASK }, { source, found, terminal, reporter }, async ({ plays, run }) => {
    if (values.syntaxCheck) return 0;
    if (!values.listHosts) return run();
    terminal.out(listHosts(plays));
    return 0;
  });
}

function taskOf(pattern: string, { module = 'command', args, background, poll = '15' }: FlagValues): AdHoc {
  return { pattern, module, args, background: background === undefined ? undefined : { seconds: background, poll } };
}

function patternOf([pattern, ...more]: readonly string[], values: FlagValues, found: Diagnostics): string | undefined {
  if (pattern === undefined)
    found.error('bad-option', 'exec needs a pattern of hosts', {
      suggestion: "type: tplay exec all -i inventory/prod.yml -a 'uptime'",
    });
  else if (more.length > 0)
    found.error('bad-option', `one pattern of hosts is expected, and ${more.join(' ')} follows`, {
      suggestion: `a command stands behind -a: tplay exec ${pattern} -a '${more.join(' ')}'; join patterns by commas`,
    });
  if (values.inventory.length === 0)
    found.error('bad-option', 'no inventory is given', {
      suggestion: `type: tplay exec ${pattern ?? 'all'} -i inventory/prod.yml`,
    });
  if (values.module === undefined && values.args === undefined && !values.listHosts && !found.failed)
    found.error('bad-option', 'exec needs something to do', {
      suggestion: `a command, -a 'uptime', or a module, -m ping`,
    });
  if (values.poll !== undefined && values.background === undefined)
    found.error('bad-option', '--poll is about what runs in the background', { suggestion: 'add -B 3600' });
  else if (values.poll !== undefined && !/^\d{1,6}$/.test(values.poll))
    found.error('bad-option', `--poll cannot be "${values.poll}"`, { suggestion: 'a whole number of seconds, or 0' });
  return found.failed ? undefined : pattern;
}

function reporterFor(
  { verbosity, ...options }: HostOptions,
  { execOutput, oneLine }: FlagValues,
  { redactor, terminal }: { redactor: Redactor; terminal: Terminal },
): Reporter {
  const colour = terminalColour(options, terminal);
  const shared = { write: (text: string) => terminal.out(text), colour, verbosity, redactor };
  return execOutput === 'json' ? makeReporter('json', shared) : makeAdHoc({ ...shared, oneLine });
}
