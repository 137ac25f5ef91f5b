import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { diskFiles } from '../inventory/files.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';

/** What the search for files of settings depends on. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A file of settings that was found. */
export interface Found {
  readonly file: SourceFile;
  /** Its folder: relative paths in it are seen from there. */
  readonly folder: string;
}

/** As Ansible: $ANSIBLE_CONFIG, ./ansible.cfg, ~/.ansible.cfg, /etc/ansible/ansible.cfg; the first there is, alone. */
export function findAnsibleCfg(at: Surroundings, found: Diagnostics): Found | undefined {
  const path =
    named('ANSIBLE_CONFIG', 'ansible.cfg', at, found) ??
    here('ansible.cfg', at, found) ??
    [inHome('.ansible.cfg', at), '/etc/ansible/ansible.cfg'].find(isFile);
  return read(path, at, found);
}

/** $TPLAY_CONFIG, ./tplay.yml, ~/.config/tplay/tplay.yml; the first there is, alone. */
export function findTplayYml(at: Surroundings, found: Diagnostics): Found | undefined {
  const { XDG_CONFIG_HOME: config } = at.env;
  const folder = config === undefined || config === '' ? inHome('.config', at) : config;
  const path =
    named('TPLAY_CONFIG', 'tplay.yml', at, found) ??
    here('tplay.yml', at, found) ??
    [folder && join(folder, 'tplay', 'tplay.yml')].find(isFile);
  return read(path, at, found);
}

/** The file a variable of the environment names, or that is in the folder it names. */
function named(variable: string, file: string, at: Surroundings, found: Diagnostics): string | undefined {
  const value = at.env[variable];
  if (value === undefined || value === '') return undefined;
  const path = resolve(at.cwd, value.replace(/^~(?=\/|$)/, at.env['HOME'] ?? '~'));
  const there = [path, join(path, file)].find(isFile);
  // As Ansible the search goes on; but nobody sets the variable for that.
  if (there === undefined) found.warning('missing-file', `there is no file "${value}", as ${variable} says`);
  return there;
}

function inHome(path: string, { env }: Surroundings): string | undefined {
  return env['HOME'] === undefined ? undefined : join(env['HOME'], path);
}

/** A file of the working directory. As Ansible: not where everybody may put one. */
function here(name: 'ansible.cfg' | 'tplay.yml', at: Surroundings, found: Diagnostics): string | undefined {
  const path = join(at.cwd, name);
  if (!isFile(path)) return undefined;
  if ((statSync(at.cwd).mode & 0o002) === 0) return path;
  const variable = name === 'tplay.yml' ? 'TPLAY_CONFIG' : 'ANSIBLE_CONFIG';
  found.warning('unsupported', `${name} is not read: everybody may write to this folder`, {
    suggestion: `type: chmod o-w ${at.cwd}, or set ${variable}=${path}`,
  });
  return undefined;
}

function read(path: string | undefined, { cwd }: Surroundings, found: Diagnostics): Found | undefined {
  if (path === undefined) return undefined;
  const file = diskFiles(cwd).readFile(shortPath(path, cwd));
  if (file.ok) return { file: file.value, folder: dirname(path) };
  for (const e of file.errors) found.add(e);
  return undefined;
}

function isFile(path: string | undefined): path is string {
  return path !== undefined && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}

/** Whether there is such a folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A full path as people type it: relative where it is below the working directory. */
export function shortPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(cwd, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
