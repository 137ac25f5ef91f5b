import { resolve } from 'node:path';
import { didYouMean } from '../text/near.ts';
import { layerOf, toRaw } from '../vars/raw.ts';
import { entryOf, type MapEntry, type MapNode, valueOf } from '../yaml/node.ts';
import type { Compiler } from './compiler.ts';
import { directivesOf, NO_DIRECTIVES } from './directives.ts';
import { nearFile, staticText } from './imports.ts';
import type { Directives, Item, Play, Task } from './program.ts';
import { checkKeywords } from './syntax.ts';

const WORDS = ['import_playbook', 'ansible.builtin.import_playbook', 'ansible.legacy.import_playbook'];
const KEYWORDS = ['name', 'tags', 'vars', 'when'];

/** The entry that makes an element of a playbook an import. */
export function playbookImport(map: MapNode): MapEntry | undefined {
  return WORDS.flatMap(word => entryOf(map, word) ?? [])[0];
}

/** The file that an import_playbook names; undefined when there is none, or it imports itself (reported). */
export function importedPath(entry: MapEntry, c: Compiler, trail: readonly string[]): string | undefined {
  const { span } = entry.value;
  const around = { dir: c.playbookDir, role: undefined };
  const name = staticText(toRaw(entry.value, c.found), span, { around, c, word: 'import_playbook' });
  if (name === undefined) return undefined;
  const path = resolve(c.playbookDir, name);
  if (trail.includes(path)) {
    const way = [...trail, path].map(p => c.files.shown(p)).join(' -> ');
    c.found.error('recursion', `this playbook imports itself: ${way}`, { span });
    return undefined;
  }
  if (c.files.isFile(path)) return path;
  const near = nearFile(name, c.playbookDir, c);
  c.found.error('missing-file', `there is no playbook "${name}"`, { span, ...(near && { suggestion: near }) });
  return undefined;
}

/** Reports keywords that an import_playbook does not take: others Ansible passes over in silence. */
export function checkImport(map: MapNode, c: Compiler): void {
  const known = map.entries.filter(e => KEYWORDS.includes(e.key.source));
  checkKeywords({ ...map, entries: known }, 'role', { found: c.found });
  for (const { key } of map.entries.filter(e => !known.includes(e) && !WORDS.includes(e.key.source))) {
    const suggestion = didYouMean(key.source, KEYWORDS) ?? `it takes ${KEYWORDS.join(', ')}`;
    c.found.error('unknown-keyword', `an import_playbook has no keyword "${key.source}"`, {
      span: key.span,
      suggestion,
    });
  }
}

/**
 * Tags and conditions of an import_playbook hold for every task of its plays and for the gathering of facts; its
 * variables, as Ansible, are the plays' own and win over them.
 */
export function aroundPlay(play: Play, map: MapNode, c: Compiler): Play {
  const outer = directivesOf(map, NO_DIRECTIVES, c.found);
  const vars = valueOf(map, 'vars');
  const around = (item: Item): Item => {
    if (item.kind === 'flush') return item;
    if (item.kind === 'task') return aroundTask(item, outer);
    const [tasks, rescue, always] = [item.tasks, item.rescue, item.always].map(list => list.map(around));
    return { ...item, tasks: tasks ?? [], rescue: rescue ?? [], always: always ?? [] };
  };
  return {
    ...play,
    vars: vars?.kind === 'map' ? new Map([...play.vars, ...layerOf(vars, c.found)]) : play.vars,
    tags: [...new Set([...outer.tags, ...play.tags])],
    directives: inside(play.directives, outer),
    body: play.body.map(around),
    handlers: play.handlers.map(h => aroundTask(h, outer)),
  };
}

function aroundTask(task: Task, outer: Directives): Task {
  const { action } = task;
  const directives = inside(task.directives, outer);
  if (action.kind !== 'include_tasks' && action.kind !== 'include_role') return { ...task, directives };
  const brings = { ...action.brings, around: inside(action.brings.around, outer) };
  return { ...task, directives, action: { ...action, brings } };
}

function inside(directives: Directives, outer: Directives): Directives {
  const tags = [...new Set([...outer.tags, ...directives.tags])];
  return { ...directives, tags, when: [...outer.when, ...directives.when] };
}
