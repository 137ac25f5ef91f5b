import { isUtf8 } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** What a program of the user's printed; `failure` says how it ended where it did not end well. */
interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly failure?: string;
}

const LONGEST_MS = 5 * 60_000; // scripts that ask a cloud take their time; what takes longer waits for somebody
const LARGEST = 256 << 20;

/** Runs an inventory script in `cwd`, as Ansible does, without input. Never throws. */
export function scriptRunner(cwd: string, longestMs = LONGEST_MS): (path: string, args: readonly string[]) => Printed {
  return (path, args) => {
    const ran = spawnSync(resolve(cwd, path), args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestMs,
      killSignal: 'SIGKILL',
      maxBuffer: LARGEST,
    });
    const failure = failureOf(ran, longestMs);
    // Where it could not even start there are no streams.
    const [stdout, stderr] = [ran.stdout ?? Buffer.alloc(0), ran.stderr ?? Buffer.alloc(0)];
    return {
      stdout: stdout.toString('utf8'),
      stderr: stderr.toString('utf8'),
      ...(failure !== undefined && { failure }),
    };
  };
}

function failureOf(ran: ReturnType<typeof spawnSync>, longestMs: number): string | undefined {
  const code = (ran.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ETIMEDOUT') return `did not end within ${longestMs / 1000} seconds`;
  if (code === 'ENOENT') return 'cannot be run: the program that its first line names is not there';
  if (code === 'ENOEXEC') return 'cannot be run: it is no program of this machine';
  if (code === 'ENOBUFS') return `prints more than ${LARGEST >> 20} MB`;
  if (code !== undefined) return `cannot be run: ${code}`;
  if (ran.signal !== null) return `was ended by ${ran.signal}`;
  if (ran.status !== 0) return `ended with ${ran.status}`;
  return isUtf8(ran.stdout as Buffer) ? undefined : 'prints what is not UTF-8 text';
}
