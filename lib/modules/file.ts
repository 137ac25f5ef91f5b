import { defineConverge, type Goal, type Sh, sh } from '../module.ts';
import {
  type Attributes,
  attributeArgs,
  attributeGoal,
  hasMarks,
  hostPath,
  modeFault,
  normalMode,
  setAttributes,
  statFlags,
} from './shared/attributes.ts';
import { probeTimes, setTimes, type Times, timeArgs, timesFault, timesGoal, touchesNow } from './shared/file-times.ts';

interface Args extends Times, Attributes {
  readonly path: string;
  readonly state?: 'file' | 'directory' | 'link' | 'hard' | 'touch' | 'absent' | undefined;
  readonly src?: string | undefined;
  readonly follow: boolean;
  readonly force: boolean;
  readonly recurse: boolean;
}

export default defineConverge({
  name: 'file',
  doc: 'Sets the kind, mode and owner of a path, makes directories and links, and removes what shall not be there.',
  args: {
    properties: {
      path: { type: 'string', aliases: ['dest', 'name'], description: 'Path on the host.' },
      state: {
        type: 'string',
        enum: ['file', 'directory', 'link', 'hard', 'touch', 'absent'],
        description: 'What it shall be; without it, whatever is there gets the attributes (a directory with recurse).',
      },
      src: { type: 'string', description: 'What a link shall lead to (state link and hard).' },
      ...attributeArgs,
      ...timeArgs,
      follow: { type: 'boolean', default: true, description: 'Sets attributes of what a link leads to.' },
      force: {
        type: 'boolean',
        default: false,
        description: 'Makes links to what is not there, and in place of files.',
      },
      recurse: { type: 'boolean', default: false, description: 'Sets the attributes of everything below, too.' },
      unsafe_writes: {
        type: 'boolean',
        default: false,
        description: 'Of no effect, as in Ansible: this module never replaces what is in a file.',
      },
    },
    required: ['path'],
  },
  examples: `
- file: { path: /srv/app, state: directory, owner: app, mode: "0750" }
- file: { path: /srv/app/current, src: releases/7, state: link }
- file: { path: /srv/app/old.log, state: absent }
`,
  returns: {
    path: 'the path',
    dest: 'the path (states link, hard and touch)',
    state: 'what it is now: file, directory, link, hard or absent',
    mode: 'four octal digits',
    owner: 'name of the owner',
    group: 'name of the group',
    uid: 'number of the owner',
    gid: 'number of the group',
    size: 'bytes',
  },

  check(a) {
    if ((a.state === 'link' || a.state === 'hard') && a.src === undefined)
      return `state ${a.state} needs "src", what it shall lead to`;
    if (a.src !== undefined && a.state !== 'link' && a.state !== 'hard') return 'src is for the states link and hard';
    if (a.recurse && a.state !== undefined && a.state !== 'directory') return 'recurse is for state directory';
    if (a.recurse && (a.modification_time || a.access_time))
      return 'recurse does not set times: leave modification_time and access_time out';
    if (a.attributes !== undefined && a.state === 'link' && !a.follow)
      return 'a link has no attributes of its own: leave follow out, to mean what it leads to';
    return timesFault(a) ?? modeFault(a.mode);
  },

  file: a => a,

  goal(a): Goal {
    const attributes = attributeGoal(a);
    const times = timesGoal(a);
    const below = a.recurse && setAttributes(a) !== undefined ? '0' : undefined;
    switch (a.state) {
      case 'absent':
        return { type: 'absent' };
      case 'link':
        return { ...times, type: 'link', link: a.src, ...attributes };
      case 'hard':
        return { ...times, hard: a.src, ...attributes };
      case 'directory':
        return { ...times, differing_below: below, type: 'directory', ...attributes };
      case 'file':
        return { ...times, type: 'file', ...attributes };
      default:
        if (a.recurse) return { differing_below: below, type: 'directory', ...attributes };
        return { ...times, exists: 'true', ...attributes };
    }
  },

  probe(a, want) {
    const path = hostPath(a.path);
    const own = want.filter(key => !OTHER.has(key));
    const stat = sh`tp_stat ${[look(a) && '-L', statFlags(a), path, own]}`;
    const link = sh`tp_stat ${[path, 'type', 'link']}`;
    // of what it leads to, which has a type of its own and is no link
    const rest = own.filter(key => key !== 'type' && key !== 'link');
    return sh.lines(
      probeTimes(path, a, want),
      want.includes('differing_below') && differing(a),
      want.includes('hard') &&
        sh`if [ ${path} -ef ${sourcePath(a)} ]; then tp_kv hard ${a.src}; else tp_kv hard ''; fi`,
      a.state === 'link' ? sh`${link}; tp_stat ${[a.follow && '-L', statFlags(a), path, rest]}` : stat,
      want.includes('src_exists') && sourceExists(a),
    );
  },

  detail: a => [
    ...(a.state === 'absent' ? [] : ['mode', 'owner', 'group', 'uid', 'gid', 'size']),
    ...(a.state === 'link' || a.state === 'hard' ? ['src_exists'] : []),
    'type',
  ],

  refuse(a, before) {
    const type = before['type'];
    if (a.state === 'file' && type !== 'file')
      return type === 'absent' ? `${a.path} ${ABSENT}` : `${a.path} is a ${type}, not a file`;
    if (a.state === undefined && !a.recurse && before['exists'] === 'false') return `${a.path} ${ABSENT}`;
    if ((a.state === 'directory' || a.recurse) && type !== 'directory' && type !== 'absent')
      return `${a.path} is a ${type}, not a directory: remove it first`;
    if (a.state === 'link' && !a.force && type !== 'link' && type !== 'absent') return inTheWay(a);
    if (a.state === 'hard' && !a.force && type !== 'absent') return inTheWay(a);
    if ((a.state === 'hard' || !a.force) && before['src_exists'] === 'false') return noSource(a);
    return undefined;
  },

  apply(a) {
    const path = hostPath(a.path);
    const set = setAttributes(a);
    const attributes = set && sh`${set} ${path}`;
    switch (a.state) {
      case 'absent':
        return sh`rm -rf -- ${path}`;
      case 'link':
        return sh.lines(
          makeLink(a),
          set && (a.follow ? sh`[ ! -e ${path} ] || ${attributes}` : unfollowed(a)),
          setTimes(path, a),
        );
      case 'hard':
        return sh.lines(makeHardLink(a), attributes, setTimes(path, a));
      case 'touch':
        return sh.lines(sh`[ -e ${path} ] || touch -- ${path}`, attributes, setTimes(path, a));
      case 'directory':
        return makeDirectory(a);
      default:
        if (a.recurse) return makeDirectory(a);
        return sh.lines(sh`[ -e ${path} ] || tp_error ${`${a.path} ${ABSENT}`}`, attributes, setTimes(path, a));
    }
  },

  force: a => a.state !== 'absent' && touchesNow(a),

  values(a, state) {
    const { mode, owner, group, uid, gid, size, type, exists } = state;
    const kind =
      a.state === 'hard' ? 'hard' : a.state === 'touch' ? 'file' : (type ?? (exists === 'false' ? 'absent' : a.state));
    const facts = mode ? { mode, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size) } : {};
    const dest =
      a.state === 'link' || a.state === 'hard'
        ? { dest: a.path, src: a.src }
        : a.state === 'touch'
          ? { dest: a.path }
          : {};
    return { path: a.path, ...dest, state: kind, ...facts };
  },
});

