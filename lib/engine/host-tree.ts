import { type LocalData, type LocalFile, sh } from '../module.ts';
import { type Frames, lastLines, runFrame } from './drive/frame.ts';
import { contents, type TreeNeed } from './host-contents.ts';
import { HostTreeFault, type Listed, parseListing } from './listing.ts';

/** What tp_listing ends with. */
const MISSING = 44;
const NO_FOLDER = 45;

/**
 * Looks at a file or folder of a host, as readLocal reads one of the controller: one frame. What is in files is asked for when
 * it is needed. Throws HostTreeFault.
 */
export async function readHost(need: TreeNeed, at: Frames): Promise<LocalData> {
  const flags = [need.follow && '-L', need.sums && '-s'];
  const reply = await runFrame(sh`tp_listing ${flags} ${need.word ?? need.path}`, at);
  const where = `${need.path} on ${at.session.host}`;
  if (reply.rc === MISSING) throw new HostTreeFault(`there is no ${where}`);
  if (reply.rc === NO_FOLDER) throw new HostTreeFault(`${where} is no folder: write it without the / at its end`);
  if (reply.rc !== 0) throw new HostTreeFault(`cannot read ${where}: ${lastLines(reply) || `exit status ${reply.rc}`}`);
  const listed = told(where, () => parseListing(reply));
  const [first] = listed;
  if (first === undefined)
    throw new HostTreeFault(`cannot read ${where}: ${lastLines(reply) || 'it is not there any more'}`);
  const single = first.path !== '';
  const kept = single ? [{ ...first, path: '' }] : wanted(listed.slice(1), { need, where });
  const closed = [first, ...kept].find(f => f.closed);
  if (closed !== undefined)
    throw new HostTreeFault(
      `cannot look into ${closed.path || 'it'} below ${where}: become another user, or exclude it`,
    );
  const files = kept.filter(f => f.type !== 'other');
  const from = { need, where, at, single, listed: new Map(files.map(f => [f.path, f])) };
  const asFile = (f: Listed) => fileOf(f, path => contents(path, from));
  return {
    path: need.path,
    files: files.map(asFile),
    ...(!single && { itself: asFile(first) }),
    contents: some => contents(some, from),
  };
}

function told<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof HostTreeFault) throw new HostTreeFault(`cannot read ${where}: ${error.message}`);
    throw error;
  }
}

/** What is not left out. What a host lists may be anything: a path that is not below its folder is refused. */
function wanted(listed: readonly Listed[], { need, where }: { need: TreeNeed; where: string }): readonly Listed[] {
  const rules = new Map(listed.map(f => [f.path, f.rules]));
  const folders = new Set(['']);
  const passed = new Set<string>();
  const seen = new Set<string>();
  return listed.filter(f => {
    const above = f.path.includes('/') ? f.path.slice(0, f.path.lastIndexOf('/')) : '';
    if (passed.has(above) || need.skip?.(f.path, f.type === 'directory', path => rules.get(path))) {
      passed.add(f.path);
      return false;
    }
    const names = f.path.split('/');
    if (names.some(name => ['', '.', '..'].includes(name)) || !folders.has(above) || seen.has(f.path))
      throw new HostTreeFault(`cannot read ${where}: it lists "${f.path}", which would land outside of dest`);
    seen.add(f.path);
    if (f.type === 'directory') folders.add(f.path);
    return true;
  });
}

function fileOf(f: Listed, read: (files: readonly LocalFile[]) => AsyncIterable<Uint8Array>): LocalFile {
  const { path, type, mode, mtime, uid, gid, owner, group, link, size, sum } = f;
  if (type === 'other') throw new Error(`internal: ${path} is neither a file nor a folder nor a link`);
  const names = { ...(owner !== undefined && { owner }), ...(group !== undefined && { group }) };
  // the text of rules came with the listing: what is removed goes by them, too
  const bytes = Buffer.from(f.rules ?? '');
  const own = { path, type, mode, mtime, uid, gid, ...names, bytes };
  if (type !== 'file') return { ...own, ...(link !== undefined && { link }) };
  const sumNow = () => {
    if (sum === undefined) throw new Error(`internal: the checksum of ${path} was not asked for`);
    return sum;
  };
  const file: LocalFile = {
    ...own,
    large: {
      ...{ size, sumNow },
      sum: () => ({ known: sum, wait: async () => sumNow() }),
      chunks: () => read([file]),
    },
  };
  return file;
}
