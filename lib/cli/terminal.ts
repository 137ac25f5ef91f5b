import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** The person's side: where text goes, and where answers come from. */
export interface Terminal {
  readonly cwd: string;
  readonly colour: boolean;
  /** Whether stdout is a terminal that can be redrawn. */
  readonly isTerminal: boolean;
  /** Whether somebody can be asked. */
  readonly isInteractive: boolean;
  /** Whether standard input is a keyboard, and no file or pipe. */
  readonly isKeyboard: boolean;
  readonly columns: number;
  out(text: string | Uint8Array): void;
  err(text: string): void;
  /** A line of standard input; '' at its end. */
  ask(prompt: string): Promise<string>;
  /** The same without showing what is typed, and without a prompt. */
  askSilently(): Promise<string>;
  /** Calls back at the first interrupt; a second one ends the process. Returns how to stop listening. */
  onInterrupt(stop: () => void): () => void;
}

/** Whether to use colours: as --no-color and the settings say, else as the terminal and NO_COLOR say. */
export function terminalColour(
  options: { readonly colour: boolean | undefined },
  terminal: Pick<Terminal, 'colour'>,
): boolean {
  return options.colour ?? terminal.colour;
}

/** The terminal this process was started from. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  const env = process.env;
  const colour =
    env['NO_COLOR'] === undefined && (stdout.isTTY || env['FORCE_COLOR'] !== undefined) && env['TERM'] !== 'dumb';
  // A reader that went away (`| head`) is no error of ours, and no reason to leave hosts half done.
  for (const stream of [stdout, stderr])
    stream.on('error', error => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    });
  const line = lineReader();
  return {
    cwd: process.cwd(),
    colour,
    isTerminal: stdout.isTTY === true && env['TERM'] !== 'dumb' && env['CI'] === undefined,
    isKeyboard: stdin.isTTY === true,
    isInteractive: stdin.isTTY === true && stdout.isTTY === true,
    get columns() {
      return stdout.columns ?? 80;
    },
    out: text => void stdout.write(text),
    err: text => void stderr.write(text),
    ask: line,
    askSilently: () => line(undefined),
    onInterrupt(stop) {
      let stopping = false;
      const listener = () => {
        if (stopping) process.exit(130);
        stopping = true;
        stderr.write('\nstopping after what is running now; again to stop at once\n');
        stop();
      };
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return () => void process.off('SIGINT', listener).off('SIGTERM', listener);
    },
  };
}

/** Reads lines of standard input. One reader for all: what a second one would read, the first may have taken already. */
function lineReader(): (prompt: string | undefined) => Promise<string> {
  let piped: AsyncIterator<string> | undefined;
  return async prompt => {
    const { stdin, stdout } = process;
    if (stdin.isTTY) return prompt === undefined ? await typed('', nowhere()) : await typed(prompt, stdout);
    if (prompt !== undefined) stdout.write(prompt);
    piped ??= createInterface({ input: stdin })[Symbol.asyncIterator]();
    stdin.resume();
    const { value, done } = await piped.next();
    stdin.pause(); // or it would keep the process from ending
    return done ? '' : value;
  };
}

async function typed(prompt: string, output: Writable): Promise<string> {
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  // A closed input (Ctrl-D) answers nothing; readline keeps Ctrl-C to itself, but it is meant for the run.
  const closed = new Promise<string>(resolve => reader.once('close', () => resolve('')));
  reader.once('SIGINT', () => {
    // At once, so that nothing more is asked; where nobody listens it ends the process as it would have.
    if (!process.emit('SIGINT', 'SIGINT')) process.kill(process.pid, 'SIGINT');
    reader.close();
  });
  try {
    return await Promise.race([reader.question(prompt), closed]);
  } finally {
    reader.close();
  }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** Asks without showing what is typed; without a terminal the answer is a line of standard input. */
export async function askSecret(terminal: Terminal, prompt: string): Promise<string> {
  terminal.err(prompt);
  const answer = await terminal.askSilently();
  terminal.err('\n');
  return answer;
}
