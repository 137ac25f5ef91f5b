import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeArchives } from './archives.ts';
import { made } from './made.ts';
import type { Layout } from './servers.ts';
import { firstVersion, type PackageOptions, packageFiles } from './tree.ts';

export interface MakeOptions extends Partial<PackageOptions> {
  /** Directory to make the package in: absent or empty. */
  readonly dir: string;
}

/** Writes a sample deploy package; throws on a directory with something in it or a version that is not three numbers. */
export function makeTarsPackage({ dir, layout = '3.x', version = firstVersion[layout], touch }: MakeOptions): void {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`version "${version}": write three numbers, as 3.0.18`);
  mkdirSync(dir, { recursive: true });
  if (readdirSync(dir).length > 0) throw new Error(`${dir} is not empty: remove it first or name a new directory`);
  const files = packageFiles({ layout, version, ...(touch === undefined ? {} : { touch }) });
  const directories = new Set([dir]);
  for (const path of [...files.keys()].sort()) {
    const file = files.get(path);
    if (file === undefined) throw new Error(`internal: ${path} was listed`);
    const target = join(dir, path);
    for (let parent = dirname(target); parent !== dir; parent = dirname(parent)) directories.add(parent);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file.text);
    // writeFile's own mode is cut by the umask.
    chmodSync(target, file.executable ? 0o755 : 0o644);
    utimesSync(target, made, made);
  }
  // Last: writing into a directory changes its time.
  for (const directory of directories) {
    chmodSync(directory, 0o755);
    utimesSync(directory, made, made);
  }
}

/** Writes `<S>.tgz` of every server of such a package into another directory: absent or empty. */
export function makeTarsArchives(options: MakeOptions): void {
  const work = mkdtempSync(join(tmpdir(), 'tars-package-'));
  try {
    makeTarsPackage({ ...options, dir: work });
    makeArchives(work, options.dir);
  } finally {
    rmSync(work, { recursive: true });
  }
}

const usage =
  'usage: node dist/lab/tars/make.js [DIR] [--tgz DIR] [--1x] [--version 3.0.18] [--touch web|servers] (one DIR at least)';

function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      version: { type: 'string' },
      '1x': { type: 'boolean' },
      touch: { type: 'string' },
      tgz: { type: 'string' },
    },
  });
  const [dir, ...rest] = positionals;
  const { tgz, touch, version } = values;
  if ((dir === undefined && tgz === undefined) || rest.length > 0) throw new Error(usage);
  if (touch !== undefined && touch !== 'web' && touch !== 'servers') throw new Error(usage);
  const layout: Layout = values['1x'] === true ? '1.x' : '3.x';
  const options: Omit<MakeOptions, 'dir'> = {
    layout,
    ...(version === undefined ? {} : { version }),
    ...(touch === undefined ? {} : { touch }),
  };
  if (dir !== undefined) makeTarsPackage({ ...options, dir: resolve(dir) });
  if (tgz !== undefined) makeTarsArchives({ ...options, dir: resolve(tgz) });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
