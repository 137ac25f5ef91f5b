import type { LocalFile, State } from '../../module.ts';
import { fieldsOf, isFile, type SyncTree, wanted } from './sync.ts';
import { work } from './sync-work.ts';

/** What is done, a line a path, as rsync's --itemize-changes has it. */
export function itemised(t: SyncTree, before: State, sent: '<' | '>'): readonly string[] {
  const w = work(t, before);
  const lines = w.other.map(f => {
    const path = f.path === '' ? (isFile(t) ? t.name : './') : f.path;
    const shown = t.inside || isFile(t) ? path : `${t.name}/${f.path}`;
    const name = f.type === 'directory' && !shown.endsWith('/') ? `${shown}/` : shown;
    const target = f.type === 'link' ? ` -> ${f.link}` : '';
    return `${flags(t, f, w).replace('<', sent)} ${name}${target}`;
  });
  return [...lines, ...w.gone.toReversed().map(path => `*deleting   ${t.inside ? path : `${t.name}/${path}`}`)];
}

function flags(t: SyncTree, f: LocalFile, w: ReturnType<typeof work>): string {
  const letter = { file: 'f', directory: 'd', link: 'L' }[f.type];
  const sent = w.sent.includes(f);
  if (w.kind(f) !== f.type) return `${sent ? '<' : 'c'}${letter}+++++++++`;
  if (f.type === 'link') return 'cLc........';
  const fields = fieldsOf(t, f);
  const [have, want] = [w.is(f).split(' ').slice(1), wanted(t, f).split(' ').slice(1)];
  const differs = (name: string) => fields.includes(name) && have[fields.indexOf(name)] !== want[fields.indexOf(name)];
  const mark = (name: string, sign: string) => (differs(name) ? sign : '.');
  const sum = t.checksum && sent ? 'c' : '.';
  const rest = [mark('size', 's'), mark('mtime', 't'), mark('mode', 'p'), mark('owner', 'o'), mark('group', 'g')];
  return `${sent ? '<' : '.'}${letter}${sum}${rest.join('')}...`;
}
