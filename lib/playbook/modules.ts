import type { Module } from '../module.ts';
import { modules } from '../modules/index.ts';

/** Collections whose names stand for our modules; where they differ from Ansible's the module's page says so. */
export const COLLECTIONS = [
  'ansible.builtin.',
  'ansible.legacy.',
  'ansible.posix.',
  'community.docker.',
  'community.general.',
  'community.mysql.',
];

/** A module's name without its collection. */
export function shortName(name: string): string {
  const prefix = COLLECTIONS.find(c => name.startsWith(c));
  return prefix === undefined ? name : name.slice(prefix.length);
}

/** The collection of a full name whose collection we have nothing of; undefined for other names. */
export function strangeCollection(name: string): string | undefined {
  const collection = /^([a-z_]\w*\.[a-z_]\w*)\.[a-z_][\w.]*$/.exec(name)?.[1];
  return collection === undefined || COLLECTIONS.includes(`${collection}.`) ? undefined : collection;
}

/** Loads a module by its short name; undefined when there is none. Only what a playbook uses is loaded. */
export async function loadModule(name: string): Promise<Module | undefined> {
  if (!Object.hasOwn(modules, name)) return undefined;
  return (await modules[name]?.())?.default;
}

/** All names of modules. */
export function moduleNames(): readonly string[] {
  return Object.keys(modules);
}
