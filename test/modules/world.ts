import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case, Shell } from './case.ts';

const SHELL_WORDS: Readonly<Record<Shell, string>> = {
  dash: 'dash',
  bash: 'bash --posix',
  busybox: 'busybox sh',
};

const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The temp folder of a case: `root` is $TMP; commands of the case come before the machine's. */
export class World implements Disposable {
  readonly base = mkdtempSync(join(tmpdir(), 'tplay-case-'));
  readonly root = join(this.base, 'w');
  readonly temp = join(this.base, 'tmp');
  readonly shell = join(this.base, 'bin/shell');
  readonly #shims = join(this.base, 'shims');
  readonly env: Readonly<Record<string, string>>;
  /** Where the case's web server is; it stands for $URL. */
  url = '';

  constructor(shell: Shell, { shims = {}, umask = '022', hide = [] }: Case) {
    for (const folder of [this.root, this.temp, join(this.base, 'bin'), this.#shims]) mkdirSync(folder);
    chmodSync(this.base, 0o755);
    program(
      this.shell,
      `umask ${umask}\n${hide.length === 0 ? '' : hiding(hide, SHELL_WORDS[shell])}\nexec ${SHELL_WORDS[shell]} "$@"`,
    );
    for (const [name, text] of Object.entries(shims)) program(join(this.#shims, name), this.fill(text));
    const path = [
      this.#shims,
      ...(shell === 'busybox' ? [busyboxTools()] : []),
      '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ];
    this.env = { PATH: path.join(':'), HOME: this.root, TMPDIR: this.temp, TMP: this.root };
  }

  /** `$TMP` in every text, and `./` at the start of one. */
  fill<T>(value: T): T {
    const texts = (v: unknown): unknown => {
      if (typeof v === 'string')
        return v
          .replace(/^\.\//, `${this.root}/`)
          .replaceAll('$TMP', this.root)
          .replaceAll('$URL', this.url)
          .replaceAll('$LOGIN', this.url.replace('//', '//user:p%27w@'));
      if (Array.isArray(v)) return v.map(texts);
      if (v !== null && typeof v === 'object')
        return Object.fromEntries(Object.entries(v).map(([k, x]) => [k.replaceAll('$TMP', this.root), texts(x)]));
      return v;
    };
    return texts(value) as T;
  }

  run(script: string): void {
    // what a case needs is made with this machine's own tools
    const env = { ...this.env, PATH: `${this.#shims}:${SYSTEM}` };
    execFileSync('sh', ['-euc', `umask 022\n${script}`], {
      cwd: this.root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  /** Everything in the temp folder, a line each with all that a module could change; names with .log are the case's. */
  listing(): string {
    return [...walk(this.root, '')].join('\n');
  }

  /** What sessions left in their temp folder. */
  leftovers(): readonly string[] {
    return readdirSync(this.temp);
  }

  [Symbol.dispose](): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

let tools: string | undefined;

/** A folder of links by which busybox stands in for every tool it has; made once, gone when the tests end. */
function busyboxTools(): string {
  if (tools !== undefined) return tools;
  const folder = mkdtempSync(join(tmpdir(), 'tplay-busybox-'));
  execFileSync('busybox', ['--install', '-s', folder]);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  tools = folder;
  return folder;
}

/** Starts the shell so that `command -v` does not find these: the prelude looks in the system's folders in any case. */
function hiding(names: readonly string[], shell: string): string {
  const script = `command() { case $2 in ${names.join('|')}) return 127 ;; esac; type "$2"; }`;
  return `[ $# != 0 ] || { { printf '%s\\n' '${script}'; exec /bin/cat; } | ${shell}; exit; }`;
}

function program(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

function* walk(root: string, below: string): Iterable<string> {
  const path = join(root, below);
  const s = lstatSync(path);
  const content = s.isFile()
    ? createHash('sha256').update(readFileSync(path)).digest('hex')
    : s.isSymbolicLink()
      ? readlinkSync(path)
      : '';
  yield `${below || '.'} ${s.mode.toString(8)} ${s.uid}:${s.gid} ${s.isSymbolicLink() ? 0 : s.mtimeMs} ${content}`;
  if (!s.isDirectory()) return;
  for (const name of readdirSync(path).sort()) if (!name.includes('.log')) yield* walk(root, join(below, name));
}
