import { defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { accountFault } from './shared/accounts.ts';

export default defineConverge({
  name: 'group',
  doc: 'Makes, changes and removes groups: by groupadd and its kin, or in /etc/group itself on hosts that have none (busybox).',
  args: {
    properties: {
      name: { type: 'string', description: 'Name of the group.' },
      gid: { type: 'integer', minimum: 0, description: 'Its number.' },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether it shall be.' },
      system: { type: 'boolean', default: false, description: 'Makes it with a number of the system range.' },
      non_unique: { type: 'boolean', default: false, description: 'Lets the number be one that is used already.' },
      force: { type: 'boolean', default: false, description: 'Removes it even if it is the own group of a user.' },
      local: {
        type: 'boolean',
        default: false,
        description: "Only /etc/group counts, no directory service; by libuser's lgroupadd and its kin.",
      },
    },
    required: ['name'],
  },
  examples: `
- group:
    name: somegroup
    gid: 1750
- group:
    name: oldgroup
    state: absent
`,
  returns: { name: 'Name of the group.', gid: 'Its number.', state: 'present or absent', system: 'As given.' },
  check: a =>
    accountFault('group', a.name) ??
    (a.non_unique && a.gid === undefined ? 'non_unique needs "gid"' : undefined) ??
    (a.non_unique && a.local ? 'non_unique cannot be used with local' : undefined),
  goal: a => (a.state === 'absent' ? { state: 'absent' } : { state: 'present', gid: a.gid }),
  probe: (a, want) => sh`tp_local=${a.local ? '1' : ''}; tp_group_state ${a.name} ${[...want]}`,

  apply(a) {
    const { name } = a;
    const gid = String(a.gid ?? '');
    const number = a.gid === undefined ? [] : ['-g', a.gid];
    const shared = a.non_unique ? '1' : '';
    if (a.local)
      return sh.lines(
        sh`tp_local=1; tp_local_tools`,
        a.state === 'absent'
          ? sh`! tp_account group ${name} || lgroupdel ${name}`
          : sh`if ! tp_account group ${name}; then lgroupadd ${a.system && '-r'} ${number} ${name}
${a.gid !== undefined && sh`else lgroupmod ${number} ${name}`}
fi`,
      );
    if (a.state === 'absent')
      return sh`if ! tp_account group ${name}; then :
elif tp_has groupdel; then groupdel ${a.force && '-f'} -- ${name}
else tp_group_drop ${name} ${a.force ? '1' : ''}
fi`;
    const change = sh`if tp_has groupmod; then groupmod ${number} ${a.non_unique && '-o'} -- ${name}
  else tp_group_change ${name} ${gid} ${shared}
  fi`;
    return sh`if tp_account group ${name}; then
  ${a.gid === undefined ? sh`:` : change}
elif tp_has groupadd; then groupadd ${a.system && '-r'} ${number} ${a.non_unique && '-o'} -- ${name}
else tp_group_make ${name} ${gid} ${a.system ? '1' : ''} ${shared}
fi`;
  },

  detail: a => (a.gid === undefined && a.state === 'present' ? ['gid'] : []),
  values: (a, state) => ({
    name: a.name,
    state: a.state,
    system: a.system,
    ...(a.state === 'present' && state['gid'] && { gid: Number(state['gid']) }),
  }),
});
