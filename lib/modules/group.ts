import { defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { accountFault } from './shared/accounts.ts';

export default defineConverge({
  name: 'group',
  doc: 'Makes, changes and removes groups.',
  args: {
    properties: {
      name: { type: 'string', description: 'Name of the group.' },
      gid: { type: 'integer', minimum: 0, description: 'Its number.' },
      state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether it shall be.' },
      system: { type: 'boolean', default: false, description: 'Makes it with a number of the system range.' },
      non_unique: { type: 'boolean', default: false, description: 'Lets the number be one that is used already.' },
      force: { type: 'boolean', default: false, description: 'Removes it even if it is the own group of a user.' },
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
    accountFault('group', a.name) ?? (a.non_unique && a.gid === undefined ? 'non_unique needs "gid"' : undefined),
  goal: a => (a.state === 'absent' ? { state: 'absent' } : { state: 'present', gid: a.gid }),
  probe: (a, want) => sh`tp_group_state ${a.name} ${[...want]}`,

  apply(a) {
    if (a.state === 'absent')
      return sh`if ! tp_account group ${a.name}; then :
elif tp_has groupdel; then groupdel ${a.force && '-f'} -- ${a.name}
else tp_need delgroup && delgroup ${a.name}
fi`;
    const number = a.gid === undefined ? [] : ['-g', a.gid];
    const change = sh`if tp_has groupmod; then groupmod ${number} ${a.non_unique && '-o'} -- ${a.name}
  else tp_account_set group ${a.name} 3 ${a.gid ?? ''}
  fi`;
    return sh`if tp_account group ${a.name}; then
  ${a.gid === undefined ? sh`:` : change}
elif tp_has groupadd; then groupadd ${a.system && '-r'} ${number} ${a.non_unique && '-o'} -- ${a.name}
else tp_need addgroup && addgroup ${a.system && '-S'} ${number} ${a.name}
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
