import type { QueryResult, Reply, Values } from '../../module.ts';
import { pythonRegexp } from './python-regexp.ts';
import { parseStatLine, type StatNumbers, statInfo } from './stat-info.ts';

/** What a find asks for, after the host has listed everything. */
export interface FindWishes {
  readonly patterns?: readonly string[] | undefined;
  readonly excludes?: readonly string[] | undefined;
  readonly use_regex: boolean;
  readonly file_type: 'any' | 'directory' | 'file' | 'link';
  readonly hidden: boolean;
  readonly age?: string | undefined;
  readonly age_stamp: 'atime' | 'ctime' | 'mtime';
  readonly size?: string | undefined;
  readonly contains?: string | undefined;
  readonly get_checksum: boolean;
}

interface Listing {
  /** A file of two folders that are searched is there twice. */
  readonly found: readonly (readonly [path: string, numbers: StatNumbers])[];
  readonly containing: ReadonlySet<string>;
  readonly sums: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
  readonly examined: number;
  readonly now: number;
}

/** Reads what the probe of find printed and chooses what was asked for. */
export function findOutcome(reply: Reply, wishes: FindWishes): QueryResult {
  const listing = readListing(reply.stdout);
  if (listing.now === 0) return { failed: reply.stderr.trim() || 'the folders could not be searched' };
  const named = nameFilter(wishes);
  const chosen = listing.found
    .filter(([path, s]) => named(path.slice(path.lastIndexOf('/') + 1)) && isWanted(wishes, path, { s, listing }))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const files = chosen.map(([path, s]): Values => {
    const checksum = listing.sums.get(path);
    return { ...statInfo(path, s), ...(checksum !== undefined && { checksum }) };
  });
  const skipped = Object.fromEntries(listing.missing.map(path => [path, `'${path}' is not a directory`]));
  const msg =
    listing.missing.length === 0 ? 'All paths examined' : 'Not all paths examined, check warnings for details';
  return { values: { files, matched: files.length, examined: listing.examined, skipped_paths: skipped, msg } };
}

function readListing(text: string): Listing {
  const found: [string, StatNumbers][] = [];
  const containing = new Set<string>();
  const sums = new Map<string, string>();
  const missing: string[] = [];
  let root = '';
  let examined = 0;
  let now = 0;
  const clean = (path: string) =>
    path.startsWith(`${root}/./`) ? `${root.replace(/\/+$/, '')}/${path.slice(root.length + 3)}` : path;
  for (const line of text.split('\n')) {
    const key = line.slice(0, line.indexOf('='));
    const value = line.slice(line.indexOf('=') + 1);
    if (key === 'root') root = value;
    else if (key === 'missing') missing.push(value);
    else if (key === 'examined') examined += Number(value);
    else if (key === 'now') now = Number(value);
    else if (key === 'c') containing.add(clean(value));
    else if (key === 's') {
      // a backslash in front: those in the name are doubled
      const [, escaped, sum = '', path = ''] = /^(\\?)(\S+) .(.*)$/.exec(value) ?? [];
      sums.set(clean(escaped ? path.replaceAll('\\\\', '\\') : path), sum);
    } else if (key === 'f') {
      const parts = value.split(':');
      const s = parseStatLine(parts.slice(0, 12).join(':'));
      if (s !== undefined) found.push([clean(parts.slice(12).join(':')), s]);
    }
  }
  return { found, containing, sums, missing, examined, now };
}

function isWanted(wishes: FindWishes, path: string, { s, listing }: { s: StatNumbers; listing: Listing }): boolean {
  if (wishes.file_type !== 'any' && s.kind !== wishes.file_type) return false;
  if (wishes.age !== undefined && !reaches(listing.now - s[wishes.age_stamp], amount(wishes.age, AGES))) return false;
  if (wishes.size !== undefined && s.kind === 'file' && !reaches(s.size, amount(wishes.size, SIZES))) return false;
  return wishes.contains === undefined || wishes.file_type !== 'file' || listing.containing.has(path);
}

type Matcher = (name: string) => boolean;

function nameFilter(wishes: FindWishes): Matcher {
  const matcher = wishes.use_regex ? regexMatcher : globMatcher;
  const wanted = wishes.patterns?.map(matcher) ?? [];
  const unwanted = wishes.excludes?.map(matcher) ?? [];
  return name =>
    (wishes.hidden || !name.startsWith('.')) &&
    (wanted.length === 0 || wanted.some(fits => fits(name))) &&
    !unwanted.some(fits => fits(name));
}

/** As Python's `match`: from the start of the name on. */
function regexMatcher(pattern: string): Matcher {
  const regexp = pythonRegexp(pattern, { unicode: true });
  return name => {
    regexp.lastIndex = 0;
    return regexp.exec(name)?.index === 0;
  };
}

function globMatcher(pattern: string): Matcher {
  const regexp = globRegexp(pattern);
  return name => regexp.test(name);
}

/** A shell pattern as Python's fnmatch understands it. */
function globRegexp(pattern: string): RegExp {
  const body = pattern.replace(
    /\[(!?)(\]?[^\]]*)\]|[*?]|[^]/g,
    (all, not: string | undefined, set: string | undefined) => {
      if (all === '*') return '[^]*';
      if (all === '?') return '[^]';
      if (set !== undefined && all.length > 2) return `[${not ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
      return all.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    },
  );
  return new RegExp(`^${body}$`, '');
}

const AGES = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const SIZES = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** An amount with its unit; a minus means "at most". */
function amount(text: string, units: Readonly<Record<string, number>>): number {
  const [, digits = '0', unit = ''] = /^(-?\d+)([a-z]?)/i.exec(text) ?? [];
  return Number(digits) * (units[unit.toLowerCase()] ?? 1);
}

function reaches(value: number, limit: number): boolean {
  return limit < 0 || Object.is(limit, -0) ? value <= -limit : value >= limit;
}
