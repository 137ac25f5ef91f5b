import { spawnSync } from 'node:child_process';
import { packageRoot } from '../package-root.ts';
import type { Fetched, FetchRequest } from '../template/values.ts';

const LARGEST = 256 << 20;

/** Reads a URL and waits for it: templates are rendered without a break. Never throws. */
export function fetchAndWait(request: FetchRequest): Fetched {
  const ran = spawnSync(process.execPath, [`${packageRoot}dist/lib/remote/fetch-program.js`], {
    input: JSON.stringify(request),
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: LARGEST,
    killSignal: 'SIGKILL',
  });
  const code = (ran.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOBUFS') return { failure: `the answer is larger than ${LARGEST >> 20} MB` };
  if (ran.error !== undefined) return { failure: `the program that reads it cannot be run: ${ran.error.message}` };
  if (ran.status !== 0) return { failure: `the program that reads it ended with ${ran.status ?? ran.signal}` };
  const answer = JSON.parse(ran.stdout.toString('utf8')) as
    | { readonly failure: string }
    | { readonly status: number; readonly reason: string; readonly body: string };
  return 'failure' in answer ? answer : { ...answer, body: Buffer.from(answer.body, 'base64') };
}
