import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Role } from './program.ts';

/** Where a task's relative files are looked for. */
export interface FilePlaces {
  readonly role: Role | undefined;
  /** Folder of the file the task stands in. */
  readonly dir: string;
  readonly playbookDir: string;
}

export type Folder = 'files' | 'templates' | 'vars' | 'tasks';

/** The paths a relative name may stand for, in Ansible's order: role, task file, playbook; each with its folder first. */
export function candidates(name: string, folder: Folder, places: FilePlaces): readonly string[] {
  if (isAbsolute(name)) return [name];
  if (/^~(\/|$)/.test(name)) return [join(homedir(), name.slice(1))];
  const roots = [...(places.role ? [places.role.path] : []), places.dir, places.playbookDir];
  return [...new Set(roots.flatMap(root => [join(root, folder, name), join(root, name)]))];
}
