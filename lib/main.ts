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
  if (options.value.command !== 'run') {
    terminal.out(options.value.text);
    return 0;
  }
  return runCommand(options.value, terminal);
}
