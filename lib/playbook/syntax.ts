import { isTemplate } from '../template/index.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { checkNode, headOf } from '../yaml/check.ts';
import { type MapEntry, type MapNode, type Node, stringOf } from '../yaml/node.ts';
import { validator } from '../yaml/validators.ts';
import { LEFT_OUT } from './collections.ts';
import { keywordsOf, PLACES, type Place } from './keywords.ts';
import { loopLookup } from './loops.ts';
import { COLLECTIONS, moduleNames, shortName, strangeCollection } from './modules.ts';

/** Words that stand where a module's name stands but are of the language itself. */
export const ACTIONS = ['include_tasks', 'import_tasks', 'include_role', 'import_role', 'meta', 'import_playbook'];

/** Where what is wrong goes, and which keys are there besides keywords (a module's name, a role's parameters). */
export interface KeywordCheck {
  readonly found: Diagnostics;
  readonly others?: (entry: MapEntry) => boolean;
}

/** Reports keywords that are refused, have the wrong shape, or are not known. */
export function checkKeywords(map: MapNode, place: Place, { found, others }: KeywordCheck): void {
  const known = keywordsOf(place);
  for (const entry of map.entries) {
    const name = entry.key.source;
    const keyword = known.get(name);
    if (keyword?.refused !== undefined)
      found.error('unsupported', `the keyword "${name}" is not supported`, {
        span: entry.key.span,
        suggestion: keyword.refused,
      });
    else if (keyword?.literal !== undefined) checkLiteral(entry, keyword.literal, found);
    else if (keyword === undefined && !isLoop(entry, place) && !(others?.(entry) ?? false))
      reportUnknown(entry, place, found);
  }
  // A whole value that is a template has its shape only when it is rendered.
  const concrete = map.entries.filter(e => {
    const keyword = known.get(e.key.source);
    return keyword !== undefined && keyword.refused === undefined && !wholeTemplate(e.value);
  });
  const names = { what: `a ${place}`, key: 'keyword', unknownKey: 'unknown-keyword' } as const;
  checkNode({ ...map, entries: concrete }, validator(place), names, found);
}

/** Where a template has no meaning it must not pass for a text: a tag would be called "{{ x }}". */
function checkLiteral({ key, value }: MapEntry, literal: 'whole' | 'each', found: Diagnostics): void {
  const nodes = literal === 'each' && value.kind === 'seq' ? value.items : [value];
  const name = key.source;
  const message = `"${name}" is known before anything runs, so it holds no template`;
  for (const node of nodes) if (wholeTemplate(node)) found.error('unsupported', message, { span: node.span });
}

/** One of the loops that are no keywords of their own: `loopOf` says what is wrong with them. */
function isLoop(entry: MapEntry, place: Place): boolean {
  return (place === 'task' || place === 'handler') && loopLookup(entry.key.source) !== undefined;
}

function wholeTemplate(node: Node): boolean {
  const text = stringOf(node);
  return text !== undefined && isTemplate(text);
}

/** The old word, which is both: as Ansible's own advice, one says which of them is meant. */
const INCLUDE = 'write import_tasks: (known before anything runs) or include_tasks: (when the task runs)';

function reportUnknown(entry: MapEntry, place: Place, found: Diagnostics): void {
  const written = entry.key.source;
  const name = shortName(written);
  const { span } = entry.key;
  if (place !== 'task' && place !== 'handler') {
    const suggestion = suggestionFor(name, [...keywordsOf(place).keys()]);
    return found.error('unknown-keyword', `a ${place} has no keyword "${written}"`, {
      span,
      ...(suggestion && { suggestion }),
    });
  }
  if (name === 'include')
    return found.error('unsupported', '"include" is not supported', { span, suggestion: INCLUDE });
  const collection = strangeCollection(written);
  if (collection !== undefined)
    return found.error('unknown-module', `there are no modules of the collection ${collection} here`, {
      span,
      suggestion: `modules are built in; those there are stand for ${COLLECTIONS.join('*, ')}*`,
    });
  const known = [...keywordsOf(place).keys(), ...moduleNames(), ...ACTIONS];
  const suggestion = (Object.hasOwn(LEFT_OUT, name) ? LEFT_OUT[name] : undefined) ?? suggestionFor(name, known);
  found.error('unknown-module', `there is no module or keyword "${written}"`, {
    span,
    ...(suggestion && { suggestion }),
  });
}

function suggestionFor(name: string, known: readonly string[]): string | undefined {
  const elsewhere = PLACES.find(p => keywordsOf(p).has(name));
  return didYouMean(name, known) ?? (elsewhere === undefined ? undefined : `"${name}" is a keyword of a ${elsewhere}`);
}

/** The entry of a task that names its module or action: exactly one, or what is wrong is reported. */
export function actionEntry(map: MapNode, place: Place, found: Diagnostics): MapEntry | undefined {
  const known = keywordsOf(place);
  const isAction = (e: MapEntry) => {
    const name = shortName(e.key.source);
    return moduleNames().includes(name) || ACTIONS.includes(name);
  };
  const actions = map.entries.filter(e => !known.has(e.key.source) && isAction(e));
  const [first, second] = actions;
  if (second !== undefined) {
    const names = actions.map(e => e.key.source).join(' and ');
    found.error('several-modules', `a task has one module, this one has ${names}`, { span: second.key.span });
  }
  const strangers = map.entries.filter(e => !known.has(e.key.source) && !isAction(e) && !isLoop(e, place));
  const refused = map.entries.some(e => known.get(e.key.source)?.refused !== undefined);
  if (first === undefined && strangers.length === 0 && !refused)
    found.error('missing-argument', 'this task names no module', { span: headOf(map) });
  return first;
}
