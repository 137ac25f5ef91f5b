import { firstSentence } from '../../lib/cli/doc-text.ts';
import type { Module } from '../../lib/module.ts';
import { modules } from '../../lib/modules/index.ts';
import { fullName } from '../../lib/playbook/collections.ts';
import { ACTION_ARGS } from '../../lib/playbook/imports.ts';
import { KEYWORD_DOCS } from '../../lib/playbook/keyword-docs.ts';
import { KEYWORDS, type Place } from '../../lib/playbook/keywords.ts';
import { COLLECTIONS } from '../../lib/playbook/modules.ts';
import { lookupNames } from '../../lib/template/index.ts';
import { argsJson, type Json, ref, VALUE_DEFINITIONS } from './values.ts';

export const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** schemas/tasks.json: a list of tasks, as in a role's tasks files; the other schemas refer to its definitions. */
export async function tasksSchema(): Promise<Json> {
  const loaded: Module[] = [];
  for (const load of Object.values(modules)) loaded.push((await load()).default);
  const definitions = {
    ...VALUE_DEFINITIONS,
    ...Object.fromEntries(loaded.map(m => [`module.${m.name}`, argsJson(m.args, m.doc)])),
    ...Object.fromEntries(actions().map(([name, args]) => [`module.${name}`, argsJson(args)])),
    tasks: list('task'),
    handlers: list('handler'),
    block: { type: 'object', properties: keywords('block', 'tasks'), additionalProperties: false, required: ['block'] },
    task: taskJson('task', loaded),
    handler: taskJson('handler', loaded),
  };
  return {
    $schema: DRAFT,
    title: 'tasks of tplay',
    description: 'A list of tasks: tasks/*.yml of a role, or a file that is imported or included.',
    ...list('task'),
    definitions,
  };
}

/** schemas/handlers.json: handlers/*.yml of a role. */
export function handlersSchema(): Json {
  return {
    $schema: DRAFT,
    title: 'handlers of tplay',
    description: 'A list of handlers: handlers/*.yml of a role.',
    $ref: 'tasks.json#/definitions/handlers',
  };
}

/** The schema of the keywords that may stand at a place; `inner` is what its lists hold. */
export function keywords(place: Place, inner: 'tasks' | 'handlers', file = ''): Readonly<Record<string, Json>> {
  const here = KEYWORDS.filter(k => k.on.includes(place) && k.refused === undefined);
  return Object.fromEntries(
    here.map(({ name, value }) => {
      const items = name === 'handlers' ? 'handlers' : LISTS.includes(name) ? inner : undefined;
      const json = items === undefined ? plain(value) : { $ref: `${file}#/definitions/${items}` };
      return [name, { description: KEYWORD_DOCS[name], ...json }];
    }),
  );
}

const LISTS = ['block', 'rescue', 'always', 'tasks', 'pre_tasks', 'post_tasks'];

/** Without the words that only our own check knows. */
function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'patternHint' ? undefined : inner)));
}

function actions() {
  return Object.entries(ACTION_ARGS).filter(([name]) => name !== 'import_playbook');
}

function list(item: 'task' | 'handler'): Json {
  const block = { if: { type: 'object', required: ['block'] }, then: ref('block'), else: ref(item) };
  return { type: ['array', 'null'], items: block };
}

/** A task: keywords and a module, by its short name, its full name or one of another collection that stands for it. */
function taskJson(place: 'task' | 'handler', loaded: readonly Module[]): Json {
  const names: [string, Json][] = loaded.flatMap(m => {
    const of = { description: `${firstSentence(m.doc)}.`, ...ref(`module.${m.name}`) };
    const full = fullName(m.name);
    return [[m.name, of], ...(full === undefined ? [] : [[full, of] as [string, Json]])];
  });
  const words = actions().flatMap(([name]): [string, Json][] =>
    [name, `ansible.builtin.${name}`].map(each => [each, ref(`module.${name}`)]),
  );
  const short = [...loaded.map(m => m.name), ...actions().map(([name]) => name)].join('|');
  const collections = COLLECTIONS.map(c => c.replaceAll('.', '\\.')).join('|');
  return {
    type: 'object',
    properties: { ...keywords(place, 'tasks'), ...Object.fromEntries([...names, ...words]) },
    patternProperties: {
      [`^with_(ansible\\.(builtin|legacy)\\.)?(${lookupNames().join('|')})$`]: {},
      [`^(${collections})(${short})$`]: {},
    },
    additionalProperties: false,
  };
}
