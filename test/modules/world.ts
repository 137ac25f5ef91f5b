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
import { basename, join, resolve } from 'node:path';
import type { Case } from './case.ts';
import { type Opened, type Place, SYSTEM } from './place.ts';

let made = 0;

/**
 * The temp folder of a case, and what its session is like. `root` is $TMP as the place sees it; commands of the case
 * come before the place's own.
 */
export class World implements Disposable {
  readonly place: Place;
  /** Its number, for choices that go by turns. */
  readonly nth = made++;
  readonly base: string;
  readonly root: string;
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #shims: string;
  /** Where the case's web server is; it stands for $URL. */
  url = '';

  constructor(place: Place, { shims = {}, umask = '022', hide = [] }: Case = {}) {
    this.place = place;
    this.base = join(place.temp, basename(mkdtempSync(join(place.tree, place.temp, 'tplay-case-'))));
    this.root = join(this.base, 'w');
    this.#shims = join(this.base, 'shims');
    this.shell = join(this.base, 'bin/shell');
    const temp = join(this.base, 'tmp');
    this.env = { PATH: `${this.#shims}:${place.path}`, HOME: this.root, TMPDIR: temp, TMP: this.root };
    for (const folder of [this.root, temp, join(this.base, 'bin'), this.#shims]) mkdirSync(this.seen(folder));
    chmodSync(this.seen(this.base), 0o755);
    // what is started by ssh or sudo has an environment of its own
    const exports = Object.entries(this.env).map(([name, value]) => `export ${name}='${value}'`);
    const start = [...exports, `umask ${umask}`, ...hiding(hide, place.words), `exec ${place.words} "$@"`];
    this.#program(this.shell, start.join('\n'));
    for (const [name, text] of Object.entries(shims)) this.#program(join(this.#shims, name), this.fill(text));
  }

  /** A path of the place, or one below the temp folder, as this machine sees it. */
  seen(path: string): string {
    return join(this.place.tree, resolve(this.root, path));
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

  open(): Promise<Opened> {
    return this.place.open(this.shell, this.env, this.nth);
  }

  async run(script: string): Promise<void> {
    // what a case needs is made with the place's own tools
    const env = { ...this.env, URL: this.url, PATH: `${this.#shims}:${SYSTEM}` };
    await this.place.run(`umask 022\ncd "$TMP"\n${script}`, env);
  }

  /** Everything in the temp folder, a line each with all that a module could change; names with .log are the case's. */
  listing(): string {
    return [...walk(this.seen('.'), '')].join('\n');
  }

  /** The same of the system's settings, which a dry run must leave alone, too. */
  settings(): string {
    return [...walk(this.seen('/etc'), '')].join('\n');
  }

  /** What sessions left in their temp folder. */
  leftovers(): readonly string[] {
    return readdirSync(this.seen(join(this.base, 'tmp')));
  }

  [Symbol.dispose](): void {
    rmSync(this.seen(this.base), { recursive: true, force: true });
  }

  #program(path: string, text: string): void {
    writeFileSync(this.seen(path), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
}

/** Starts the shell so that `command -v` does not find these: the prelude looks in the system's folders in any case. */
function hiding(names: readonly string[], shell: string): readonly string[] {
  if (names.length === 0) return [];
  const script = `command() { case $2 in ${names.join('|')}) return 127 ;; esac; type "$2"; }`;
  return [`[ $# != 0 ] || { { printf '%s\\n' '${script}'; exec /bin/cat; } | ${shell}; exit; }`];
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
