import type { ArgSchema, ArgsSchema } from '../module.ts';
import type { DiagnosticCode } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import type { ValueSchema } from '../yaml/schema.ts';

/** Stands for a value that a template will give when the task runs: every check lets it through. */
export const LATER: unique symbol = Symbol('later');

/** A given argument: plain data (with LATER inside), and the YAML source text where it is a plain scalar. */
export interface Given {
  readonly value: unknown;
  readonly source?: string | undefined;
  /** A template that may turn out to be `omit`: then it is as if it were not given. */
  readonly mayBeOmitted?: boolean;
}

/** What is wrong with one argument; `arg` is undefined when it is about all of them. */
export interface ArgFault {
  readonly arg?: string;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

export interface CoercedArgs {
  readonly args: Readonly<Record<string, unknown>>;
  readonly faults: readonly ArgFault[];
}

/** The argument an alias or name stands for. */
export function canonicalArg(schema: ArgsSchema, name: string): string | undefined {
  if (Object.hasOwn(schema.properties, name)) return name;
  return Object.keys(schema.properties).find(p => schema.properties[p]?.aliases?.includes(name));
}

/**
 * Checks arguments by their schema and brings each to its type, as Ansible does: `yes` for a boolean, "5" for a number,
 * "a,b" for a list. Stricter where Ansible guesses: a string argument does not take what YAML read as something else.
 */
export function coerceArgs(module: string, schema: ArgsSchema, given: ReadonlyMap<string, Given>): CoercedArgs {
  const args: Record<string, unknown> = {};
  const faults: ArgFault[] = [];
  for (const [written, value] of given) {
    const name = canonicalArg(schema, written);
    const arg = name === undefined ? undefined : schema.properties[name];
    if (name === undefined || arg === undefined) {
      if (schema.additional) args[written] = value.value;
      else faults.push(unknownArg(module, schema, written));
      continue;
    }
    if (value.value === null && arg.type !== 'any') continue; // as Ansible: null is "not given"
    if (name in args) {
      const message = `"${written}" is another name of "${name}", which is given too`;
      faults.push({ arg: written, code: 'conflicting-arguments', message });
    }
    const result = coerceValue(arg, value);
    // a mapping of a template has no prototype, so no text either
    const refused = typeof value.value === 'object' ? undefined : schema.notTaken?.[`${name}=${String(value.value)}`];
    if ('fault' in result)
      faults.push({ arg: written, ...result.fault, ...(refused === undefined ? {} : { suggestion: refused }) });
    else args[name] = result.value;
  }
  const missing = (schema.required ?? []).filter(r => !(r in args) && !faults.some(f => f.arg === r));
  if (missing.length > 0) {
    const names = missing.map(m => `"${m}"`).join(' and ');
    // An unknown name near a missing one is one mistake, not two.
    const misspelt = faults.some(
      f => f.code === 'unknown-argument' && missing.some(m => f.suggestion?.includes(`"${m}"`)),
    );
    if (!misspelt) faults.push({ code: 'missing-argument', message: `${module} needs ${names}` });
  }
  const open = [...given].filter(([, g]) => g.mayBeOmitted).map(([written]) => canonicalArg(schema, written));
  const sure = Object.fromEntries(Object.entries(args).filter(([name]) => !open.includes(name)));
  faults.push(...groupFaults(module, schema, { args, sure }).filter(f => !isMisspelt(f, schema, faults)));
  for (const [name, arg] of Object.entries(schema.properties))
    if (arg.default !== undefined && !(name in args)) args[name] = arg.default;
  return { args, faults };
}

/** Whether an unknown name is near one of those of which one is missing: one mistake, not two. */
function isMisspelt(fault: ArgFault, schema: ArgsSchema, faults: readonly ArgFault[]): boolean {
  if (fault.code !== 'missing-argument') return false;
  const group = schema.oneOf?.find(g => fault.message.endsWith(g.join(', ')));
  return faults.some(f => f.code === 'unknown-argument' && group?.some(name => f.suggestion?.includes(`"${name}"`)));
}

function unknownArg(module: string, schema: ArgsSchema, written: string): ArgFault {
  const refused = schema.notTaken?.[written];
  if (refused !== undefined) {
    const message = `${module} does not take "${written}" here`;
    return { arg: written, code: 'unknown-argument', message, suggestion: refused };
  }
  const known = Object.entries(schema.properties).flatMap(([n, a]) => [n, ...(a.aliases ?? [])]);
  const suggestion = didYouMean(written, known) ?? `it takes ${Object.keys(schema.properties).sort().join(', ')}`;
  return { arg: written, code: 'unknown-argument', message: `${module} has no argument "${written}"`, suggestion };
}

/** The arguments that are given, and those of them that surely are. */
interface Sureness {
  readonly args: Readonly<Record<string, unknown>>;
  readonly sure: Readonly<Record<string, unknown>>;
}

function groupFaults(module: string, schema: ArgsSchema, { args, sure }: Sureness): ArgFault[] {
  const faults: ArgFault[] = [];
  const has = (name: string) => args[name] !== undefined;
  const surely = (name: string) => sure[name] !== undefined;
  for (const group of schema.exclusive ?? []) {
    const both = group.filter(surely);
    if (both.length > 1)
      faults.push({
        arg: both[1] as string,
        code: 'conflicting-arguments',
        message: `${module} takes only one of ${both.join(', ')}`,
      });
  }
  for (const group of schema.oneOf ?? [])
    if (!group.some(has))
      faults.push({ code: 'missing-argument', message: `${module} needs one of ${group.join(', ')}` });
  for (const group of schema.together ?? []) {
    const missing = group.filter(n => !has(n));
    if (missing.length > 0 && group.some(surely))
      faults.push({ code: 'missing-argument', message: `${module} takes ${group.join(' and ')} only together` });
  }
  return faults;
}

type Coerced = { readonly value: unknown } | { readonly fault: Omit<ArgFault, 'arg'> };

function wrong(message: string, suggestion?: string, code: DiagnosticCode = 'wrong-type'): Coerced {
  return { fault: { code, message, suggestion } };
}

/** One value by its schema. */
export function coerceValue(schema: ArgSchema | ValueSchema, given: Given): Coerced {
  if (given.value === LATER) return { value: LATER };
  if ('mode' in schema && schema.mode) return coerceMode(given);
  const result = coerceType(schema, given);
  return 'fault' in result ? result : checkChoice(schema, result.value);
}

function coerceType(schema: ValueSchema, given: Given): Coerced {
  const { value } = given;
  switch (schema.type) {
    case 'any':
      return { value };
    case 'string':
      return coerceString(yesOrNo(schema, given));
    case 'integer':
    case 'number': {
      const number = typeof value === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number') return wrong(`expected a number, found ${describe(value)}`);
      if (schema.type === 'integer' && !Number.isInteger(number))
        return wrong(`expected a whole number, found ${number}`);
      return { value: number };
    }
    case 'boolean': {
      const text = typeof value === 'object' ? '' : String(value).toLowerCase();
      const bool = typeof value === 'boolean' ? value : BOOLEANS.get(text);
      return bool === undefined ? wrong(`expected true or false, found ${describe(value)}`) : { value: bool };
    }
    case 'array':
      return coerceList(schema, value);
    case 'object':
      return coerceObject(schema, value);
    default:
      throw new Error(`internal: unknown type ${schema.type satisfies never}`);
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'yes', 'on', '1', 'true', 't'].map((t): [string, boolean] => [t, true]),
  ...['n', 'no', 'off', '0', 'false', 'f'].map((t): [string, boolean] => [t, false]),
]);

