/** Where a keyword may stand. */
export const PLACES = ['play', 'role', 'block', 'task', 'handler'] as const;
export type Place = (typeof PLACES)[number];

export interface Keyword {
  readonly name: string;
  readonly on: readonly Place[];
  /** JSON schema of its value. */
  readonly value: object;
  /** What it says must be known before anything runs: no template is taken as the value, nor as one of a list's. */
  readonly literal?: 'whole' | 'each';
  /** Why it is refused, where it is. */
  readonly refused?: string;
}

const text = { type: 'string' };
const name = { type: ['string', 'number'] };
const flag = { anyOf: [{ type: 'boolean' }, { type: 'string' }] };
const whole = { anyOf: [{ type: 'integer' }, { type: 'string' }] };
const amount = { anyOf: [{ type: 'number' }, { type: 'string' }] };
const words = { anyOf: [{ type: 'string' }, { type: 'array', items: name }] };
const conditions = {
  anyOf: [{ type: ['string', 'boolean', 'null'] }, { type: 'array', items: { type: ['string', 'boolean'] } }],
};
const batch = {
  type: ['integer', 'string'],
  minimum: 0,
  pattern: '^([0-9]+([.][0-9]+)?%?|.*[{][{].*)$',
  patternHint: 'a number of hosts, or a percentage like "30%"',
};
const vars = { type: ['object', 'null'] };
const list = { type: ['array', 'null'] };
const anything = {};

const everywhere: readonly Place[] = ['play', 'role', 'block', 'task', 'handler'];
const belowPlay: readonly Place[] = ['role', 'block', 'task', 'handler'];
const tasks: readonly Place[] = ['task', 'handler'];

/**
 * Every keyword of Ansible's list (docs: "Playbook Keywords"), taken or refused with the reason. The checks of a play's
 * or task's shape and the table in the README come from here.
 */
export const KEYWORDS: readonly Keyword[] = [
  { name: 'name', on: everywhere, value: { type: ['string', 'number', 'null'] } },
  { name: 'hosts', on: ['play'], value: words },
  { name: 'any_errors_fatal', on: everywhere, value: flag },
  { name: 'become', on: everywhere, value: flag },
  { name: 'become_exe', on: everywhere, value: text },
  { name: 'become_flags', on: everywhere, value: text },
  { name: 'become_method', on: everywhere, value: text },
  { name: 'become_user', on: everywhere, value: text },
  { name: 'check_mode', on: everywhere, value: flag },
  { name: 'connection', on: everywhere, value: text },
  { name: 'diff', on: everywhere, value: flag },
  { name: 'environment', on: everywhere, value: { type: ['object', 'array', 'string', 'null'] } },
  { name: 'ignore_errors', on: everywhere, value: flag },
  { name: 'ignore_unreachable', on: everywhere, value: flag },
  { name: 'module_defaults', on: everywhere, value: { type: ['object', 'array', 'null'] }, literal: 'whole' },
  { name: 'no_log', on: everywhere, value: flag },
  { name: 'port', on: everywhere, value: whole },
  { name: 'remote_user', on: everywhere, value: text },
  { name: 'run_once', on: everywhere, value: flag },
  { name: 'tags', on: everywhere, value: words, literal: 'each' },
  { name: 'throttle', on: everywhere, value: whole },
  { name: 'timeout', on: everywhere, value: whole },
  { name: 'vars', on: everywhere, value: vars, literal: 'whole' },
  { name: 'delegate_to', on: belowPlay, value: text },
  { name: 'delegate_facts', on: belowPlay, value: flag },
  { name: 'when', on: belowPlay, value: conditions },
  { name: 'notify', on: ['block', ...tasks], value: words },
  { name: 'block', on: ['block'], value: list, literal: 'whole' },
  { name: 'rescue', on: ['block'], value: list, literal: 'whole' },
  { name: 'always', on: ['block'], value: list, literal: 'whole' },
  { name: 'fact_path', on: ['play'], value: text },
  { name: 'force_handlers', on: ['play'], value: flag },
  { name: 'gather_facts', on: ['play'], value: flag },
  { name: 'gather_subset', on: ['play'], value: words },
  { name: 'gather_timeout', on: ['play'], value: whole },
  { name: 'handlers', on: ['play'], value: list, literal: 'whole' },
  { name: 'max_fail_percentage', on: ['play'], value: amount },
  { name: 'order', on: ['play'], value: text },
  { name: 'post_tasks', on: ['play'], value: list, literal: 'whole' },
  { name: 'pre_tasks', on: ['play'], value: list, literal: 'whole' },
  { name: 'roles', on: ['play'], value: list, literal: 'whole' },
  {
    name: 'serial',
    on: ['play'],
    value: { ...batch, type: ['integer', 'string', 'array'], items: batch },
  },
  { name: 'strategy', on: ['play'], value: text },
  { name: 'tasks', on: ['play'], value: list, literal: 'whole' },
  { name: 'vars_files', on: ['play'], value: { type: ['array', 'string', 'null'] } },
  { name: 'vars_prompt', on: ['play'], value: list, literal: 'whole' },
  { name: 'role', on: ['role'], value: text },
  { name: 'args', on: tasks, value: vars, literal: 'whole' },
  { name: 'changed_when', on: tasks, value: conditions },
  { name: 'failed_when', on: tasks, value: conditions },
  { name: 'delay', on: tasks, value: amount },
  { name: 'retries', on: tasks, value: whole },
  { name: 'until', on: tasks, value: conditions },
  { name: 'loop', on: tasks, value: { type: ['array', 'string'] } },
  {
    name: 'loop_control',
    on: tasks,
    literal: 'whole',
    value: {
      type: 'object',
      additionalProperties: false,
      properties: {
        loop_var: text,
        index_var: text,
        label: anything,
        pause: amount,
        extended: flag,
        extended_allitems: flag,
      },
    },
  },
  {
    name: 'register',
    on: tasks,
    literal: 'whole',
    value: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      patternHint: 'a variable name has letters, digits and underscores',
    },
  },
  { name: 'listen', on: ['handler'], value: words, literal: 'each' },
  { name: 'action', on: tasks, value: anything, literal: 'whole' },
  { name: 'local_action', on: tasks, value: anything, literal: 'whole' },
  { name: 'async', on: tasks, value: whole },
  { name: 'poll', on: tasks, value: whole },
  {
    name: 'collections',
    on: everywhere,
    value: anything,
    refused: 'modules are built in; there are no collections to look in',
  },
  { name: 'debugger', on: everywhere, value: anything, refused: 'there is no interactive debugger; run with -vv' },
];

const BY_PLACE: ReadonlyMap<Place, ReadonlyMap<string, Keyword>> = new Map(
  PLACES.map(place => [place, new Map(KEYWORDS.filter(k => k.on.includes(place)).map(k => [k.name, k]))]),
);

/** The keywords that may stand at a place, by name. */
export function keywordsOf(place: Place): ReadonlyMap<string, Keyword> {
  return BY_PLACE.get(place) as ReadonlyMap<string, Keyword>;
}

/** The JSON schema of the keywords that may stand at a place; what else may stand there is checked elsewhere. */
export function keywordSchema(place: Place): object {
  return { type: 'object', properties: Object.fromEntries([...keywordsOf(place)].map(([name, k]) => [name, k.value])) };
}
