import { defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';

export default defineConverge({
  name: 'apk',
  doc: 'Installs and removes packages of Alpine Linux.',
  args: {
    properties: {
      name: { type: 'array', items: { type: 'string' }, description: 'Packages.' },
      state: {
        type: 'string',
        enum: ['present', 'installed', 'latest', 'absent', 'removed'],
        default: 'present',
        description: 'latest also brings what is there to the newest version.',
      },
      update_cache: { type: 'boolean', default: false, description: 'Gets new package lists first.' },
      no_cache: { type: 'boolean', default: false, description: 'Uses and keeps no package lists on the host.' },
      repository: { type: 'array', items: { type: 'string' }, default: [], description: 'Repositories to use too.' },
    },
  },
  examples: `
- apk:
    name: [foo, bar]
    update_cache: true
- apk:
    name: foo
    state: absent
`,
  check(a) {
    if (a.name === undefined || a.name.length === 0)
      return a.update_cache ? undefined : 'there is nothing to do; give "name"';
    const odd = a.name.find(name => !/^[A-Za-z0-9._+][A-Za-z0-9._+-]*$/.test(name));
    return odd === undefined ? undefined : `"${odd}" cannot be a package's name`;
  },
  prepare: a => (a.update_cache ? sh`apk -q update >/dev/null` : undefined),
  goal: a => Object.fromEntries((a.name ?? []).map(name => [name, wanted(a.state)])),
  probe: (a, want) =>
    want.length === 0 ? sh`:` : wanted(a.state) === 'latest' ? sh`tp_apk_latest ${[...want]}` : sh`tp_apk ${[...want]}`,
  apply(a) {
    const names = [...new Set(a.name ?? [])];
    if (names.length === 0) return sh`:`;
    const flags = [a.no_cache && '--no-cache', a.repository.map(r => ['--repository', r])];
    if (wanted(a.state) === 'absent') return sh`apk del ${names}`;
    return sh`apk add ${flags} ${wanted(a.state) === 'latest' && '-u'} ${names}`;
  },
  values: a => ({ packages: a.name ?? [] }),
});

function wanted(state: string): 'present' | 'latest' | 'absent' {
  if (state === 'latest') return 'latest';
  return state === 'absent' || state === 'removed' ? 'absent' : 'present';
}
