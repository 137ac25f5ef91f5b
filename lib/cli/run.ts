import type { Reporter } from '../events.ts';
import type { RunOptions } from '../options.ts';
import { makeReporter } from '../reporters/make.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import type { Redactor } from '../text/redact.ts';
import { listProgram } from './list.ts';
import { playbookSource } from './playbooks.ts';
import { type Terminal, terminalColour } from './terminal.ts';
import { withPlays } from './with-plays.ts';

/** Runs playbooks, or lists what would run. Returns the exit status. */
export function runCommand(options: RunOptions, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const { byName, playbooks } = options;
  if (options.step && !terminal.isInteractive && !options.syntaxCheck && options.list.length === 0)
    found.error('bad-option', '--step asks before each task, and there is no terminal to answer at', {
      suggestion: 'leave it out; --start-at-task and --tags choose tasks',
    });
  const source = playbookSource(playbooks, { byName, cwd: terminal.cwd, found });
  const reporter = (redactor: Redactor) => reporterFor(options, terminal, redactor);
  const asks = !options.syntaxCheck && options.list.length === 0;
  return withPlays(options, { source, found, terminal, asks, reporter }, async ({ plays, run }) => {
    if (options.syntaxCheck) return 0;
    if (options.list.length === 0) return run();
    terminal.out(listProgram(plays, options));
    return 0;
  });
}

function reporterFor(options: RunOptions, terminal: Terminal, redactor: Redactor): Reporter {
  // What is redrawn would run over the questions of --step.
  const kind = options.output ?? (terminal.isTerminal && !options.step ? 'live' : 'plain');
  return makeReporter(kind, {
    write: text => terminal.out(text),
    colour: terminalColour(options, terminal),
    verbosity: options.verbosity,
    redactor,
    columns: () => terminal.columns,
    timing: options.timing,
    customStats: options.customStats,
    progressMs: 3000,
  });
}
