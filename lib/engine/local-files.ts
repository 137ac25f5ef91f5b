import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { LocalData, LocalFile } from '../module.ts';
import { candidates, type FilePlaces, type Folder } from '../playbook/local-paths.ts';
import { fetchAndWait } from '../remote/fetch.ts';
import { Failure } from '../template/index.ts';
import type { Services } from '../template/values.ts';
import { isVault, type VaultFault } from '../vault/envelope.ts';
import type { Vault } from '../vault/vault.ts';

/** The first candidate that exists, or undefined. */
export function findLocal(name: string, folder: Folder, places: FilePlaces): string | undefined {
  return candidates(name, folder, places).find(p => statSync(p, { throwIfNoEntry: false }) !== undefined);
}

/** How files are read: without a vault encrypted ones stay as they are; with `follow` links are what they lead to. */
export interface LocalReading {
  readonly vault?: Vault | undefined;
  readonly follow?: boolean | undefined;
}

/** An encrypted file that no vault password opens, or that is damaged. */
export class ClosedFile extends Error {
  readonly fault: VaultFault;
  constructor(path: string, fault: VaultFault) {
    super(`${path}: ${fault.message}${fault.suggestion === undefined ? '' : `: ${fault.suggestion}`}`);
    this.fault = fault;
  }
}

/**
 * Reads a file, or a folder with everything below it in sorted order. Throws ClosedFile, and what the file system says.
 */
export function readLocal(path: string, how: LocalReading): LocalData {
  const info = statSync(path);
  if (!info.isDirectory())
    return { path, files: [{ path: '', type: 'file', mode: info.mode & 0o7777, ...readOpened(path, how.vault) }] };
  return { path, files: [...walk({ ...how, root: path, above: [] }, '')] };
}

/** The bytes of a file, opened where it is encrypted: then they are secret. */
function readOpened(path: string, vault: Vault | undefined): Pick<LocalFile, 'bytes' | 'secret'> {
  const bytes = readFileSync(path);
  if (vault === undefined || !isVault(bytes)) return { bytes };
  const opened = vault.open(bytes.toString('latin1'));
  if (!opened.ok) throw new ClosedFile(relative(process.cwd(), path), opened.fault);
  return { bytes: opened.bytes, secret: true };
}

interface Walk extends LocalReading {
  readonly root: string;
  /** Real paths of the folders above: a link to one of them would never end. */
  readonly above: readonly string[];
}

function* walk(at: Walk, below: string): Iterable<LocalFile> {
  const real = realpathSync(join(at.root, below));
  if (at.above.includes(real)) return;
  const inner = { ...at, above: [...at.above, real] };
  for (const name of readdirSync(join(at.root, below)).sort()) {
    const path = below === '' ? name : `${below}/${name}`;
    const full = join(at.root, path);
    const info = at.follow ? (statSync(full, { throwIfNoEntry: false }) ?? lstatSync(full)) : lstatSync(full);
    const mode = info.mode & 0o7777;
    if (info.isSymbolicLink()) yield { path, type: 'link', mode, bytes: new Uint8Array(), link: readlinkSync(full) };
    else if (info.isDirectory()) {
      yield { path, type: 'directory', mode, bytes: new Uint8Array() };
      yield* walk(inner, path);
    } else if (info.isFile()) yield { path, type: 'file', mode, ...readOpened(full, at.vault) };
  }
}

/** What services need of the run: who opens encrypted files, and who is told what must not be shown. */
export interface Secrets {
  readonly vault: Vault;
  hide(secret: string): void;
}

/** What is there only in a run: its inventory and settings. */
export type RunServices = Pick<Services, 'hostNames' | 'setting'>;

/** What lookups may ask of the controller, for a task at a place. */
export function makeServices(places: FilePlaces, { vault, hide }: Secrets, run: RunServices = {}): Services {
  return {
    ...run,
    readFile(name, folder) {
      const path = findLocal(name, folder, places);
      if (path === undefined || !statSync(path).isFile()) return undefined;
      const read = openedFor(path, vault);
      if (read.secret) hide(Buffer.from(read.bytes).toString('utf8'));
      return { path, ...read };
    },
    glob(pattern) {
      for (const candidate of candidates(pattern, 'files', places)) {
        const found = globFiles(candidate);
        if (found.length > 0) return found;
      }
      return [];
    },
    pipe(command) {
      return execFileSync('/bin/sh', ['-c', command], {
        encoding: 'utf8',
        cwd: places.playbookDir,
        maxBuffer: 64 << 20,
      });
    },
    fetch: fetchAndWait,
    environment: process.env,
    inspect(name) {
      const path = findLocal(name, 'files', places);
      if (path === undefined) return undefined;
      const info = statSync(path);
      const kind = info.isFile() ? 'file' : info.isDirectory() ? 'directory' : 'other';
      const parent = statSync(resolve(path, '..'));
      const mount = info.isDirectory() && (info.dev !== parent.dev || info.ino === parent.ino);
      return { kind, link: lstatSync(path).isSymbolicLink(), mount, id: `${info.dev}:${info.ino}` };
    },
    realPath: name => realPath(resolve(name)),
    storePassword(name, text) {
      const path = resolve(places.playbookDir, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { mode: 0o600 });
    },
    hide,
  };
}

/** The links of a path followed as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // As Python's realpath: what is missing is no error.
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

function openedFor(path: string, vault: Vault): Pick<LocalFile, 'bytes' | 'secret'> {
  try {
    return readOpened(path, vault);
  } catch (error) {
    if (!(error instanceof ClosedFile)) throw error;
    throw new Failure(error.message, undefined, error.fault.code);
  }
}

/** Plain files matching a shell pattern in the last part of the path, as Ansible's fileglob. */
function globFiles(pattern: string): readonly string[] {
  const dir = resolve(dirname(pattern));
  const part = basename(pattern);
  const matcher = new RegExp(
    `^${part
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
      .replace(/\[!/g, '[^')}$`,
    's',
  );
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(dir)
    .sort()
    .filter(n => matcher.test(n) && (part.startsWith('.') || !n.startsWith('.')))
    .map(n => join(dir, n))
    .filter(p => statSync(p, { throwIfNoEntry: false })?.isFile() ?? false);
}
