import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianPreparation, prepareDebian } from './debian.ts';
import { type BaseName, bases } from './kinds.ts';
import { debianRelease, run } from './machine.ts';
import { addedCertificates, aptProxies, distributionSources } from './sources.ts';
import { cacheDirectory, lock } from './state.ts';

/** All that a base is made of. */
interface Ingredients {
  readonly name: BaseName;
  readonly release: string;
  readonly sources: readonly string[];
  readonly proxies: readonly string[];
  readonly certificates: readonly string[];
}

/** Raised when what this file does with the ingredients changes, so that bases made before are not used. */
const RECIPE = 2;

/**
 * The path of a base root filesystem, made when it is not there (about 20 s). Its name has a hash of all that went
 * into it; it gets that name only when complete.
 */
export async function ensureBase(name: BaseName, report: (line: string) => void): Promise<string> {
  const release = debianRelease();
  const [sources, proxies, certificates] = [distributionSources(), await aptProxies(), addedCertificates()];
  const ingredients: Ingredients = { name, release, sources, proxies, certificates };
  const path = join(cacheDirectory, `${name}-${hashOf(ingredients)}`);
  if (existsSync(path)) return path;
  await using _held = await lock(`base-${name}`, () => report(`waiting for whoever makes the base ${name}`));
  if (existsSync(path)) return path;
  report(`making the base root filesystem ${name} with mmdebstrap (once; debian takes about 20 s)`);
  const began = Date.now();
  await removeUnused(name);
  await run`mv ${await make(ingredients)} ${path}`;
  report(`base ${name} made in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return path;
}

/** Removes every base; call it only when no lab is up. */
export async function removeBases(): Promise<void> {
  await run`rm -rf --one-file-system ${cacheDirectory}`;
}

async function make({ name, release, sources, proxies, certificates }: Ingredients): Promise<string> {
  const { packages, variant, python, script } = bases[name];
  mkdirSync(cacheDirectory, { recursive: true });
  // a new name each time: of a build that was killed, mmdebstrap may still be writing to the old one
  const half = join(cacheDirectory, `.half-${name}-${process.pid}-${Date.now()}`);
  const options = ['Acquire::Languages "none";', ...proxies].map(line => `--aptopt=${line}`);
  const flags = [
    '--quiet',
    '--mode=root',
    '--skip=cleanup/apt/lists',
    '--dpkgopt=force-unsafe-io',
    `--variant=${variant}`,
  ];
  const input = `${sources.join('\n')}\n`;
  await run({ input })`mmdebstrap ${flags} ${options} --include=${packages.join(',')} ${release} ${half} -`;
  if (variant === 'minbase') await prepareDebian(half, certificates);
  if (script !== undefined) await run`sh ${scriptPath(script)} ${half}`;
  if (!python) refusePython(half);
  return half;
}

// under the lock of the name: the half made are of builds that were killed, the others of other ingredients
async function removeUnused(name: BaseName): Promise<void> {
  const mounts = readFileSync('/proc/mounts', 'utf8');
  const all = existsSync(cacheDirectory) ? readdirSync(cacheDirectory) : [];
  for (const entry of all.filter(one => one.startsWith(`${name}-`) || one.startsWith(`.half-${name}-`))) {
    const path = join(cacheDirectory, entry);
    if (!mounts.includes(path)) await run`rm -rf --one-file-system ${path}`;
  }
}

function hashOf(ingredients: Ingredients): string {
  const { script } = bases[ingredients.name];
  const text = script === undefined ? '' : readFileSync(scriptPath(script), 'utf8');
  const all = JSON.stringify([RECIPE, ingredients, bases[ingredients.name], text, debianPreparation]);
  return createHash('sha256').update(all).digest('hex').slice(0, 12);
}

// the scripts are not compiled: from dist/lab they are two folders up
function scriptPath(name: string): string {
  return fileURLToPath(new URL(`../../lab/${name}`, import.meta.url));
}

// a package that brings it in must not go unnoticed
function refusePython(root: string): void {
  const found = readdirSync(join(root, 'usr/bin')).find(name => /^python/.test(name));
  if (found === undefined) return;
  throw new Error(
    `the base has /usr/bin/${found}, so a package of lab/kinds.ts brings Python in: leave that package out`,
  );
}
