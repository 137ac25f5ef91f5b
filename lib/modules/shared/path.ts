import { type Sh, sh } from '../../module.ts';
import { expandedWord } from './expand.ts';

/** Last part of a path; of one ending in slashes the part before them. */
export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** A path below a folder, with one slash between. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder.replace(/\/+$/, '')}/${name}`;
}

/** Is it a path that does not hang on a folder, or may become one: with `~` or a variable of the host at its start? */
export function isWhole(path: string): boolean {
  return /^[/~$]/.test(path);
}

/** The name that a download gets in a folder: the last part of the address. */
export function fileNameOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/, '').replace(/[?#].*$/s, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  try {
    const plain = decodeURIComponent(name);
    return plain === '' || plain.includes('/') || plain.includes('\0') ? name || 'index.html' : plain;
  } catch {
    return name; // a % that begins no byte: the name as it stands
  }
}

/** A path of a host as a word that no command takes for an option; `~` at its start is a home folder, as rsync has it. */
export function homeWord(path: string): Sh {
  const [home = ''] = /^~[A-Za-z0-9_.-]*(?=\/|$)/.exec(path) ?? [];
  if (home !== '') return sh`${expandedWord(home)}${path.slice(home.length) || undefined}`;
  return sh`${path.startsWith('-') ? `./${path}` : path}`;
}
