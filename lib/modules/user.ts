import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { type Sh, secret, sh } from '../shell/sh.ts';
import { accountFault, literal } from './shared/accounts.ts';

const args = {
  properties: {
    name: { type: 'string', aliases: ['user'], description: 'Name of the user.' },
    state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether it shall be.' },
    uid: { type: 'integer', minimum: 0, description: 'Its number.' },
    non_unique: { type: 'boolean', default: false, description: 'Lets the number be one that is used already.' },
    group: { type: 'string', description: 'Its own group: a name or a number.' },
    groups: {
      type: 'array',
      items: { type: 'string' },
      description: 'Further groups; an empty list takes it out of all.',
    },
    append: { type: 'boolean', default: false, description: 'Leaves it in other groups than `groups`.' },
    comment: { type: 'string', description: 'Its full name or purpose.' },
    home: { type: 'string', description: 'Its home folder.' },
    create_home: { type: 'boolean', default: true, aliases: ['createhome'], description: 'Makes the home folder.' },
    skeleton: { type: 'string', description: 'Folder whose contents a new home gets; /etc/skel unless told.' },
    shell: { type: 'string', description: 'Its login shell.' },
    system: { type: 'boolean', default: false, description: 'Makes it with a number of the system range.' },
    password: { type: 'string', secret: true, description: 'The hash of its password, as in /etc/shadow.' },
    update_password: {
      type: 'string',
      enum: ['always', 'on_create'],
      default: 'always',
      description: 'Whether a user who is there gets the password too.',
    },
    password_lock: { type: 'boolean', description: 'Locks the password, or takes the lock away.' },
    remove: { type: 'boolean', default: false, description: 'With state absent: removes its home and mail too.' },
    force: { type: 'boolean', default: false, description: 'With state absent: removes it even if it is logged in.' },
  },
  required: ['name'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'user',
  doc: 'Makes, changes and removes users.',
  args,
  examples: `
- user:
    name: johnd
    comment: John Doe
    uid: 1040
    groups: [admins, developers]
    append: true
    shell: /bin/bash
- user:
    name: johnd
    state: absent
    remove: true
`,
  returns: {
    name: 'Name of the user.',
    uid: 'Its number.',
    group: 'Number of its own group.',
    groups: 'The further groups, as given.',
    comment: 'Its full name or purpose.',
    home: 'Its home folder.',
    shell: 'Its login shell.',
    state: 'present or absent',
    append: 'As given.',
    create_home: 'As given.',
    system: 'As given.',
  },

  check(a) {
    const fault =
      accountFault('user', a.name) ??
      [a.group ?? 'x', ...(a.groups ?? [])].map(g => accountFault('group', g)).find(f => f !== undefined);
    if (fault !== undefined) return fault;
    const odd = [a.comment, a.home, a.shell, a.password].find(text => text !== undefined && /[:\n]/.test(text));
    if (odd !== undefined) return 'comment, home, shell and password can hold neither ":" nor a line break';
    if (a.non_unique && a.uid === undefined) return 'non_unique needs "uid"';
    return a.append && a.groups === undefined ? 'append needs "groups"' : undefined;
  },

  goal: a =>
    a.state === 'absent'
      ? { state: 'absent' }
      : {
          state: 'present',
          uid: a.uid,
          group: a.group,
          groups: a.groups?.join(','),
          comment: a.comment,
          home: a.home,
          shell: a.shell,
          home_exists: a.create_home || undefined,
          password: a.password !== undefined && a.update_password === 'always' ? 'same' : undefined,
          password_lock: a.password_lock,
        },

  probe: (a, want) =>
    sh.lines(
      sh`tp_group=${a.group ?? ''} tp_groups=${(a.groups ?? []).join(',')} tp_append=${a.append ? '1' : ''}`,
      sh`tp_home=${a.home ?? ''} tp_hash=${secret(a.password ?? '')}`,
      sh`tp_user ${a.name} ${pattern(a)} ${[...want]}`,
    ),

  apply: a => (a.state === 'absent' ? removal(a) : presence(a)),

  detail: a =>
    a.state === 'absent'
      ? []
      : ['gid', ...(['uid', 'comment', 'home', 'shell'] as const).filter(key => a[key] === undefined)],

  values: (a, state) =>
    a.state === 'absent'
      ? { name: a.name, state: 'absent', force: a.force, remove: a.remove }
      : {
          name: a.name,
          state: 'present',
          uid: Number(state['uid']),
          group: Number(state['gid']),
          comment: state['comment'],
          home: state['home'],
          shell: state['shell'],
          append: a.append,
          create_home: a.create_home,
          system: a.system,
          ...(a.groups !== undefined && { groups: a.groups.join(',') }),
        },
});

