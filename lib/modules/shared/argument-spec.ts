/** What an option of an argument specification may say, as far as it is checked. */
export interface Option {
  readonly type?: string;
  readonly required?: boolean;
  readonly choices?: readonly unknown[];
  readonly elements?: string;
  readonly options?: Options;
  readonly no_log?: boolean;
  readonly mutually_exclusive?: readonly (readonly string[])[];
  readonly required_together?: readonly (readonly string[])[];
  readonly required_one_of?: readonly (readonly string[])[];
}
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
const BOOLEANS = new Set('y yes on 1 true t n no off 0 false f'.split(' '));

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

function groupErrors(rules: Option, values: Values, where: readonly string[]): string[] {
  const given = (group: readonly string[]) => group.filter(name => values[name] !== undefined && values[name] !== null);
  const of = (groups: Option['mutually_exclusive'], wrong: (given: number, all: number) => boolean, what: string) =>
    (groups ?? [])
      .filter(group => wrong(given(group).length, group.length))
      .map(group => `${what}: ${group.join(', ')}${inside(where)}`);
  return [
    ...of(rules.mutually_exclusive, count => count > 1, 'parameters are mutually exclusive'),
    ...of(rules.required_together, (count, all) => count > 0 && count < all, 'parameters are required together'),
    ...of(rules.required_one_of, count => count === 0, 'one of the following is required'),
  ];
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
