import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The bytes of a file, or of standard input for `-`; why not, as a text. */
export function readInput(path: string, cwd: string): Buffer | string {
  try {
    return readFileSync(path === '-' ? 0 : resolve(cwd, path));
  } catch (error) {
    return reason(error);
  }
}

/**
 * Puts bytes in a file's place at once: who reads it sees the old or the new one, whole. Its owner stays; its mode too with
 * `keepMode`, else it is 0600. A link stays, and what it leads to is replaced. Returns why it did not work.
 */
export function replaceFile(
  path: string,
  bytes: Uint8Array,
  { cwd, keepMode }: { cwd: string; keepMode: boolean },
): string | undefined {
  let beside: string | undefined;
  try {
    const full = resolve(cwd, path);
    const before = statSync(full, { throwIfNoEntry: false });
    const target = before === undefined ? full : realpathSync(full);
    beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
    const file = openSync(beside, 'wx', 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      // before the mode: chown drops bits
      if (before !== undefined && before.uid !== process.geteuid?.()) fchownSync(file, before.uid, before.gid);
      if (before !== undefined && keepMode) fchmodSync(file, before.mode & 0o7777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, target);
    return undefined;
  } catch (error) {
    if (beside !== undefined) rmSync(beside, { force: true });
    return reason(error);
  }
}

function reason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'permission denied',
    EPERM: 'its owner cannot be kept',
  };
  return known[code] ?? code;
}