/** Finds the user's own lines, the groups it is in, and the groups it shall be in. */
function pattern(a: Args): string {
  const name = literal(a.name);
  const wanted = [...(a.group === undefined ? [] : [a.group]), ...(a.groups ?? [])].map(group =>
    /^\d+$/.test(group) ? `[^:]*:[^:]*:${group}` : literal(group),
  );
  return [`^${name}:`, `[:,]${name}(,|$)`, ...(wanted.length > 0 ? [`^(${wanted.join('|')}):`] : [])].join('|');
}

function presence(a: Args): Sh {
  const { name } = a;
  const common = [
    a.uid !== undefined && ['-u', a.uid],
    a.non_unique && '-o',
    a.group !== undefined && ['-g', a.group],
    a.comment !== undefined && ['-c', a.comment],
    a.home !== undefined && ['-d', a.home],
    a.shell !== undefined && ['-s', a.shell],
  ];
  const groups = a.groups?.join(',');
  const grown = [...common, groups !== undefined && [a.append && '-a', '-G', groups]];
  const made = [
    ...common,
    groups !== undefined && groups !== '' && ['-G', groups],
    a.system && '-r',
    a.create_home ? '-m' : '-M',
    a.create_home && a.skeleton !== undefined && ['-k', a.skeleton],
  ];
  // As Ansible: a group of the user's name that is there already is not made again, nor taken.
  const own = a.group === undefined && sh`if tp_account group ${name}; then set -- -N; fi`;
  return sh.lines(
    sh`tp_new=`,
    sh`if tp_account passwd ${name}; then
  ${grown.every(flag => flag === false) ? sh`:` : sh`if tp_has usermod; then usermod ${grown} -- ${name}; else`}`,
    ...(grown.every(flag => flag === false) ? [] : [changeWithout(a), sh`fi`]),
    sh`else
  tp_new=1`,
    a.create_home && a.home !== undefined && sh`mkdir -p -- "$(dirname -- ${a.home})"`,
    sh`if tp_has useradd; then
  set --`,
    own || undefined,
    sh`useradd "$@" ${made} -- ${name}
else`,
    makeWithout(a),
    sh`fi
fi`,
    a.create_home && sh`tp_make_home ${name} ${a.skeleton ?? '/etc/skel'}`,
    password(a),
    a.password_lock !== undefined &&
      sh`if tp_has usermod; then usermod ${a.password_lock ? '-L' : '-U'} -- ${name}; else passwd ${a.password_lock ? '-l' : '-u'} ${name}; fi`,
  );
}

/** The hash goes by a pipe from a builtin: no argument of a program, which others could see. */
function password(a: Args): Sh | undefined {
  if (a.password === undefined) return undefined;
  const set = sh`printf '%s:%s\n' ${a.name} ${secret(a.password)} | chpasswd -e`;
  return a.update_password === 'always' ? set : sh`[ -z "$tp_new" ] || ${set}`;
}

/** Makes a user where there is no useradd: busybox's adduser. */
function makeWithout(a: Args): Sh {
  const flags = [
    '-D',
    a.uid !== undefined && ['-u', a.uid],
    a.group !== undefined && ['-G', a.group],
    a.comment !== undefined && ['-g', a.comment],
    a.home !== undefined && ['-h', a.home],
    a.shell !== undefined && ['-s', a.shell],
    a.system && '-S',
    !a.create_home && '-H',
    a.create_home && a.skeleton !== undefined && ['-k', a.skeleton],
  ];
  return sh.lines(
    sh`tp_need adduser`,
    sh`adduser ${flags} ${a.name}`,
    ...(a.groups ?? []).map(group => sh`addgroup ${a.name} ${group}`),
  );
}

/** Changes a user where there is no usermod. */
function changeWithout(a: Args): Sh {
  const field = (n: number, value: string | number | undefined) =>
    value === undefined ? undefined : sh`tp_account_set passwd ${a.name} ${n} ${value}`;
  return sh.lines(
    sh`:`,
    field(3, a.uid),
    a.group !== undefined && sh`tp_ids=,; tp_gid ${a.group}; tp_account_set passwd ${a.name} 4 "$tp_id"`,
    field(5, a.comment),
    field(6, a.home),
    field(7, a.shell),
    a.groups !== undefined && sh`tp_set_groups ${a.name} ${a.append ? '1' : ''} ${[...a.groups]}`,
  );
}

function removal(a: Args): Sh {
  return sh`if ! tp_account passwd ${a.name}; then :
elif tp_has userdel; then userdel ${a.force && '-f'} ${a.remove && '-r'} -- ${a.name}
else tp_need deluser && deluser ${a.remove && '--remove-home'} ${a.name}
fi`;
}
