import { toJson } from '../template/filters/json.ts';
import { toYaml } from '../template/filters/yaml-write.ts';
import type { Value } from '../template/values.ts';
import { printable } from '../text/frame.ts';
import { masked } from './value-text.ts';
import { outcomeOf, placesOf, type Seen, type SetAt } from './vars-seen.ts';

const WIDEST = 60; // where the comments begin at the latest

/** The variables as YAML, each with a comment: its level, and where it is set. */
export function listed(seen: Seen, names: readonly string[]): string {
  const items = names.map(name => {
    const [place] = placesOf(seen, name);
    const outcome = outcomeOf(seen, name);
    if ('value' in outcome) return { yaml: yaml(seen, name, outcome.value), comment: placeText(place) };
    const comment = `${placeText(place)}; has no value here: ${outcome.error}`;
    return { yaml: yaml(seen, name, place?.written ?? null), comment };
  });
  const firsts = items.map(item => item.yaml.indexOf('\n')).filter(length => length <= WIDEST);
  const column = Math.max(0, ...firsts);
  return items.map(({ yaml, comment }) => commented(yaml, comment, column)).join('');
}

/** A comment stands behind the first line, but never inside a text of several lines. */
function commented(yaml: string, comment: string, column: number): string {
  const end = yaml.indexOf('\n');
  const first = yaml.slice(0, end);
  const whole = end === yaml.length - 1 || /:( \|[-+]?)?$/.test(first);
  if (!whole) return `# ${printable(comment)}\n${yaml}`;
  return `${first.padEnd(column)}  # ${printable(comment)}${yaml.slice(end)}`;
}

function yaml({ redactor }: Seen, name: string, value: Value): string {
  const shown = redactor.value(masked(value));
  return toYaml(new Map([[name, shown]]), {
    indent: 2,
    width: Number.POSITIVE_INFINITY,
    sortKeys: false,
    flow: 'none',
    explicitStart: false,
    explicitEnd: false,
  });
}

/** `6 inventory group_vars/*, group_vars/web.yml:3:1`. */
function placeText(place: SetAt | undefined): string {
  if (place === undefined) return 'set nowhere';
  const level = place.level === undefined ? place.levelName : `${place.level} ${place.levelName}`;
  return place.where === undefined ? level : `${level}, ${place.where}`;
}

/** Of each variable its value, and a row for each place that sets it: the one that wins, then those it overrode. */
export function explained(seen: Seen, names: readonly string[]): string {
  return names.map(name => explainedOne(seen, name)).join('\n');
}

function explainedOne(seen: Seen, name: string): string {
  const outcome = outcomeOf(seen, name);
  const head =
    'value' in outcome ? yaml(seen, name, outcome.value) : `${name} has no value here: ${printable(outcome.error)}\n`;
  const rows = placesOf(seen, name).map((place, i) => [
    i === 0 ? 'wins' : 'over',
    String(place.level ?? ''),
    place.levelName,
    place.where ?? '',
    place.level === undefined ? '' : inline(seen, place.written),
  ]);
  return head + aligned(rows);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), []);
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ');
  return rows.map(row => `  ${line(row).trimEnd()}\n`).join('');
}

function inline({ redactor }: Seen, value: Value): string {
  return printable(redactor.text(toJson(masked(value), { sortKeys: false, ascii: false })));
}

/** The same as data: `{name: {value, level, levelName, where, written}}`, or with `error` in the place of `value`. */
export function listedJson(seen: Seen, names: readonly string[]): string {
  return json(seen, names, name => {
    const [place] = placesOf(seen, name);
    return [...result(seen, name), ...(place === undefined ? [] : placeData(place))];
  });
}

/** `{name: {value, set: [{level, levelName, where, written}]}}`, the winning place first. */
export function explainedJson(seen: Seen, names: readonly string[]): string {
  return json(seen, names, name => [
    ...result(seen, name),
    ['set', placesOf(seen, name).map(place => new Map(placeData(place)))],
  ]);
}

type Pair = readonly [string, Value];

function json(seen: Seen, names: readonly string[], data: (name: string) => readonly Pair[]): string {
  const all: Value = new Map(names.map(name => [name, new Map(data(name))]));
  return `${seen.redactor.text(toJson(masked(all), { indent: '  ', sortKeys: false, ascii: false }))}\n`;
}

function result(seen: Seen, name: string): readonly Pair[] {
  const outcome = outcomeOf(seen, name);
  return 'value' in outcome ? [['value', outcome.value]] : [['error', outcome.error]];
}

function placeData({ level, levelName, where, written }: SetAt): readonly Pair[] {
  return [
    ['level', level ?? null],
    ['levelName', levelName],
    ['where', where ?? null],
    ['written', written],
  ];
}