const ABSENT = 'does not exist: use state touch or directory, or the copy module, to make it';

/** Keys of a file's state that tp_stat does not know. */
const OTHER = new Set(['hard', 'differing_below', 'src_exists', 'modification_time', 'access_time']);

function look(a: Args): boolean {
  return a.follow && a.state !== 'absent';
}

/** Sets the attributes of a link itself; a link has no mode of its own. */
function unfollowed(a: Args): Sh {
  const path = hostPath(a.path);
  const owner = a.owner || a.group ? `${a.owner ?? ''}${a.group ? `:${a.group}` : ''}` : undefined;
  return sh.lines(
    owner !== undefined && sh`chown -h -- ${owner} ${path}`,
    hasMarks(a) && sh`tp_mark context ${[path, path]}`,
  );
}

function makeLink(a: Args): Sh {
  const path = hostPath(a.path);
  const other = sh`[ -L ${path} ] || [ ! -e ${path} ]`;
  return sh.lines(
    // an empty directory may be replaced by force; ln would make the link inside of it
    a.force ? sh`[ -L ${path} ] || [ ! -d ${path} ] || rmdir -- ${path}` : sh`${other} || tp_error ${inTheWay(a)}`,
    !a.force && sh`[ -e ${sourcePath(a)} ] || tp_error ${noSource(a)}`,
    sh`ln -sfn -- ${a.src} ${path}`,
  );
}

function makeHardLink(a: Args): Sh {
  const path = hostPath(a.path);
  const src = sourcePath(a);
  return sh.lines(
    sh`[ -e ${src} ] || tp_error ${noSource(a)}`,
    !a.force && sh`[ ! -e ${path} ] || tp_error ${inTheWay(a)}`,
    sh`ln -f -- ${src} ${path}`,
  );
}

function inTheWay(a: Args): string {
  return `${a.path} is something else: use force to put a link in its place`;
}

function noSource(a: Args): string {
  return `src ${a.src} does not exist${a.state === 'link' ? ': use force to make the link all the same' : ''}`;
}

function makeDirectory(a: Args): Sh {
  const path = hostPath(a.path);
  const set = setAttributes(a);
  return sh.lines(
    sh`tp_mkdir ${[a.owner ?? '', a.group ?? '', normalMode(a.mode) ?? '', path]}`,
    set && sh`${set} ${path}`,
    setTimes(path, a),
    a.recurse &&
      set &&
      sh`tp_below ${[a.follow && '-L', '-s', path, a.owner ?? '', a.group ?? '', normalMode(a.mode) ?? '']}`,
  );
}

function differing(a: Args): Sh {
  const words = [a.follow && '-L', hostPath(a.path), a.owner ?? '', a.group ?? '', normalMode(a.mode) ?? ''];
  return sh`tp_below ${words} && tp_kv differing_below "$tp_below"`;
}

/** As Ansible: a relative src of a link is seen from the link's folder, that of a hard link from the working folder. */
function sourcePath(a: Args): string {
  const src = a.src ?? '';
  const folder = a.path.includes('/') ? a.path.slice(0, a.path.lastIndexOf('/') + 1) : '';
  return hostPath(src.startsWith('/') || a.state === 'hard' ? src : folder + src);
}

function sourceExists(a: Args): Sh {
  return sh`if [ -e ${sourcePath(a)} ]; then tp_kv src_exists true; else tp_kv src_exists false; fi`;
}
