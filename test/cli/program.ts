import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program as it is built. */
export const program = fileURLToPath(new URL('../../../bin/tplay.js', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Three hosts that are this machine, and one that nothing answers for. */
export const HOSTS = `
all:
  children:
    web: { hosts: { web1: , web2: } }
    db: { hosts: { db1: } }
  vars: { ansible_connection: local }
`;

/** A folder with these files, where the built program can be run; gone when it is disposed of. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'tplay-cli-'));

  /** The environment's variables besides those it always has. */
  readonly env: Record<string, string> = {};

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries({ 'hosts.yml': HOSTS, ...files })) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), text);
    }
  }

  start(...argv: readonly string[]): ChildProcessWithoutNullStreams {
    const env = { PATH: process.env['PATH'], HOME: this.path, LANG: 'C', ...this.env };
    return spawn(process.execPath, [program, ...argv], { cwd: this.path, env });
  }

  run(...argv: readonly string[]): Promise<Ended> {
    return endOf(this.start(...argv));
  }

  /** What a file in it holds. */
  text(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** Everything a program writes until it ends. */
export function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
  return new Promise(resolve => child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr })));
}
