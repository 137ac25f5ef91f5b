import type { LocalFile } from '../../module.ts';
import { isExcluded, parseRule, type Rule, type Scoped } from './rsync-rules.ts';

/** Options of rsync that are understood in rsync_opts besides rules: they change what is printed, or nothing here. */
const SILENT = /^(?:-[vqhWz]+|--(?:no-motd|verbose|quiet|stats|human-readable|whole-file|compress|itemize-changes))$/;

/** The rules of rsync_opts, or what is wrong with them. */
export function rulesOf(
  given: readonly string[] = [],
): { readonly rules: readonly Rule[] } | { readonly error: string } {
  const rules: Rule[] = [];
  const opts = [...given];
  for (let opt = opts.shift(); opt !== undefined; opt = opts.shift()) {
    const [, name = '', given] = /^(--exclude|--include|--filter|-f)(?:=([^]*))?$/.exec(opt) ?? [];
    if (name !== '') {
      const value = given ?? opts.shift() ?? '';
      const word = name === '--include' ? '+ ' : name === '--exclude' ? '- ' : '';
      const rule = parseRule(word + value);
      if (rule !== undefined && 'error' in rule) return rule;
      if (rule !== undefined) rules.push(rule);
    } else if (!SILENT.test(opt)) return { error: refused(opt) };
  }
  return { rules };
}

/** What to write instead of an option of rsync. */
function refused(opt: string): string {
  const own: Readonly<Record<string, string>> = {
    '--delete': 'write delete: true',
    '--checksum': 'write checksum: true',
    '-c': 'write checksum: true',
    '--existing': 'write existing_only: true',
    '--copy-links': 'write copy_links: true',
    '-L': 'write copy_links: true',
    '--dry-run': 'write check_mode: true at the task',
    '-n': 'write check_mode: true at the task',
    '--no-owner': 'write owner: false',
    '--no-group': 'write group: false',
    '--no-perms': 'write perms: false',
    '--no-times': 'write times: false',
  };
  const instead = own[opt] ?? own[opt.replace(/=.*/, '')];
  const known = '--exclude=PATTERN, --include=PATTERN and --filter="- PATTERN"';
  return `rsync_opts has "${opt}", which is not supported: ${instead ?? `it takes ${known}`}`;
}

/** All that is in the folder, what stands right in it, or nothing. */
export type Depth = 'all' | 'first' | 'none';

/**
 * What is left out of src: by the rules, which see paths below the folder's own name where `within` is one, by .rsync-filter
 * files (as Ansible), and by what is deeper than it goes.
 */
export function skipper(rules: readonly Rule[], { within, depth }: { readonly within: string; readonly depth: Depth }) {
  const prefix = within === '' ? '' : `${within}/`;
  const perFolder = new Map<string, readonly Rule[]>();
  return (path: string, directory: boolean, read: (path: string) => string | undefined): boolean => {
    if (depth === 'none' || (depth === 'first' && path.includes('/'))) return true;
    const names = path.split('/');
    for (let at = names.length - 1; at >= 0; at--) {
      const folder = names.slice(0, at).join('/');
      const own = perFolder.get(folder) ?? fileRules(read(folder === '' ? FILTER : `${folder}/${FILTER}`));
      perFolder.set(folder, own);
      const inside = names.slice(at).join('/');
      const hit = own.length > 0 ? decided(own, inside, directory) : undefined;
      if (hit !== undefined) return !hit;
    }
    return isExcluded(rules, prefix + path, directory);
  };
}

const FILTER = '.rsync-filter';

/** Whether the first rule that matches includes; undefined when none does. */
function decided(rules: readonly Rule[], path: string, directory: boolean): boolean | undefined {
  const hit = rules.find(r => isExcluded([{ ...r, include: false }], path, directory));
  return hit?.include;
}

function fileRules(text: string | undefined): readonly Rule[] {
  return (text ?? '').split('\n').flatMap(line => {
    const rule = parseRule(line);
    return rule === undefined || 'error' in rule ? [] : [rule];
  });
}

/** The rules of the folders that are sent, the innermost first: they are about what is removed, too. */
export function folderRules(files: readonly LocalFile[]): readonly Scoped[] {
  return files
    .filter(f => f.type === 'file' && (f.path === FILTER || f.path.endsWith(`/${FILTER}`)))
    .map(f => ({ below: f.path.slice(0, -FILTER.length - 1), rules: fileRules(Buffer.from(f.bytes).toString()) }))
    .sort((a, b) => b.below.split('/').length - a.below.split('/').length || (a.below === '' ? 1 : -1))
    .flatMap(({ below, rules }) => rules.map(rule => ({ ...rule, below })));
}
