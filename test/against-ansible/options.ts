import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ArgSchema, Module } from '../../lib/module.ts';
import { here } from './cases.ts';

/** An argument as ansible-doc describes it: facts only, no words of its documentation. */
export interface Option {
  readonly aliases?: readonly string[];
  readonly choices?: readonly unknown[];
  readonly default?: unknown;
  /** Is it a path of the host, or a list of them? */
  readonly path?: true;
}

/** What was recorded of ansible-doc. */
export interface Documented {
  /** The modules of ansible.builtin, without the collection. */
  readonly builtin: readonly string[];
  /** Arguments by the full name of the module. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, Option>>>>;
}

export const documentedFile = `${here}recorded-options.json`;

export function readDocumented(): Documented {
  return JSON.parse(readFileSync(documentedFile, 'utf8'));
}

/** Where a module means to differ without taking less: by module and difference, the reason. */
export function readMeant(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return parse(readFileSync(`${here}options.yml`, 'utf8')) ?? {};
}

/**
 * What a module lacks of the arguments its namesake documents: `argument` (an alias too), `argument=choice`,
 * `argument (default)` where another value holds when none is given, and `argument (path)` where `~` is left as it is.
 */
export function differences({ args }: Module, documented: Readonly<Record<string, Option>>): readonly string[] {
  const ours = new Map<string, ArgSchema>(
    Object.entries(args.properties).flatMap(([name, arg]) =>
      [name, ...(arg.aliases ?? [])].map((each): [string, ArgSchema] => [each, arg]),
    ),
  );
  return Object.entries(documented).flatMap(([name, option]) => {
    const arg = ours.get(name);
    if (arg === undefined) return isFreeForm(name) ? [] : [name];
    const choices = (arg.enum ?? arg.items?.enum)?.map(String);
    return [
      ...(option.aliases ?? []).filter(alias => !ours.has(alias)),
      ...(choices === undefined ? [] : words(option.choices).filter(c => !choices.includes(c))).map(
        c => `${name}=${c}`,
      ),
      ...(plain(option.default) === plain(arg.default) ? [] : [`${name} (default)`]),
      ...(option.path && arg.path === undefined ? [`${name} (path)`] : []),
    ];
  });
}

/** What is documented of text right behind the module's name, or of the arguments of file, is no argument. */
function isFreeForm(name: string): boolean {
  return ['free_form', 'free-form', 'key_value', 'others'].includes(name);
}

/** Of a choice that is true or false YAML of a document may have made a boolean. */
function words(choices: Option['choices'] = []): readonly string[] {
  return choices.map(String);
}

/** A default as it is compared: `no` and false, "5" and 5, nothing and an empty list are the same. */
function plain(value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value)) return value.map(plain).join(',');
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '' : JSON.stringify(value);
  const text = String(value).toLowerCase();
  // a boolean that is false unless told needs no default of ours
  if (['no', 'false', 'off'].includes(text)) return '';
  return ['yes', 'true', 'on'].includes(text) ? 'true' : text;
}
