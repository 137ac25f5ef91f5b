import { join } from 'node:path';
import type { FileStore } from '../playbook/load.ts';
import type { Book } from './book.ts';

/**
 * Every word that stands in a template of the playbooks, or in a file that is likely one: too many rather than too few, so
 * that what is called unused is.
 */
export function readUses(book: Pick<Book, 'plays' | 'sites' | 'roles'>, files: FileStore): ReadonlySet<string> {
  const uses = new Set<string>();
  const add = (text: string): void => {
    for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) uses.add(word);
  };
  // Rules of a role's schema are expressions too.
  for (const { schema } of book.roles)
    if (schema !== undefined && 'x-rules' in schema.schema) add(JSON.stringify(schema.schema['x-rules']));
  for (const part of [book.plays, book.roles]) templatesIn(part, add);
  for (const { task } of book.sites) templatesIn(task, add);
  const folders = [
    ...book.roles.map(role => join(role.path, 'templates')),
    ...[...new Set(book.plays.map(play => play.dir))].flatMap(dir =>
      ['templates', 'group_vars', 'host_vars'].map(name => join(dir, name)),
    ),
  ];
  for (const folder of new Set(folders)) readFolder(folder, files, add);
  return uses;
}

/** The text of all files of tasks of roles. */
export function readRoleTexts(roles: Book['roles'], files: FileStore): string {
  const texts: string[] = [];
  for (const path of new Set(roles.map(role => role.path)))
    readFolder(join(path, 'tasks'), files, text => void texts.push(text));
  return texts.join('\n');
}

/** What is looked at by itself, and what holds no templates but trees of YAML. */
const SKIPPED = new Set(['span', 'node', 'written', 'module', 'origin', 'key', 'role', 'roles', 'body', 'handlers']);

function templatesIn(value: unknown, add: (text: string) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) templatesIn(item, add);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Map) return templatesIn([...value.values()], add);
  if ('kind' in value && value.kind === 'template' && 'text' in value) return add(String(value.text));
  for (const [name, inner] of Object.entries(value)) if (!SKIPPED.has(name)) templatesIn(inner, add);
}

function readFolder(folder: string, files: FileStore, add: (text: string) => void): void {
  for (const name of files.list(folder)) {
    const path = join(folder, name);
    if (files.isDirectory(path)) readFolder(path, files, add);
    else add(files.text(path) ?? '');
  }
}
