import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import type { LocalData, LocalFile, LocalNeed } from '../module.ts';
import { candidates, type FilePlaces, type Folder } from '../playbook/local-paths.ts';
import { isVault, type VaultFault } from '../vault/envelope.ts';
import type { Vault } from '../vault/vault.ts';
import type { LocalArchives } from './local-archive.ts';
import { LARGE, type LargeFiles, largeFile } from './local-large.ts';
import { Owners } from './local-owners.ts';

/** The first candidate that exists, or undefined. */
export function findLocal(name: string, folder: Folder, places: FilePlaces): string | undefined {
  return candidates(name, folder, places).find(p => statSync(p, { throwIfNoEntry: false }) !== undefined);
}

/** How files are read: without a vault encrypted ones stay as they are; with `follow` links are what they lead to. */
export interface LocalReading {
  readonly vault?: Vault | undefined;
  readonly follow?: boolean | undefined;
  /** Those of the run that were met already. */
  readonly large?: LargeFiles | undefined;
  /** Whose files are is told too, and every file is read in pieces. */
  readonly inPieces?: boolean | undefined;
  readonly skip?: Extract<LocalNeed, { kind: 'tree' }>['skip'] | undefined;
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
  // as rsync: without a slash at its end a link is meant itself
  const itselfMeant = how.inPieces && !how.follow && !path.endsWith('/');
  const info = itselfMeant ? lstatSync(path) : statSync(path);
  const who = how.inPieces ? new Owners() : undefined;
  const more = facts(info, who);
  const mode = info.mode & 0o7777;
  if (info.isSymbolicLink())
    return {
      path,
      files: [{ path: '', type: 'link', mode, ...more, bytes: new Uint8Array(), link: readlinkSync(path) }],
    };
  if (!info.isDirectory())
    return { path, files: [file({ path: '', type: 'file', mode, ...more }, content(path, info, how))] };
  const itself = { path: '', type: 'directory', mode, bytes: new Uint8Array(), ...more } as const;
  return { path, itself, files: [...walk({ ...how, root: path, above: [], who }, '')] };
}

/** When a file was changed and whose it is, where that was asked for. */
function facts(info: Stats, who: Owners | undefined): Partial<LocalFile> {
  return who === undefined ? {} : { mtime: Math.floor(info.mtimeMs / 1000), ...who.of(info) };
}

/** What is in a file: its bytes, or how they are read where they are many. */
function content(path: string, info: Stats, how: LocalReading): Content {
  if ((info.size < LARGE && !how.inPieces) || !info.isFile() || (how.vault !== undefined && isVault(head(path))))
    return readOpened(path, how.vault);
  const large = largeFile(path, info, how.large);
  return {
    get bytes() {
      return readFileSync(path);
    },
    large,
  };
}

/** Both as one object; a spread would read a large file. */
function file(own: Omit<LocalFile, 'bytes'>, rest: Content): LocalFile {
  return Object.defineProperties({ ...own }, Object.getOwnPropertyDescriptors(rest)) as LocalFile;
}

type Content = Pick<LocalFile, 'bytes' | 'secret' | 'large'>;

function head(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(64);
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

/** The bytes of a file, opened where it is encrypted: then they are secret. */
export type OpenedFile = Pick<LocalFile, 'bytes' | 'secret'>;

/** Reads one file. Throws ClosedFile, and what the file system says. */
export function readOpened(path: string, vault: Vault | undefined): OpenedFile {
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
  readonly who: Owners | undefined;
}

function* walk(at: Walk, below: string): Iterable<LocalFile> {
  const real = realpathSync(join(at.root, below));
  if (at.above.includes(real)) return;
  const inner = { ...at, above: [...at.above, real] };
  const read = (path: string) => {
    const full = join(at.root, path);
    return statSync(full, { throwIfNoEntry: false })?.isFile() ? readFileSync(full, 'utf8') : undefined;
  };
  for (const name of readdirSync(join(at.root, below)).sort()) {
    const path = below === '' ? name : `${below}/${name}`;
    const full = join(at.root, path);
    const info = at.follow ? (statSync(full, { throwIfNoEntry: false }) ?? lstatSync(full)) : lstatSync(full);
    if (at.skip?.(path, info.isDirectory(), read)) continue;
    const own = { path, mode: info.mode & 0o7777, ...facts(info, at.who) };
    const none = new Uint8Array();
    if (info.isSymbolicLink()) yield { ...own, type: 'link', bytes: none, link: readlinkSync(full) };
    else if (info.isDirectory()) {
      yield { ...own, type: 'directory', bytes: none };
      yield* walk(inner, path);
    } else if (info.isFile()) yield file({ ...own, type: 'file' }, content(full, info, at));
  }
}

/** What services need of the run: who opens encrypted files, and who is told what must not be shown. */
export interface Secrets {
  readonly vault: Vault;
  readonly large?: LargeFiles;
  readonly archives?: LocalArchives;
  hide(secret: string): void;
}
