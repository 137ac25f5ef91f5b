import { defineConverge } from '../module.ts';
import { secret, sh } from '../shell/sh.ts';
import { accountFault, literal } from './shared/accounts.ts';
import { expiryDay, keyFile, presence, removal } from './shared/user-apply.ts';
import { type UserArgs, userArgs } from './shared/user-args.ts';

export default defineConverge({
  name: 'user',
  doc:
    'Makes, changes and removes users: by useradd and its kin, or in /etc/passwd, /etc/shadow and /etc/group themselves on hosts ' +
    'that have none (busybox). With `umask` only a new home is meant.',
  args: userArgs,
  examples: `
- user:
    name: johnd
    comment: John Doe
    uid: 1040
    groups: [admins, developers]
    append: true
    shell: /bin/bash
- user:
    name: deploy
    password: '!'
    generate_ssh_key: true
    ssh_key_type: ed25519
    ssh_key_file: .ssh/id_ed25519
    expires: 1767225600
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
    move_home: 'As given.',
    system: 'As given.',
    password: 'NOT_LOGGING_PASSWORD, when one is given.',
    password_expire_max: 'As given.',
    password_expire_min: 'As given.',
    remove: 'As given, with state absent.',
    force: 'As given, with state absent.',
    ssh_key_file: 'With generate_ssh_key: path of the private key.',
    ssh_public_key: 'With generate_ssh_key: the public key.',
    ssh_fingerprint: 'With generate_ssh_key: what `ssh-keygen -l` says of it.',
  },

  check(a) {
    const fault =
      accountFault('user', a.name) ??
      [a.group ?? 'x', ...(a.groups ?? [])].map(g => accountFault('group', g)).find(f => f !== undefined);
    if (fault !== undefined) return fault;
    const odd = [a.comment, a.home, a.shell, a.password].find(text => text !== undefined && /[:\n]/.test(text));
    if (odd !== undefined) return 'comment, home, shell and password can hold neither ":" nor a line break';
    if (a.non_unique && a.uid === undefined) return 'non_unique needs "uid"';
    if (a.append && a.groups === undefined) return 'append needs "groups"';
    if (a.umask !== undefined && a.local) return 'umask cannot be used with local';
    if (a.umask !== undefined && !/^[0-7]{1,4}$/.test(a.umask))
      return `umask "${a.umask}" is no octal number like "077"`;
    if (a.local && (a.non_unique || a.seuser !== undefined)) return 'non_unique and seuser cannot be used with local';
    return keyFault(a);
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
          expires: days(expiryDay(a)),
          password_expire_max: days(a.password_expire_max),
          password_expire_min: days(a.password_expire_min),
          seuser: a.seuser,
          ssh_key: a.generate_ssh_key ? 'present' : undefined,
        },

  probe: (a, want) =>
    sh.lines(
      sh`tp_group=${a.group ?? ''} tp_groups=${(a.groups ?? []).join(',')} tp_append=${a.append ? '1' : ''}`,
      sh`tp_home=${a.home ?? ''} tp_hash=${secret(a.password ?? '')} tp_key_path=${keyFile(a)} tp_local=${a.local ? '1' : ''}`,
      sh`tp_user ${a.name} ${pattern(a)} ${[...want]}`,
    ),

  apply: a => (a.state === 'absent' ? removal(a) : presence(a)),
  force: a => a.state === 'present' && a.generate_ssh_key && a.force,

  detail: a =>
    a.state === 'absent'
      ? []
      : [
          'gid',
          ...(['uid', 'comment', 'home', 'shell'] as const).filter(key => a[key] === undefined),
          ...(a.generate_ssh_key ? ['ssh_key_file', 'ssh_public_key', 'ssh_fingerprint'] : []),
        ],

  values(a, state) {
    if (a.state === 'absent') return { name: a.name, state: 'absent', force: a.force, remove: a.remove };
    const { password_expire_max, password_expire_min } = a;
    const { ssh_key_file, ssh_public_key, ssh_fingerprint } = state;
    return {
      name: a.name,
      state: 'present',
      uid: Number(state['uid']),
      group: Number(state['gid']),
      comment: state['comment'],
      home: state['home'],
      shell: state['shell'],
      append: a.append,
      create_home: a.create_home,
      move_home: a.move_home,
      system: a.system,
      ...(a.groups !== undefined && { groups: a.groups.join(',') }),
      ...(a.password !== undefined && { password: 'NOT_LOGGING_PASSWORD' }),
      ...(password_expire_max !== undefined && { password_expire_max }),
      ...(password_expire_min !== undefined && { password_expire_min }),
      ...(a.generate_ssh_key && { ssh_key_file, ssh_public_key, ssh_fingerprint }),
    };
  },
});

/** A number of days as shadow has it: nothing for what never ends. */
function days(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return value < 0 ? '' : String(value);
}

function keyFault(a: UserArgs): string | undefined {
  if (!a.generate_ssh_key) return undefined;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(a.ssh_key_type))
    return `"${a.ssh_key_type}" cannot be a kind of ssh key: use ed25519 or rsa`;
  if (/[\r\n]/.test(`${a.ssh_key_comment}${keyFile(a)}`)) return 'ssh_key_comment and ssh_key_file are one line each';
  if (keyFile(a) === '' || keyFile(a).endsWith('/')) return 'ssh_key_file must be the path of a file';
  const phrase = a.ssh_key_passphrase ?? '';
  return phrase !== '' && (phrase.length < 5 || /[\r\n]/.test(phrase))
    ? 'ssh_key_passphrase is one line of at least 5 characters, or ssh-keygen refuses it'
    : undefined;
}

/** Finds the user's own lines, the groups it is in, and the groups it shall be in. */
function pattern(a: UserArgs): string {
  const name = literal(a.name);
  const wanted = [...(a.group === undefined ? [] : [a.group]), ...(a.groups ?? [])].map(group =>
    /^\d+$/.test(group) ? `[^:]*:[^:]*:${group}` : literal(group),
  );
  return [`^${name}:`, `[:,]${name}(,|$)`, ...(wanted.length > 0 ? [`^(${wanted.join('|')}):`] : [])].join('|');
}
