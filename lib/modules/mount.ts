import { type ArgsOf, type ArgsSchema, defineConverge, put } from '../module.ts';
import { type Sh, sh } from '../shell/sh.ts';
import { isWhole } from './shared/path.ts';

const args = {
  properties: {
    path: { type: 'string', path: true, aliases: ['name'], description: 'The mount point; `none` for swap.' },
    src: { type: 'string', path: true, description: 'The device, share, or whatever is mounted there.' },
    fstype: { type: 'string', description: 'Type of the file system.' },
    opts: { type: 'string', description: 'Options, with commas between them; `defaults` unless told.' },
    dump: { type: 'string', default: '0', description: 'Fifth field of fstab.' },
    passno: { type: 'string', default: '0', description: 'Sixth field of fstab: when it is checked.' },
    state: {
      type: 'string',
      enum: ['absent', 'absent_from_fstab', 'mounted', 'present', 'unmounted', 'remounted', 'ephemeral'],
      description:
        'present is about fstab alone, mounted about both, unmounted and ephemeral about what is mounted alone; absent also removes the empty mount point; remounted mounts again, always, with opts where they are given.',
    },
    fstab: { type: 'string', path: true, default: '/etc/fstab', description: 'The file; not used by ephemeral.' },
    boot: { type: 'boolean', default: true, description: 'false adds `noauto` to the options in fstab.' },
    backup: { type: 'boolean', default: false, description: 'Keeps a copy of fstab beside it when it changes.' },
  },
  required: ['path', 'state'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'mount',
  doc: 'Keeps entries of fstab and what is mounted. The other lines of fstab stay as they are; what cannot be mounted is not written to it.',
  args,
  examples: `
- mount:
    path: /srv/disk
    src: UUID=b3e48f45-f933-4c8e-a700-22a159ec9077
    fstype: xfs
    opts: noatime
    state: mounted
- mount:
    path: /srv/www/logs
    src: /var/log/www
    fstype: none
    opts: bind
    state: mounted
- mount:
    path: /mnt/old
    state: absent
`,
  returns: {
    name: 'The mount point.',
    src: 'As given.',
    fstype: 'As given.',
    opts: 'The options.',
    boot: 'As given.',
    dump: 'As given.',
    passno: 'As given.',
    fstab: 'The file.',
    backup_file: 'Path of the copy, when one was made.',
  },

  check(a) {
    if (!isWhole(a.path) && a.path !== 'none') return `path is absolute, and "${a.path}" is not; or none, for swap`;
    if (!isWhole(a.fstab)) return 'fstab is an absolute path';
    if (a.path === 'none' && !['present', 'absent', 'absent_from_fstab'].includes(a.state))
      return `state ${a.state} needs a mount point; swap is switched on by swapon`;
    if (written(a) || a.state === 'ephemeral')
      for (const name of ['src', 'fstype'] as const) if (!a[name]) return `state ${a.state} needs "${name}"`;
    if (a.path === 'none' && a.src === undefined) return 'path none needs "src": which of them';
    for (const name of ['fstype', 'opts', 'dump', 'passno'] as const)
      if (a[name] === '' || (name !== 'opts' && /\s/.test(a[name] ?? ''))) return `"${a[name]}" cannot be ${name}`;
    for (const name of ['dump', 'passno'] as const) if (!/^\d+$/.test(a[name])) return `${name} is a number`;
    return [a.path, a.src, a.opts].some(text => text?.includes('\0')) ? 'a NUL byte cannot be in fstab' : undefined;
  },

  goal: a => {
    const fstab = written(a) ? line(a) : ['absent', 'absent_from_fstab'].includes(a.state) ? 'absent' : undefined;
    const gone = a.state === 'unmounted' || (a.state === 'absent' && a.path !== 'none');
    return {
      fstab,
      mounted: ['mounted', 'ephemeral', 'remounted'].includes(a.state) ? true : gone ? false : undefined,
    };
  },

  probe: (a, want) => sh.lines(exact(a), sh`tp_mount_state ${entry(a)} ${active(a)} ${[...want]}`),

  apply(a) {
    if (a.state === 'unmounted') return unmount(a);
    if (a.state === 'ephemeral')
      return sh.lines(
        exact(a),
        sh`tp_mount_point ${point(a)} ${bindsFile(a)}`,
        sh`tp_mount_reach ${table(a)} ${active(a)} old`,
      );
    if (a.state === 'remounted') return remount(a);
    if (!written(a))
      return sh.lines(
        a.state === 'absent' && a.path !== 'none' && unmount(a),
        write(a, ''),
        a.state === 'absent' && a.path !== 'none' && sh`tp_mount_point_gone ${point(a)}`,
      );
    return sh.lines(
      a.state === 'mounted' && sh`tp_mount_point ${point(a)} ${bindsFile(a)}`,
      sh`tp_fstab_entry ${entry(a)}`,
      // before it is written: what cannot be mounted is not in fstab, and a run that was cut is seen by the next one
      a.state === 'mounted' &&
        sh`if [ "$tp_entry" = ${line(a)} ]; then tp_how=same; else tp_how=new; fi
tp_mount_reach ${table(a)} ${active(a)} "$tp_how"`,
      write(a, line(a)),
    );
  },

  force: a => a.state === 'remounted' || a.state === 'ephemeral',
  detail: a => (a.backup && a.state !== 'ephemeral' ? ['backup_file'] : []),

  refuse(a, before) {
    if (a.state === 'ephemeral' && before['mounted'] === 'other')
      return `something else is mounted on ${point(a)}: unmount it first (state: unmounted), or choose another path`;
    return a.state === 'remounted' && before['mounted'] === 'false'
      ? `nothing is mounted on ${point(a)}: use state mounted`
      : undefined;
  },

  values: (a, state) => ({
    name: a.path,
    ...(a.src !== undefined && { src: a.src }),
    ...(a.fstype !== undefined && { fstype: a.fstype }),
    opts: a.state === 'ephemeral' || !written(a) ? (a.opts ?? 'defaults') : options(a),
    boot: a.boot ? 'yes' : 'no',
    dump: a.dump,
    passno: a.passno,
    fstab: a.fstab,
    ...(a.backup && { backup_file: state['backup_file'] ?? '' }),
  }),
});

