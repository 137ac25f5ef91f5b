import type { DefinedError, ValidateFunction } from 'ajv';
import type { DiagnosticCode, Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import type { Span } from '../text/source.ts';
import { kindName, type MapNode, type Node } from './node.ts';
import { plainOf } from './plain.ts';

/** What a check calls the things it checks: `what` is the place ("a play"), `unknownKey` the code of a misspelt key. */
export interface CheckNames {
  readonly what: string;
  readonly unknownKey: DiagnosticCode;
  /** A word for its keys: "keyword", "argument". */
  readonly key: string;
}

/**
 * Checks a tree by a compiled schema (`allErrors`, `verbose`) and reports each fault at its own place; of an unknown
 * key that key. One fault gives one diagnostic: what only says that something inside failed is left out.
 */
export function checkNode(node: Node, validate: ValidateFunction, names: CheckNames, found: Diagnostics): boolean {
  if (validate(plainOf(node))) return true;
  const errors = (validate.errors ?? []) as DefinedError[];
  const deepest = errors.filter(e => !isWrapper(e, errors));
  const said = new Set<string>();
  for (const error of deepest) {
    const at = nodeAt(node, error.instancePath);
    const id = `${error.instancePath} ${error.keyword === 'additionalProperties' ? error.params.additionalProperty : ''}`;
    if (said.has(id)) continue; // several branches of an anyOf complain about one value: say it once
    said.add(id);
    report(at, error, names, found);
  }
  return false;
}

function isWrapper(error: DefinedError, all: readonly DefinedError[]): boolean {
  if (!['anyOf', 'oneOf', 'allOf', 'if', 'not'].includes(error.keyword)) return false;
  return all.some(e => e !== error && e.instancePath.startsWith(error.instancePath));
}

function report(at: Node, error: DefinedError, names: CheckNames, found: Diagnostics): void {
  switch (error.keyword) {
    case 'additionalProperties':
      return reportUnknownKey(at as MapNode, error.params.additionalProperty, { error, names, found });
    case 'required':
      return found.error('missing-argument', `${names.what} needs "${error.params.missingProperty}"`, {
        span: headOf(at),
      });
    case 'type':
      return found.error('wrong-type', `expected ${typeName(error.params.type)}, found ${kindName(at)}`, {
        span: at.span,
      });
    case 'enum': {
      const allowed = error.params.allowedValues.map(String);
      const given = at.kind === 'scalar' ? at.source : kindName(at);
      const suggestion = didYouMean(given, allowed);
      const message = `"${given}" is not one of ${allowed.join(', ')}`;
      return found.error('bad-value', message, { span: at.span, ...(suggestion && { suggestion }) });
    }
    case 'pattern': {
      const hint = (error.parentSchema as { patternHint?: string } | undefined)?.patternHint;
      const given = at.kind === 'scalar' ? at.source : kindName(at);
      return found.error('bad-value', `"${given}" is not allowed here${hint ? `: ${hint}` : ''}`, { span: at.span });
    }
    default:
      return found.error('bad-value', `${error.message ?? 'is not valid'}`, { span: at.span });
  }
}

interface KeyFault {
  readonly error: DefinedError;
  readonly names: CheckNames;
  readonly found: Diagnostics;
}

function reportUnknownKey(map: MapNode, key: string, { error, names, found }: KeyFault): void {
  const entry = map.entries.find(e => e.key.source === key);
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  const suggestion = didYouMean(key, known);
  const message = `${names.what} has no ${names.key} "${key}"`;
  found.error(names.unknownKey, message, { span: entry?.key.span ?? map.span, ...(suggestion && { suggestion }) });
}

/** The node at a JSON pointer; the nearest one above where the path ends early. */
export function nodeAt(node: Node, pointer: string): Node {
  let at = node;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next =
      at.kind === 'seq'
        ? at.items[Number(key)]
        : at.kind === 'map'
          ? at.entries.find(e => e.key.source === key)?.value
          : undefined;
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

/** The first key of a mapping: a squiggle under a whole task helps nobody. */
export function headOf(node: Node): Span {
  return node.kind === 'map' ? (node.entries[0]?.key.span ?? node.span) : node.span;
}

/** What people call a type of JSON schema: `a list`, `a whole number or nothing`. */
export function typeName(type: string | readonly string[]): string {
  const names: Readonly<Record<string, string>> = {
    object: 'a mapping',
    array: 'a list',
    null: 'nothing',
    integer: 'a whole number',
  };
  return [type]
    .flat()
    .map(t => names[t] ?? `a ${t}`)
    .join(' or ');
}
