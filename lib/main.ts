import { commandOf } from './cli/commands.ts';
import { runCommand } from './cli/run.ts';
import { processTerminal, type Terminal } from './cli/terminal.ts';
import { type OtherOptions, parseOptions, type RunOptions } from './options.ts';
import { loadSettings } from './settings/load.ts';
import { Diagnostics } from './text/diagnostic.ts';
import { formatDiagnostics } from './text/frame.ts';

/** Runs the program: reads the command line, does what it asks, returns the exit status. */
export async function main(
  argv: readonly string[],
  terminal: Terminal = processTerminal(),
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const found = new Diagnostics();
  const settings = loadSettings({ cwd: terminal.cwd, env }, found);
  const options = parseOptions(argv, settings);
  for (const d of options.ok ? options.warnings : options.errors) found.add(d);
  const asked = options.ok ? options.value : undefined;
  // Who asks for help is not told of mistakes.
  if (asked !== undefined && 'text' in asked) {
    terminal.out(asked.text);
    return 0;
  }
  if (found.sorted.length > 0) terminal.err(formatDiagnostics(found.sorted, terminal.colour));
  return asked === undefined || found.failed ? 1 : start(asked, terminal);
}

async function start(asked: RunOptions | OtherOptions, terminal: Terminal): Promise<number> {
  if (asked.command === 'run') return runCommand(asked, terminal);
  const loaded = await commandOf(asked.line.command)?.load?.();
  if (loaded === undefined) throw new Error(`internal: nothing runs the command ${asked.line.command}`);
  return loaded.run(asked.line, terminal);
}
