/** What an option of an argument specification may say, as far as it is checked. */
export interface Option {
  readonly type?: string;
  readonly required?: boolean;
  readonly choices?: readonly unknown[];
  readonly elements?: string;
  readonly options?: Options;
  readonly default?: unknown;
  readonly no_log?: boolean;
  readonly mutually_exclusive?: Groups;
  readonly required_together?: Groups;
  readonly required_one_of?: Groups;
  readonly required_if?: readonly RequiredIf[];
  readonly required_by?: Readonly<Record<string, string | readonly string[]>>;
}
/** An argument, the value it has, what it then needs, and whether one of these is enough. */
export type RequiredIf = readonly [name: string, value: unknown, needed: readonly string[], any?: unknown];
export type Options = Readonly<Record<string, Option>>;
type Values = Readonly<Record<string, unknown>>;

/** The types an option may have, each with whether a value is one or can be made one: as Ansible converts them. */
export const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  str: () => true,
  path: () => true,
  raw: () => true,
  int: value => typeof value === 'boolean' || Number.isInteger(value) || matches(value, /^\s*[-+]?\d+\s*$/),
  float: value => typeof value === 'boolean' || typeof value === 'number' || matches(value, FLOAT),
  bool: value => typeof value === 'boolean' || BOOLEANS.has(String(value).toLowerCase()),
  list: value => !isDict(value),
  dict: value => isDict(value) || dictOf(value) !== undefined,
  json: value => typeof value === 'string' || (typeof value === 'object' && value !== null),
  jsonarg: value => typeof value === 'string' || (typeof value === 'object' && value !== null),
  bytes: value => typeof value === 'number' || matches(value, /^\s*\d+(\.\d+)?\s*([KMGTPEZY]?B?)\s*$/i),
  bits: value => typeof value === 'number' || matches(value, /^\s*\d+(\.\d+)?\s*([KMGTPEZY]?b?)\s*$/i),
};

const FLOAT = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;
const TRUE = new Set('y yes on 1 true t'.split(' '));
const BOOLEANS = new Set([...TRUE, ...'n no off 0 false f'.split(' ')]);

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isDict(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A dict written as text: `a=1 b=2`, or JSON. */
function dictOf(value: unknown): Values | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (!text.startsWith('{')) {
    const words = [...text.matchAll(/([^\s,=]+)=([^\s,]*)/g)].map(m => [m[1] ?? '', m[2] ?? ''] as const);
    return words.length > 0 ? Object.fromEntries(words) : undefined;
  }
  for (const json of [text, text.replaceAll("'", '"')])
    try {
      return JSON.parse(json) as Values;
    } catch {} // not JSON: as a literal of Python, or not at all
  return undefined;
}

/** Everything that is wrong with values by their specification, a sentence each; none when all is well. */
export function specErrors(
  options: Options,
  values: Values,
  rules: Option = {},
  where: readonly string[] = [],
): string[] {
  const missing = Object.keys(options).filter(name => options[name]?.required === true && values[name] === undefined);
  return [
    ...(missing.length > 0 ? [`missing required arguments: ${missing.join(', ')}${inside(where)}`] : []),
    ...groupErrors(rules, values, where),
    ...Object.entries(options).flatMap(([name, option]) => {
      const value = values[name];
      return value === undefined || value === null ? [] : optionErrors(name, { option, value, where });
    }),
  ];
}

function inside(where: readonly string[]): string {
  return where.length === 0 ? '' : ` found in ${where.join(' -> ')}`;
}

/** As Ansible: what is given as nothing (null) is given; defaults count too, but for what excludes each other. */
function groupErrors(rules: Option, values: Values, where: readonly string[]): string[] {
  const all = { ...defaultsOf(rules.options ?? {}), ...values };
  const of = (from: Values, groups: Groups | undefined, wrong: (given: number, all: number) => boolean, what: string) =>
    groupsOf(groups)
      .filter(group => wrong(group.filter(name => Object.hasOwn(from, name)).length, group.length))
      .map(group => `${what}: ${group.join(', ')}${inside(where)}`);
  return [
    ...of(values, rules.mutually_exclusive, count => count > 1, 'parameters are mutually exclusive'),
    ...of(all, rules.required_together, (count, of) => count > 0 && count < of, 'parameters are required together'),
    ...of(all, rules.required_one_of, count => count === 0, 'one of the following is required'),
    ...(rules.required_if ?? []).flatMap(rule => requiredIf(rule, { rules, values: all, where })),
    ...Object.entries(rules.required_by ?? {}).flatMap(([name, needed]) => {
      const missing = [needed].flat().filter(n => (all[n] ?? undefined) === undefined);
      if ((all[name] ?? undefined) === undefined || missing.length === 0) return [];
      return [`'${name}' is given, which needs: ${missing.join(', ')}${inside(where)}`];
    }),
  ];
}

