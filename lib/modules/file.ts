import { defineConverge, type Goal, sh } from '../module.ts';
import { attributeGoal, hostPath, setAttributes, statFlags } from './shared/attributes.ts';
import { type FileArgs, fileArgs, fileFault } from './shared/file-args.ts';
import { folderGoal, makeFolder, probeBelow } from './shared/file-folders.ts';
import {
  inTheWay,
  makeHardLink,
  makeLink,
  noSource,
  sourceExists,
  sourcePath,
  unfollowed,
} from './shared/file-links.ts';
import { probeTimes, setTimes, timesGoal, touchesNow } from './shared/file-times.ts';

export default defineConverge({
  name: 'file',
  doc: 'Sets the kind, mode and owner of a path, makes directories and links, and removes what shall not be there.',
  args: fileArgs,
  notes: [
    'With recurse, when a directory was read is set and never compared: to look into it is to read it. When files were read is.',
  ],
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

  check: fileFault,

  file: a => a,

  goal(a): Goal {
    const attributes = attributeGoal(a);
    const times = timesGoal(a);
    switch (a.state) {
      case 'absent':
        return { type: 'absent' };
      case 'link':
        return { ...times, type: 'link', link: a.src, ...attributes };
      case 'hard':
        return { ...times, hard: a.src, ...attributes };
      case 'directory':
        return { ...folderGoal(a), type: 'directory', ...attributes };
      case 'file':
        return { ...times, type: 'file', ...attributes };
      default:
        if (a.recurse) return { ...folderGoal(a), type: 'directory', ...attributes };
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
      !a.recurse && probeTimes(path, a, want),
      probeBelow(a, want),
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
        return makeFolder(a);
      default:
        if (a.recurse) return makeFolder(a);
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
const OTHER = new Set([
  ...['hard', 'src_exists', 'modification_time', 'access_time'],
  ...['differing_times', 'differing_below'],
]);

function look(a: FileArgs): boolean {
  return a.follow && a.state !== 'absent';
}
