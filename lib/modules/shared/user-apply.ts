import { put, type Sh, secret, sh } from '../../module.ts';
import type { UserArgs } from './user-args.ts';

type Flags = readonly (false | string | readonly (string | number)[])[];

/** Makes or changes a user: by shadow's tools, by libuser's (local), or where there are none in the files themselves. */
export function presence(a: UserArgs): Sh {
  return sh.lines(
    sh`tp_new=`,
    a.local ? sh`tp_local=1; tp_local_tools` : undefined,
    sh`if tp_account passwd ${a.name}; then`,
    // the old home goes first: the tools that change the account find the new one there
    a.move_home && a.home !== undefined ? sh`tp_move_home ${a.name} ${a.home}` : sh`:`,
    change(a),
    sh`else
  tp_new=1`,
    a.create_home && a.home !== undefined && sh`mkdir -p -- "$(dirname -- ${a.home})"`,
    make(a),
    sh`fi`,
    a.local && a.groups !== undefined
      ? sh`tp_local_members ${a.name} ${a.append ? '1' : ''} ${a.groups.join(',')}`
      : undefined,
    a.create_home && sh`tp_make_home ${a.name} ${a.skeleton ?? '/etc/skel'} ${a.umask ?? ''}`,
    password(a),
    lock(a),
    aging(a),
    sshKey(a),
  );
}

export function removal(a: UserArgs): Sh {
  if (a.local)
    return sh`tp_local=1
! tp_account passwd ${a.name} || { tp_local_tools && tp_local_members ${a.name} '' '' && luserdel ${a.remove && '-r'} ${a.name}; }`;
  return sh`if ! tp_account passwd ${a.name}; then :
elif tp_has userdel; then userdel ${a.force && '-f'} ${a.remove && '-r'} -- ${a.name}
else tp_user_drop ${a.name} ${a.remove ? '1' : ''}
fi`;
}

/** What useradd, usermod and libuser's say alike. */
function common(a: UserArgs): Flags {
  return [
    a.uid !== undefined && ['-u', a.uid],
    a.group !== undefined && ['-g', a.group],
    a.comment !== undefined && ['-c', a.comment],
    a.home !== undefined && ['-d', a.home],
    a.shell !== undefined && ['-s', a.shell],
  ];
}

function change(a: UserArgs): Sh {
  const flags = common(a);
  if (a.local) return flags.every(flag => flag === false) ? sh`:` : sh`lusermod ${flags} ${a.name}`;
  const groups = a.groups?.join(',');
  const all: Flags = [
    ...flags,
    a.non_unique && '-o',
    a.seuser !== undefined && ['-Z', a.seuser],
    groups !== undefined && (a.append ? ['-a', '-G', groups] : ['-G', groups]),
  ];
  if (all.every(flag => flag === false)) return sh`:`;
  const field = (n: number, value: string | number | undefined) =>
    value === undefined ? undefined : sh`tp_account_set passwd ${a.name} ${n} ${value}`;
  return sh.lines(
    sh`if tp_has usermod; then usermod ${all} -- ${a.name}; else
  :`,
    a.uid !== undefined && !a.non_unique && sh`tp_id_free passwd ${a.uid} ${a.name}`,
    a.group !== undefined && sh`tp_ids=,; tp_gid ${a.group}`,
    a.group !== undefined && sh`[ -n "$tp_id" ] || tp_error ${`there is no group ${a.group}: make it first`}`,
    // before the owner: what is in the home gets it too
    field(6, a.home),
    (a.uid !== undefined || a.group !== undefined) &&
      sh`tp_user_owner ${a.name} ${String(a.uid ?? '')} ${a.group === undefined ? '' : sh`"$tp_id"`}`,
    field(5, a.comment),
    field(7, a.shell),
    groups !== undefined && sh`tp_group_members ${a.name} ${a.append ? '1' : ''} ${groups}`,
    sh`fi`,
  );
}