type Groups = readonly (readonly string[])[] | readonly string[];

/** As Ansible: one group may stand without the list around it. */
function groupsOf(groups: Groups = []): readonly (readonly string[])[] {
  return groups.every(g => typeof g === 'string') ? (groups.length === 0 ? [] : [groups]) : groups;
}

function defaultsOf(options: Options): Values {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, option]) =>
      (option?.default ?? undefined) === undefined ? [] : [[name, option.default]],
    ),
  );
}

function requiredIf(
  [name, value, needed, any]: RequiredIf,
  { rules, values, where }: { rules: Option; values: Values; where: readonly string[] },
): string[] {
  const option = rules.options?.[name];
  if (!Object.hasOwn(values, name) || !same(converted(values[name], option), value)) return [];
  const missing = needed.filter(n => !Object.hasOwn(values, n));
  if (missing.length === 0 || (any && missing.length < needed.length)) return [];
  const of = any ? 'one of' : 'all of';
  return [`'${name}' is ${String(value)}, which needs ${of}: ${missing.join(', ')}${inside(where)}`];
}

/** A value as its type has it, as far as it can be compared with one that a specification names. */
function converted(value: unknown, option: Option | undefined): unknown {
  const text = String(value).trim().toLowerCase();
  switch (option?.type) {
    case 'int':
    case 'float':
      return Number(typeof value === 'boolean' ? Number(value) : text);
    case 'bool':
      return typeof value === 'boolean' ? value : TRUE.has(text);
    case undefined:
    case 'str':
    case 'path':
      return value === null || typeof value === 'object' || typeof value === 'boolean' ? value : String(value);
    default:
      return value;
  }
}

/** As Python: True is 1. */
function same(a: unknown, b: unknown): boolean {
  const plain = (v: unknown) => JSON.stringify(typeof v === 'boolean' ? Number(v) : v);
  return plain(a) === plain(b);
}

interface Given {
  readonly option: Option;
  readonly value: unknown;
  readonly where: readonly string[];
}

/** What is wrong with one value. */
export function optionErrors(name: string, { option, value, where }: Given): string[] {
  const type = option.type ?? (option.options === undefined ? 'str' : 'dict');
  if (!(TYPES[type] ?? TYPES['raw'])?.(value)) return [`argument '${name}'${inside(where)} is not of the type ${type}`];
  const items = type === 'list' ? listOf(value) : [value];
  const element = type === 'list' ? (option.elements ?? 'raw') : type;
  if (items.some(item => !(TYPES[element] ?? TYPES['raw'])?.(item)))
    return [`Elements value for option '${name}'${inside(where)} is not of the type ${element}`];
  return [
    ...choiceErrors(name, { option, value: items, where }, type === 'list'),
    ...subErrors(name, items, { option, where }),
  ];
}

function choiceErrors(name: string, { option, value, where }: Given, several: boolean): string[] {
  if (option.choices === undefined) return [];
  const allowed = option.choices.map(String);
  const strange = (value as unknown[]).filter(item => !allowed.includes(String(item)));
  if (strange.length === 0) return [];
  const got = option.no_log ? 'something else' : strange.join(', ');
  const how = several ? 'one or more of' : 'one of';
  return [`value of ${name} must be ${how}: ${allowed.join(', ')}, got: ${got}${inside(where)}`];
}

function subErrors(name: string, items: readonly unknown[], { option, where }: Omit<Given, 'value'>): string[] {
  const { options } = option;
  if (options === undefined) return [];
  return items.flatMap(item => {
    const values = isDict(item) ? item : (dictOf(item) ?? {});
    const strange = Object.keys(values).filter(key => !(key in options));
    const path = [...where, name];
    const known = Object.keys(options).sort().join(', ');
    const message = `${strange.map(key => [...path, key].join('.')).join(', ')}. Supported parameters include: ${known}.`;
    return [...(strange.length > 0 ? [message] : []), ...specErrors(options, values, option, path)];
  });
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? value.split(',') : [String(value)];
}
