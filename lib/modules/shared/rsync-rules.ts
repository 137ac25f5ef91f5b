import { type Sh, sh } from '../../module.ts';

/** One include or exclude rule of rsync. */
export interface Rule {
  readonly include: boolean;
  readonly pattern: string;
}

/** A rule that is about what is in a folder of the transfer: of a file of rules that stands there. */
export interface Scoped extends Rule {
  /** The folder as the root sees it; '' for the root. */
  readonly below?: string;
}

/** Reads a rule as a filter file has it (`- *.o`, `+ /keep/`); undefined for a comment, an error for what is no rule. */
export function parseRule(line: string): Rule | undefined | { readonly error: string } {
  const text = line.trim();
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return undefined;
  const [, word = '', pattern = ''] = /^(\+|-|include|exclude)[ _,](.+)$/.exec(text) ?? [];
  if (pattern === '') return { error: `the filter rule "${text}" is not understood: write "- PATTERN" or "+ PATTERN"` };
  return { include: word === '+' || word === 'include', pattern };
}

/**
 * Whether a path of the transfer is left out: the first rule that matches decides. As rsync: a pattern with a slash inside
 * or `**` is compared with the whole path, else with the last name; one that begins with / starts at the root of the
 * transfer; one that ends in / means folders; `*` and `?` stop at slashes; `dir/***` is dir and all in it.
 */
export function isExcluded(rules: readonly Rule[], path: string, directory: boolean): boolean {
  const rule = rules.find(r => matches(r.pattern, path, directory));
  return rule !== undefined && !rule.include;
}

function matches(pattern: string, path: string, directory: boolean): boolean {
  const { text, anchored, folders, all, whole } = parts(pattern);
  if (folders && !directory) return false;
  const end = all ? '(?:/.*)?$' : '$';
  const start = anchored ? '^' : whole ? '(?:^|/)' : '^';
  const subject = whole || anchored || all ? path : path.slice(path.lastIndexOf('/') + 1);
  return new RegExp(`${all && !anchored ? '(?:^|/)' : start}${expression(text)}${end}`, 's').test(subject);
}

function parts(pattern: string) {
  const all = pattern.endsWith('/***');
  const folders = !all && pattern.endsWith('/');
  const anchored = pattern.startsWith('/');
  const text = pattern.replace(/\/\*\*\*$|\/$/, '').replace(/^\//, '');
  return { text, anchored, folders, all, whole: text.includes('/') || text.includes('**') };
}

function expression(glob: string): string {
  return glob.replace(/\*\*|\*|\?|\[(!|\^)?(\]?[^\]]*)\]|\\(.)|./gs, (found, not, set, escaped) => {
    if (found === '**') return '.*';
    if (found === '*') return '[^/]*';
    if (found === '?') return '[^/]';
    if (set !== undefined) return `[${not ? '^' : ''}${String(set).replace(/[\\[\]]/g, '\\$&')}]`;
    return String(escaped ?? found).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
}

/** What `below` a folder of the transfer says, as seen from that folder: rules that begin with / may start above it. */
export function rulesBelow(rules: readonly Rule[], name: string): readonly Rule[] {
  if (name === '') return rules;
  return rules.flatMap(rule => {
    if (!rule.pattern.startsWith('/')) return [rule];
    const [, first = '', ...rest] = rule.pattern.split('/');
    if (first.includes('**')) return [rule, { ...rule, pattern: `/${rest.join('/')}` }];
    if (rest.join('') === '' || !new RegExp(`^${expression(first)}$`, 's').test(name)) return [];
    return [{ ...rule, pattern: `/${rest.join('/')}` }];
  });
}

/**
 * The same as words of find, run in the root: `found` is done with what is not left out, and the root, `left` with what is,
 * below which it does not look. Without brackets around all: busybox's find forgets an `-exec +` in brackets.
 */
export function findWords(rules: readonly Scoped[], { found, left }: { readonly found: Sh; readonly left?: Sh }): Sh {
  const tests = rules.map(rule => sh`${test(rule)} ${rule.include ? found : sh`${left} -prune`} -o`);
  return sh`${tests} ${found}`;
}

function test({ pattern, below = '' }: Scoped): Sh {
  const { text, anchored, folders, all, whole } = parts(pattern);
  const glob = text.replaceAll('**', '*');
  const folder = folders && sh`-type d`;
  const root = below === '' ? '.' : `./${below.replace(/[\\*?[]/g, '\\$&')}`;
  const inside = below !== '' && sh`-path ${`${root}/*`}`;
  if (!whole && !anchored && !all) return sh`${inside} -name ${glob} ! -name . ${folder}`;
  const slashes = text.split('/').length + (below === '' ? 0 : below.split('/').length);
  // find's * matches slashes too: a path with more of them is not meant
  const deeper = `*${'/*'.repeat(slashes + 1)}`;
  const level = text.includes('**') || all || !anchored ? undefined : sh`! -path ${deeper}`;
  const paths = [`${root}/${glob}`, ...(anchored ? [] : [`${below === '' ? '*' : `${root}/*`}/${glob}`])];
  const words = paths.flatMap(p => (all ? [p, `${p}/*`] : [p]));
  const any = words.flatMap((p, i) => (i === 0 ? [sh`-path ${p}`] : [sh`-o -path ${p}`]));
  return sh`\( ${any} \) ${level} ${folder}`;
}
