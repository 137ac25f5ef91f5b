import type { LocalFile, State } from '../../module.ts';
import { entries, fieldsOf, type SyncTree, sumKey, wanted } from './sync.ts';
import { keyOf } from './tree.ts';

/** What differs from the state before: by kind of work. */
export function work(t: SyncTree, before: State) {
  const all = entries(t);
  const is = (f: LocalFile) => before[keyOf(f)] ?? 'absent';
  const kind = (f: LocalFile) => is(f).split(' ')[0];
  const other = all.filter(f => is(f) !== wanted(t, f) || (t.checksum && f.type === 'file' && !sameSum(f, before)));
  const content = (f: LocalFile) => {
    if (kind(f) !== 'file') return true;
    if (t.checksum) return !sameSum(f, before);
    const fields = fieldsOf(t, f);
    const [have, want] = [is(f).split(' ').slice(1), wanted(t, f).split(' ').slice(1)];
    return fields.some((name, i) => (name === 'size' || name === 'mtime') && have[i] !== want[i]);
  };
  const files = other.filter(f => f.type === 'file');
  return {
    is,
    kind,
    other,
    sent: files.filter(content),
    attributes: files.filter(f => !content(f)),
    folders: all.filter(f => f.type === 'directory'),
    links: other.filter(f => f.type === 'link'),
    gone: Object.keys(before)
      .filter(k => k.startsWith('gone '))
      .map(k => decode(k.slice(7))),
  };
}

function sameSum(file: LocalFile, before: State): boolean {
  const have = before[sumKey(file)];
  return have !== undefined && have !== '' && have === file.large?.sum('sha256').known;
}

/** The path of a key. */
function decode(key: string): string {
  return key.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
