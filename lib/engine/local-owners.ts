import { readFileSync } from 'node:fs';

/** Names of users or groups of the controller by their numbers; empty where it keeps them elsewhere. */
export class Owners {
  readonly #users = names('/etc/passwd');
  readonly #groups = names('/etc/group');

  of({ uid, gid }: { readonly uid: number; readonly gid: number }) {
    const owner = this.#users.get(uid);
    const group = this.#groups.get(gid);
    return { uid, gid, ...(owner !== undefined && { owner }), ...(group !== undefined && { group }) };
  }
}

function names(path: string): ReadonlyMap<number, string> {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const lines = text.split('\n').map(line => line.split(':'));
  // the first of a number is its name
  return new Map(lines.toReversed().map(([name = '', , id]) => [Number(id), name]));
}
