import { commandOf } from './cli/commands.ts';
import { runCommand } from './cli/run.ts';
import { processTerminal } from './cli/terminal.ts';
import { parseOptions } from './options.ts';
import { formatDiagnostics } from './text/frame.ts';

/** Runs the program: reads the command line, does what it asks, returns the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  const options = parseOptions(argv);
  if (!options.ok) {
    terminal.err(formatDiagnostics(options.errors, terminal.colour));
    return 1;
  }
  const asked = options.value;
  switch (asked.command) {
    case 'run':
      return runCommand(asked, terminal);
    case 'other': {
      const loaded = await commandOf(asked.line.command)?.load?.();
      if (loaded === undefined) throw new Error(`internal: nothing runs the command ${asked.line.command}`);
      return loaded.run(asked.line, terminal);
    }
    default:
      terminal.out(asked.text);
      return 0;
  }
}
