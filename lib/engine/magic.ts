import type { Role } from '../playbook/program.ts';
import type { Value } from '../template/values.ts';
import type { PlayRun } from './context.ts';
import { HOST_MAGIC, type HostAt, type MagicTable } from './host-magic.ts';
import type { HostRun } from './host-run.ts';
import { hostVars } from './hostvars.ts';

/** A host in a play, seen from a role or from none. */
export interface RoleAt extends HostAt {
  readonly role: Role | undefined;
}

const names = (hosts: readonly HostRun[]) => hosts.map(h => h.name);
const inPlay = (hosts: readonly HostRun[]) => names(hosts.filter(h => h.inPlay));

const TABLE: MagicTable<RoleAt> = [
  ...HOST_MAGIC,
  ['hostvars', ({ at }) => hostVars(at)],
  ['play_hosts', ({ at }) => inPlay(at.batch)],
  ['ansible_play_hosts', ({ at }) => inPlay(at.hosts)],
  ['ansible_play_hosts_all', ({ at }) => names(at.hosts)],
  ['ansible_play_batch', ({ at }) => inPlay(at.batch)],
  ['ansible_play_name', ({ at }) => at.play.name],
  ['role_path', ({ role }) => role?.path],
  ['role_name', ({ role }) => role?.name],
  ['ansible_role_name', ({ role }) => role?.name],
  ['ansible_parent_role_names', ({ role }) => includersOf(role)?.map(r => r.name)],
  ['ansible_parent_role_paths', ({ role }) => includersOf(role)?.map(r => r.path)],
  ['ansible_play_role_names', about => rolesOf(about, r => r.parents.length === 0)],
  ['ansible_dependent_role_names', about => [...new Set(rolesOf(about, r => r.parents.length > 0))]],
  ['ansible_role_names', about => [...new Set(rolesOf(about, () => true))]],
];

const MAGIC = new Map(TABLE);

/** They are stronger than all that somebody sets. */
export const MAGIC_NAMES: readonly string[] = [...MAGIC.keys()];

/** The value of one of them; undefined where it is none, or has no value here. */
export function magicValue(name: string, about: RoleAt): Value | undefined {
  return MAGIC.get(name)?.(about);
}

const includersOf = (role: Role | undefined) => (role?.includedBy.length ? role.includedBy : undefined);

/** As Ansible: names of the roles that the play names, imports, or included publicly. */
function rolesOf({ at, on }: RoleAt, wanted: (role: Role) => boolean): string[] {
  return [...at.play.roles, ...on.publicRoles.keys()].filter(wanted).map(r => r.name);
}