/** As Ansible: where yes or no are choices, a boolean is that one. */
function yesOrNo(schema: ValueSchema, given: Given): Given {
  const word = given.value === true ? 'yes' : given.value === false ? 'no' : undefined;
  return word !== undefined && schema.enum?.includes(word) ? { value: word } : given;
}

function coerceString({ value, source }: Given): Coerced {
  if (typeof value === 'string') {
    if (value.includes('\0')) return wrong('a text for a host cannot hold a NUL character', undefined, 'bad-value');
    return { value };
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    const text = typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
    if (source === undefined || source === text) return { value: text };
    return wrong(`YAML reads ${source} as ${value}, but this is a text`, `quote it: "${source}"`, 'yaml-trap');
  }
  return wrong(`expected a text, found ${describe(value)}`);
}

const MODE = /^0?[0-7]{3,4}$/;
const SYMBOLIC = /^[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+(?:,[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+)*$/;

function coerceMode({ value, source }: Given): Coerced {
  if (typeof value === 'string' && MODE.test(value)) return { value: value.replace(/^0?(\d{3})$/, '0$1') };
  if (typeof value === 'string' && (value === 'preserve' || SYMBOLIC.test(value))) return { value };
  if (typeof value === 'number' && source !== undefined && /^0[0-7]{3,4}$/.test(source))
    return { value: `0${source.slice(1).padStart(3, '0')}`.slice(-5) };
  if (typeof value === 'object') return wrong(`expected a mode, found ${describe(value)}`);
  const shown = source ?? String(value);
  if (typeof value === 'string')
    return wrong(
      `"${shown}" is not a mode`,
      'write octal digits in quotes, like "0644", or a symbolic mode like "u=rw,g=r"',
      'bad-value',
    );
  const digits = /^[0-7]{3,4}$/.test(shown) ? shown.padStart(4, '0') : '0644';
  return wrong(`a mode must be quoted octal digits, not the number ${shown}`, `write "${digits}"`, 'yaml-trap');
}

function coerceList(schema: ValueSchema, value: unknown): Coerced {
  const list =
    typeof value === 'string'
      ? value
          .split(',')
          .map(v => v.trim())
          .filter(v => v !== '')
      : [value].flat();
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return wrong('expected a list, found a mapping');
  if (schema.items === undefined) return { value: list };
  const items: unknown[] = [];
  for (const item of list) {
    const result = coerceValue(schema.items, { value: item });
    if ('fault' in result) return result;
    items.push(result.value);
  }
  return { value: items };
}

function coerceObject(schema: ValueSchema, value: unknown): Coerced {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return wrong(`expected a mapping, found ${describe(value)}`);
  if (schema.properties === undefined) return { value };
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const property = schema.properties[key];
    if (property === undefined)
      return wrong(`there is no "${key}" here`, didYouMean(key, Object.keys(schema.properties)), 'unknown-argument');
    const result = coerceValue(property, { value: inner });
    if ('fault' in result) return result;
    out[key] = result.value;
  }
  const missing = (schema.required ?? []).filter(r => !(r in out));
  return missing.length > 0
    ? wrong(`"${missing.join('", "')}" is missing here`, undefined, 'missing-argument')
    : { value: out };
}

function checkChoice(schema: ValueSchema, value: unknown): Coerced {
  if (schema.enum !== undefined && !(schema.enum as readonly unknown[]).includes(value))
    return wrong(
      `"${value}" is not one of ${schema.enum.join(', ')}`,
      didYouMean(String(value), schema.enum.map(String)),
      'bad-value',
    );
  if (schema.pattern !== undefined && typeof value === 'string' && !new RegExp(schema.pattern, 'u').test(value))
    return wrong(
      `"${value}" is not allowed here${schema.patternHint ? `: ${schema.patternHint}` : ''}`,
      undefined,
      'bad-value',
    );
  if (schema.minimum !== undefined && typeof value === 'number' && value < schema.minimum)
    return wrong(`${value} is less than ${schema.minimum}`, undefined, 'bad-value');
  if (schema.maximum !== undefined && typeof value === 'number' && value > schema.maximum)
    return wrong(`${value} is more than ${schema.maximum}`, undefined, 'bad-value');
  return { value };
}

function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `"${value}"` : String(value);
}
