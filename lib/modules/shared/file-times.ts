import { type Goal, type Sh, sh } from '../../module.ts';

const FORMAT = '%Y%m%d%H%M.%S';

const description = (what: string) =>
  `When it was ${what}: now, preserve (as it is), or a time of the host's zone as the format has it. ` +
  'Without it now for state touch, else preserve.';

/** Arguments of a file's times. */
export const timeArgs = {
  modification_time: { type: 'string', description: description('last written') },
  modification_time_format: { type: 'string', default: FORMAT, description: 'How modification_time is written.' },
  access_time: { type: 'string', description: description('last read') },
  access_time_format: { type: 'string', default: FORMAT, description: 'How access_time is written.' },
} as const;

export interface Times {
  readonly state?: string | undefined;
  readonly modification_time?: string | undefined;
  readonly modification_time_format: string;
  readonly access_time?: string | undefined;
  readonly access_time_format: string;
}

/** A time as `touch -t` takes it; undefined for one that stays as it is. */
interface Wanted {
  readonly modification: string | undefined;
  readonly access: string | undefined;
}

/** What is wrong with the times, as a sentence. */
export function timesFault(a: Times): string | undefined {
  const { modification, access } = wanted(a);
  if (modification === null) return fault('modification_time', a.modification_time, a.modification_time_format);
  return access === null ? fault('access_time', a.access_time, a.access_time_format) : undefined;
}

function fault(name: string, value: string | undefined, format: string): string {
  return `${name} "${value}" is not a time as "${format}" has it: write one, now or preserve`;
}

function timesOf(a: Times): Wanted {
  const { modification, access } = wanted(a);
  if (modification === null || access === null) throw new Error('internal: a time that was not checked');
  return { modification, access };
}

function wanted(a: Times) {
  const otherwise = a.state === 'touch' ? 'now' : 'preserve';
  return {
    modification: stampOf(a.modification_time || otherwise, a.modification_time_format),
    access: stampOf(a.access_time || otherwise, a.access_time_format),
  };
}

/** Whether a time is the moment of the task: then it changes whenever it runs. */
export function touchesNow(a: Times): boolean {
  const { modification, access } = timesOf(a);
  return modification === 'now' || access === 'now';
}

/** Whether a time is asked for that is neither now nor as it is. */
export function timesGoal(a: Times): Goal {
  const { modification, access } = timesOf(a);
  const fixed = (stamp: string | undefined) => (stamp === 'now' ? undefined : stamp);
  return { modification_time: fixed(modification), access_time: fixed(access) };
}

/** Prints the times that are wanted of them as `touch -t` has them. */
export function probeTimes(path: string, a: Times, want: readonly string[]): Sh | false {
  const goal = timesGoal(a);
  const asked = ['modification_time', 'access_time'].filter(key => want.includes(key));
  return asked.length > 0 && sh.lines(...asked.map(key => sh`tp_time ${[key, String(goal[key] ?? ''), path]}`));
}

/** Sets the times, of what a link leads to where it is one. As Ansible: not where there is nothing. */
export function setTimes(path: string, a: Times): Sh | false {
  const { modification, access } = timesOf(a);
  const touch = (flag: string, stamp: string | undefined) =>
    stamp !== undefined &&
    sh`[ ! -e ${path} ] || touch -c ${[flag, ...(stamp === 'now' ? [] : ['-t', stamp])]} -- ${path}`;
  if (modification === undefined && access === undefined) return false;
  return sh.lines(touch('-m', modification), touch('-a', access));
}

/**
 * How many times at and below a directory shall be other ones. When a directory was read is not asked for: to look into it is to read it,
 * so that no look would ever find it as it shall be.
 */
export function timesBelowGoal(a: Times): Goal {
  const { modification_time, access_time } = timesGoal(a);
  const some = modification_time !== undefined || access_time !== undefined;
  return { differing_times: some ? '0' : undefined };
}

/** Prints how many times at and below a directory are not what they shall be. */
export function probeTimesBelow(path: string, follow: boolean, a: Times): Sh {
  const { modification_time, access_time } = timesGoal(a);
  const stamps = [String(modification_time ?? ''), String(access_time ?? '')];
  return sh`tp_times_below ${[follow && '-L', path, ...stamps]} && tp_kv differing_times "$tp_below"`;
}

/** Sets the times at and below a directory. */
export function setTimesBelow(path: string, follow: boolean, a: Times): Sh | false {
  const { modification, access } = timesOf(a);
  if (modification === undefined && access === undefined) return false;
  return sh`tp_touch_below ${[follow && '-L', path, modification ?? '', access ?? '']}`;
}

const PARTS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d\\d)',
  m: '(?<m>1[0-2]|0?[1-9])',
  d: '(?<d>3[01]|[12]\\d|0?[1-9])',
  H: '(?<H>2[0-3]|[01]?\\d)',
  M: '(?<M>[0-5]?\\d)',
  S: '(?<S>6[01]|[0-5]?\\d)',
  '%': '%',
};

/** `now`, undefined for `preserve`, else the time as `touch -t` takes it; null where it is none. */
function stampOf(text: string, format: string): string | undefined | null {
  if (text === 'now') return 'now';
  if (text === 'preserve') return undefined;
  const unknown = [...format.matchAll(/%([^])/g)].some(([, letter]) => PARTS[letter ?? ''] === undefined);
  if (unknown) return null;
  const source = format.replace(/%([^])|[^]/g, (piece, letter?: string) =>
    letter === undefined ? piece.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&') : (PARTS[letter] ?? ''),
  );
  const found = new RegExp(`^${source}$`).exec(text)?.groups;
  return found === undefined ? null : touchText(found);
}

/** As Python: what the format does not say is the beginning of 1900; two digits of a year are 1969 to 2068. */
function touchText({ Y, y, m = '1', d = '1', H = '0', M = '0', S = '0' }: Readonly<Record<string, string>>) {
  const year = Y ?? (y === undefined ? '1900' : `${Number(y) < 69 ? 20 : 19}${y}`);
  const day = new Date(Date.UTC(Number(year), Number(m) - 1, Number(d)));
  if (day.getUTCDate() !== Number(d)) return null; // the 30th of February
  const two = (part: string) => part.padStart(2, '0');
  return `${year}${two(m)}${two(d)}${two(H)}${two(M)}.${two(S)}`;
}
