/** The modules whose namesakes are not of ansible.builtin, by the collection those are in. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'ansible.posix': 'authorized_key firewalld mount seboolean selinux synchronize sysctl',
  'community.general':
    'alternatives apk archive ini_file locale_gen mail make modprobe npm pacman timezone zypper zypper_repository',
  'community.mysql': 'mysql_db mysql_info mysql_query mysql_replication mysql_user mysql_variables',
  'community.docker': 'docker_container docker_image',
};

/** Ours: Ansible has no module of the name. */
const OURS = 'erlang_release mysql_script openrc pm2 release tars_service tars_web_admin';

const HOMES: ReadonlyMap<string, string | undefined> = new Map([
  ...OURS.split(' ').map((name): [string, undefined] => [name, undefined]),
  ...Object.entries(ELSEWHERE).flatMap(([collection, names]) =>
    names.split(' ').map((name): [string, string] => [name, `${collection}.${name}`]),
  ),
]);

/** The full name of the module of Ansible that one of ours stands for; undefined for what only we have. */
export function fullName(module: string): string | undefined {
  return HOMES.has(module) ? HOMES.get(module) : `ansible.builtin.${module}`;
}

/** The full names of all modules of other collections that ours stand for. */
export const ELSEWHERE_NAMES: readonly string[] = [...HOMES.values()].flatMap(name => name ?? []);

/** Modules of ansible.builtin that there are not here, with the reason and what to write instead. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  expect:
    'it answers the prompts of a program by a terminal of pexpect; give answers by stdin (command has `stdin`), or by the flags that most programs have for it',
  subversion: 'hardly any host has svn any more; run it by command with `creates`',
  include: 'Ansible has dropped it for import_tasks and include_tasks, which there are',
};