function make(a: UserArgs): Sh {
  // As Ansible: a group of the user's name that is there already is not made again, nor taken.
  const own = (flag: string) =>
    a.group === undefined ? sh`set --; if tp_account group ${a.name}; then set -- ${flag}; fi` : sh`set --`;
  if (a.local)
    return sh.lines(
      own('-n'),
      sh`luseradd "$@" ${[...common(a), a.system && '-r', !a.create_home && '-M', skeleton(a)]} ${a.name}`,
    );
  const groups = a.groups?.join(',');
  const flags: Flags = [
    ...common(a),
    a.non_unique && '-o',
    a.seuser !== undefined && ['-Z', a.seuser],
    groups !== undefined && groups !== '' && ['-G', groups],
    a.system && '-r',
    a.umask !== undefined && ['-K', `UMASK=${a.umask}`],
    a.create_home ? '-m' : '-M',
    skeleton(a),
  ];
  const texts = [a.uid, a.group, a.comment, a.home, a.shell].map(value => String(value ?? ''));
  return sh.lines(
    sh`if tp_has useradd; then`,
    own('-N'),
    sh`useradd "$@" ${flags} -- ${a.name}
else`,
    sh`tp_user_make ${a.name} ${texts} ${a.system ? '1' : ''} ${a.non_unique ? '1' : ''}`,
    groups !== undefined && sh`tp_group_members ${a.name} ${a.append ? '1' : ''} ${groups}`,
    sh`fi`,
  );
}

function skeleton(a: UserArgs) {
  return a.create_home && a.skeleton !== undefined && (['-k', a.skeleton] as const);
}

/** The hash goes by a pipe from a builtin: no argument of a program, which others could see. */
function password(a: UserArgs): Sh | undefined {
  if (a.password === undefined) return undefined;
  // locked from the start: never, nor after a run that is cut, does it let in whom it shall not
  const lock = a.password_lock && !a.local && !a.password.startsWith('!') ? '!' : '';
  const hash = secret(`${lock}${a.password}`);
  const set = sh`if tp_has chpasswd; then printf '%s:%s\n' ${a.name} ${hash} | chpasswd -e
else tp_account_set shadow ${a.name} 2 ${hash}; fi`;
  return a.update_password === 'always' ? set : sh`if [ -n "$tp_new" ]; then ${set}; fi`;
}

function lock(a: UserArgs): Sh | undefined {
  if (a.password_lock === undefined) return undefined;
  const flag = a.password_lock ? '-L' : '-U';
  if (a.local) return sh`lusermod ${flag} ${a.name}`;
  return sh`if tp_has usermod; then usermod ${flag} -- ${a.name}; else tp_locked ${a.name} ${a.password_lock ? '1' : ''}; fi`;
}

function aging(a: UserArgs): Sh | undefined {
  const all = [expiryDay(a), a.password_expire_max, a.password_expire_min];
  if (all.every(value => value === undefined)) return undefined;
  const word = (value: number | undefined) => (value === undefined ? '-' : String(Math.max(value, -1)));
  return sh`tp_aging ${a.name} ${all.map(word)}`;
}

/** The day that `expires` lies in, counted from 1970; -1 for never. */
export function expiryDay(a: UserArgs): number | undefined {
  if (a.expires === undefined) return undefined;
  return a.expires < 0 ? -1 : Math.floor(a.expires / 86_400);
}

function sshKey(a: UserArgs): Sh | undefined {
  if (!a.generate_ssh_key) return undefined;
  const words = [a.ssh_key_type, a.ssh_key_bits === undefined ? '' : String(a.ssh_key_bits), a.ssh_key_comment];
  const phrase = a.ssh_key_passphrase ? put(a.ssh_key_passphrase) : '';
  return sh`tp_key_make ${a.name} ${keyFile(a)} ${a.force ? '1' : ''} ${words} ${phrase}`;
}

export function keyFile(a: UserArgs): string {
  return a.ssh_key_file ?? '.ssh/id_rsa';
}
