import type { ContainerArgs } from './container-args.ts';
import { type ContainerOption, dictAt, type Inspected, LABEL, type Normal, textsAt } from './container-option.ts';
import { containerOptions } from './container-options.ts';

export type Comparison = 'strict' | 'ignore' | 'allow_more_present';
export type Comparisons = Readonly<Record<string, Comparison>>;

/** An option that is not as asked for, as people may see it. */
export interface Difference {
  readonly option: ContainerOption;
  readonly is: string;
  readonly want: string;
}

/** What is to be compared with: the container, and what it has of its image. */
export interface Compared {
  readonly container: Inspected;
  readonly image: Inspected | undefined;
}

/** The options of a container that are not as asked for. */
export function differences(a: ContainerArgs, at: Compared, how: Comparisons): readonly Difference[] {
  const kept = keptOptions(at.container);
  return containerOptions.flatMap(option => {
    const want = option.want(a, at.image);
    const mode = how[option.name] ?? how['*'] ?? usual(option);
    if (want === undefined || mode === 'ignore') return [];
    const is = option.is(at.container) ?? kept[option.name] ?? '';
    const inherited = mode === 'strict' ? (option.inherited?.(a, at.image) ?? []) : [];
    if (same(withEntrypoint(option, is, { a, at }), want, { option, mode, inherited })) return [];
    const hide = option.name === 'env';
    return [
      { option, is: hide ? 'other values' : shown(asked(is, want, mode)), want: hide ? 'as asked for' : shown(want) },
    ];
  });
}

function usual(option: ContainerOption): Comparison {
  if (option.ignored) return 'ignore';
  return option.kind === 'value' || option.kind === 'list' ? 'strict' : 'allow_more_present';
}

/** With an entrypoint, command and entrypoint are compared as one list. */
function withEntrypoint(option: ContainerOption, is: Normal, { a, at }: { a: ContainerArgs; at: Compared }): Normal {
  if (option.name !== 'command' || a.entrypoint === undefined || !Array.isArray(is)) return is;
  const entrypoint = (at.container['Config'] as Readonly<Record<string, unknown>> | undefined)?.['Entrypoint'];
  const words = Array.isArray(entrypoint)
    ? entrypoint.map(String)
    : String(entrypoint ?? '')
        .split(' ')
        .filter(w => w !== '');
  return [...words, ...is];
}

interface How {
  readonly option: ContainerOption;
  readonly mode: Comparison;
  readonly inherited: readonly string[];
}

function same(is: Normal, want: Normal, { option, mode, inherited }: How): boolean {
  if (typeof want === 'string' || typeof is === 'string') return is === want;
  if (Array.isArray(want) && Array.isArray(is)) {
    if (option.kind === 'list') {
      if (mode === 'strict') return JSON.stringify(is) === JSON.stringify(want);
      return want.every(one => is.includes(one));
    }
    const spare = is.filter(one => !want.includes(one) && !inherited.includes(one));
    return want.every(one => is.includes(one)) && (mode !== 'strict' || spare.length === 0);
  }
  const [has, wants] = [is, want] as Readonly<Record<string, string>>[];
  if (has === undefined || wants === undefined) return false;
  const all = Object.entries(wants).every(([key, value]) => has[key] === value);
  return all && (mode !== 'strict' || Object.keys(has).every(key => key in wants || inherited.includes(key)));
}

/** What inspect printed without the values that the task gave to its environment: they may be secret, and results are shown. */
export function withoutGivenValues(a: ContainerArgs, container: Inspected): Inspected {
  if (a.env === undefined && a.env_file === undefined) return container;
  const given = (name: string) => a.env_file !== undefined || Object.hasOwn(a.env ?? {}, name);
  const env = textsAt(container, 'Config.Env').map(line => {
    const name = line.replace(/=.*/s, '');
    return given(name) ? `${name}=***` : line;
  });
  return { ...container, Config: { ...dictAt(container, 'Config'), Env: env } };
}

/** Of a mapping that may have more than what was asked for only what was. */
function asked(is: Normal, want: Normal, mode: Comparison): Normal {
  if (mode === 'strict' || [is, want].some(value => typeof value === 'string' || Array.isArray(value))) return is;
  return Object.fromEntries(Object.entries(is).filter(([key]) => Object.hasOwn(want as object, key)));
}

function shown(value: Normal): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value)
    ? value.join(' ')
    : Object.entries(value)
        .map(([k, v]) => `${k}=${v}`)
        .join(' ');
}

function keptOptions(container: Inspected): Readonly<Record<string, Normal>> {
  const text = dictAt(container, 'Config.Labels')[LABEL];
  try {
    return typeof text === 'string' ? (JSON.parse(text) as Record<string, Normal>) : {};
  } catch {
    return {}; // somebody else's label: then they count as not given
  }
}

/** The label for a container that is made: its options but those that may be secret. */
export function labelOf(a: ContainerArgs): string {
  const wants = containerOptions.flatMap(option => {
    const want = option.name === 'env' || option.name === 'labels' ? undefined : option.want(a);
    return want === undefined ? [] : [[option.name, want] as const];
  });
  return JSON.stringify(Object.fromEntries(wants));
}
