import type { ArgSchema, ArgsSchema, ValueSchema } from '../../lib/module.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A text with braces is known only when the task runs: it may stand for every value. */
const TEMPLATE = { type: 'string', pattern: '\\{\\{|\\{%' };
const BOOLEAN_WORDS = ['yes', 'no', 'true', 'false', 'on', 'off', 'y', 'n', 't', 'f', '0', '1'];
const eitherCase = (word: string) => [...word].map(c => (/[a-z]/.test(c) ? `[${c}${c.toUpperCase()}]` : c)).join('');

/** Values that every schema refers to by name. */
export const VALUE_DEFINITIONS: Json = {
  template: TEMPLATE,
  text: { type: ['string', 'number', 'boolean', 'null'] },
  boolean: {
    anyOf: [
      { type: ['boolean', 'null'] },
      { type: 'string', pattern: `^(${BOOLEAN_WORDS.map(eitherCase).join('|')})$|${TEMPLATE.pattern}` },
      { type: 'integer', enum: [0, 1] },
    ],
  },
  integer: {
    anyOf: [{ type: ['integer', 'null'] }, { type: 'string', pattern: `^\\s*[-+]?\\d+\\s*$|${TEMPLATE.pattern}` }],
  },
  number: {
    anyOf: [
      { type: ['number', 'null'] },
      { type: 'string', pattern: `^\\s*[-+]?\\d+(\\.\\d+)?\\s*$|${TEMPLATE.pattern}` },
    ],
  },
};

export const ref = (name: string): Json => ({ $ref: `#/definitions/${name}` });

/** The mapping of a module's arguments, under their names and aliases; text and nothing are taken as tplay takes them. */
export function argsJson(args: ArgsSchema, doc?: string): Json {
  // a name that begins with _ is for other modules of ours
  const shown = Object.entries(args.properties).filter(([name]) => !name.startsWith('_'));
  const properties = shown.flatMap(([name, arg]) => {
    const value = argJson(arg);
    const alias = { ...value, description: `The same as ${name}.` };
    return [[name, value] as const, ...(arg.aliases ?? []).map(other => [other, alias] as const)];
  });
  const names = (name: string) => [name, ...(args.properties[name]?.aliases ?? [])];
  const required = (args.required ?? []).map(name => oneOf(names(name)));
  const groups = (args.oneOf ?? []).map(list => oneOf(list.flatMap(names)));
  return {
    ...(doc !== undefined && { description: doc }),
    type: ['object', 'string', 'number', 'boolean', 'null', ...(args.freeForm === undefined ? [] : ['array'])],
    properties: Object.fromEntries(properties),
    ...(args.additional ? {} : { additionalProperties: false }),
    ...(required.length + groups.length > 0 && { allOf: [...required, ...groups] }),
  };
}

/**
 * Of an object one of these must be there; what is no object has them in its text. Not by `anyOf`: editors show its parts instead
 * of what the module does, and name the last of them where all are missing.
 */
function oneOf([first, ...others]: readonly string[]): Json {
  const must: Json = { required: [first] };
  return others.reduce<Json>((then, name) => ({ if: { not: { required: [name] } }, then }), must);
}

function argJson(arg: ArgSchema): Json {
  const description = `${arg.description ?? ''}${arg.secret ? ' Hidden wherever it would be shown.' : ''}`.trim();
  const value = arg.mode || arg.expression ? {} : valueJson(arg);
  return {
    ...(description !== '' && { description }),
    ...(arg.default !== undefined && { default: arg.default }),
    ...value,
  };
}

/** What may be written where a value of this schema is wanted. */
export function valueJson(schema: ValueSchema): Json {
  if (schema.enum !== undefined) return choice(schema.enum);
  switch (schema.type) {
    case 'array':
      return { anyOf: [{ type: 'array', ...itemsOf(schema) }, { type: ['string', 'number', 'boolean', 'null'] }] };
    case 'object':
      return objectJson(schema);
    case 'string':
      return schema.pattern === undefined ? ref('text') : patternJson(schema.pattern);
    case 'any':
      return {};
    default:
      return ref(schema.type);
  }
}

/** YAML reads `yes` as true: a choice that is a word for a boolean may be written as one. */
function choice(choices: readonly (string | number)[]): Json {
  const booleans = choices.some(c => BOOLEAN_WORDS.includes(String(c)));
  const numbers = choices.filter(c => typeof c === 'string' && /^\d+$/.test(c)).map(Number);
  return { anyOf: [{ enum: [...choices, ...numbers, ...(booleans ? [true, false] : []), null] }, ref('template')] };
}

function itemsOf({ items }: ValueSchema): Json {
  if (items === undefined) return {};
  const value = valueJson(items);
  return { items: items.type === 'object' ? { anyOf: [value, ref('template')] } : value };
}

function objectJson({ properties, required = [] }: ValueSchema): Json {
  if (properties === undefined) return { anyOf: [{ type: ['object', 'null'] }, ref('template')] };
  const own = Object.entries(properties).map(([name, value]) => [name, withWords(value)] as const);
  const mapping = {
    type: ['object', 'null'],
    properties: Object.fromEntries(own),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
  return { anyOf: [mapping, ref('template')] };
}

function withWords(value: ValueSchema): Json {
  return { ...(value.description !== undefined && { description: value.description }), ...valueJson(value) };
}

function patternJson(pattern: string): Json {
  // what our checks match is a text; a number is compared as it is written
  return { anyOf: [{ type: 'string', pattern }, ref('template'), { type: ['number', 'null'] }] };
}
