import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Prelude } from '../../lib/shell/prelude.ts';
import type { Sh } from '../../lib/shell/sh.ts';

export const SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: ['dash'],
  bash: ['bash', '--posix'],
  busybox: ['busybox', 'sh'],
};

export interface Said {
  readonly rc: number;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

/** A shell with the prelude, in a folder of its own: `run` gives it a script and says what came of it. */
export interface Shell {
  readonly name: string;
  readonly folder: string;
  run(script: Sh | string, before?: string): Said;
}

/** Registers a test for each of the three shells. */
export function inShells(
  test: (name: string, body: () => void) => void,
  name: string,
  body: (shell: Shell) => void,
): void {
  const prelude = new Prelude();
  for (const [shell, words] of Object.entries(SHELLS))
    test(`${name} (${shell})`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'tplay-shell-'));
      const run = (script: Sh | string, before = '') => {
        const text = typeof script === 'string' ? script : script.reveal();
        const [program = '', ...args] = words;
        const needed = prelude.missing(`${before}\n${text}`, new Set());
        const input = `umask 022\ntp_tag=test\n${prelude.core}${needed}${before}\n${text}\n`;
        const { status, stdout, stderr } = spawnSync(program, args, {
          input,
          cwd: folder,
          env: { PATH: process.env['PATH'], TMPDIR: folder },
        });
        return { rc: status ?? -1, out: stdout.toString('utf8'), err: stderr.toString('utf8'), bytes: stdout };
      };
      try {
        body({ name: shell, folder, run });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
}