function written(a: Args): boolean {
  return a.state === 'present' || a.state === 'mounted';
}

/** Two spellings of one place must not become two entries. */
function point(a: Args): string {
  return a.path === 'none' ? a.path : a.path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** As fstab and the kernel write what would end a field. */
function escaped(text: string): string {
  return text.replace(/[\\ \t\n]/g, c => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function options(a: Args): string {
  const opts = a.opts ?? 'defaults';
  return a.boot || opts.split(',').includes('noauto') ? opts : `${opts},noauto`;
}

function line(a: Args, opts = options(a)): string {
  const fields = [a.src ?? '', point(a), a.fstype ?? '', opts].map(escaped);
  return [...fields, a.dump, a.passno].join(' ');
}

/** Which file and entry: the mount point, and of swap the device. */
function entry(a: Args): readonly string[] {
  return [a.fstab, escaped(point(a)), a.path === 'none' ? escaped(a.src ?? '') : ''];
}

/** What shall be mounted: the point as the kernel writes it and as it is, the source ('' where it is not asked for), type and options. */
function active(a: Args): readonly string[] {
  // of several devices of one btrfs any may be shown
  const known = (a.state === 'mounted' && a.fstype !== 'btrfs') || a.state === 'ephemeral';
  return [escaped(point(a)), point(a), known ? (a.src ?? '') : '', a.fstype ?? '', mountOptions(a)];
}

/** What is ephemeral is never unmounted: what has another name is left to the user. */
function exact(a: Args): Sh | false {
  return a.state === 'ephemeral' && sh`tp_exact=1`;
}

/** Options that are about fstab, not about the mount: busybox's mount gives them to the kernel. */
const FOR_FSTAB = /^(defaults|(no)?auto|nofail|(no)?users?|owner|group|_netdev|(comment|x-[\w.-]+)(=.*)?)$/;

function mountOptions(a: Args): string {
  return (a.opts ?? '')
    .split(',')
    .filter(option => option !== '' && !FOR_FSTAB.test(option))
    .join(',');
}

/** A table with nothing but this entry: options are in no program's arguments, where a password would be seen. */
function table(a: Args) {
  return put(`${line(a, mountOptions(a) || 'defaults')}\n`);
}

function write(a: Args, text: string): Sh {
  return sh`tp_fstab_write ${entry(a)} ${text} ${a.backup && '-b'}`;
}

function unmount(a: Args): Sh {
  return sh`tp_unmount ${escaped(point(a))} ${point(a)}`;
}

function remount(a: Args): Sh {
  if (a.opts !== undefined) return sh`mount -o ${`remount,${mountOptions(a)}`} ${point(a)}`;
  // as documented: without options of the task it may be mounted anew instead
  return sh`tp_remount ${a.fstab} ${escaped(point(a))} ${point(a)}`;
}

/** A file is bound to a file: 1 where the source may be one. */
function bindsFile(a: Args): string {
  return (a.opts ?? '').split(',').some(option => option === 'bind' || option === 'rbind') ? (a.src ?? '') : '';
}
