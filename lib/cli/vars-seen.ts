import { CONNECTION_NAMES, connectionVariable } from '../inventory/connection-vars.ts';
import { TemplateError } from '../template/index.ts';
import { Float, type Raw, Secret, type Value } from '../template/values.ts';
import type { Redactor } from '../text/redact.ts';
import { spanName } from '../text/source.ts';
import { type LayersByLevel, occurrencesOf } from '../vars/levels.ts';
import type { LayeredScope, VarEntry } from '../vars/scope.ts';
import { Sealed, SecretTree } from '../vars/sealed.ts';

/** A host's variables as they are looked at: what sets them, and what they come to. */
export interface Seen {
  readonly scope: LayeredScope;
  readonly layers: LayersByLevel;
  readonly redactor: Redactor;
}

/** One place that sets a variable. */
export interface SetAt {
  /** Of Ansible's list; none for what nobody sets. */
  readonly level: number | undefined;
  readonly levelName: string;
  /** `file:line:column`; none for what stands in no file. */
  readonly where: string | undefined;
  /** As written: templates are their text. */
  readonly written: Value;
}

/** What a variable comes to: its value, or why it has none here. */
export type Outcome = { readonly value: Value } | { readonly error: string };

/** Makes the passwords of connections known to the redactor: other variables may hold them. */
export function hidePasswords({ scope, redactor }: Seen): void {
  for (const name of CONNECTION_NAMES.filter(isPassword)) {
    const outcome = valueOf(scope, name);
    if ('value' in outcome && typeof outcome.value === 'string') redactor.add(outcome.value);
  }
}

function isPassword(name: string): boolean {
  return connectionVariable(name)?.secret === true;
}

/** Every place that sets a variable, the winning one first. */
export function placesOf({ scope, layers }: Seen, name: string): readonly SetAt[] {
  const places = occurrencesOf(name, layers).map(({ level, entry }) => ({
    level: level.number,
    levelName: level.name,
    where: entry.span === undefined || entry.span.file.text === '' ? undefined : spanName(entry.span),
    written: writtenOf(name, entry),
  }));
  // Files beside an inventory that stands beside the playbook are read for both.
  const once = places.filter(({ where }, i) => places.findIndex(place => place.where === where) === i || !where);
  if (!scope.isMagic(name)) return once;
  return [{ level: undefined, levelName: 'magic variable', where: undefined, written: null }, ...once];
}

/** A variable as written; the passwords of connections, and what is encrypted, are secrets without their text. */
export function writtenOf(name: string, entry: VarEntry): Value {
  return isPassword(name) && !isTemplate(entry) ? new Secret('') : written(entry.value);
}

function isTemplate({ value }: VarEntry): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** The value, rendered; where it needs what is not known without the host, why it cannot be. */
export function outcomeOf({ scope }: Seen, name: string): Outcome {
  const outcome = valueOf(scope, name);
  return isPassword(name) && 'value' in outcome ? { value: new Secret(outcome.value) } : outcome;
}

function valueOf(scope: LayeredScope, name: string): Outcome {
  try {
    return { value: scope.get(name) ?? null };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { error: error.message };
  }
}

/** What a user wrote, with the text of templates in their place. */
function written(raw: Raw | Value): Value {
  if (raw instanceof Sealed || raw instanceof SecretTree) return new Secret('');
  if (Array.isArray(raw)) return raw.map(written);
  if (raw instanceof Map) return new Map([...raw].map(([key, value]) => [key, written(value)]));
  if (typeof raw !== 'object' || raw === null || raw instanceof Float || !('kind' in raw)) return raw as Value;
  // What came from a vault has no text to show.
  return raw.text === '' ? new Secret('') : raw.text;
}
