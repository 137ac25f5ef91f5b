import { defineExpand } from '../module.ts';

const MANAGERS = ['apt', 'dnf', 'yum', 'apk', 'zypper', 'pacman'] as const;

export default defineExpand({
  name: 'package',
  doc: "Installs and removes packages with the host's own package manager. Further arguments are given to its module as they are.",
  args: {
    properties: {
      name: { type: 'array', items: { type: 'string' }, description: 'Packages, by the names they have on the host.' },
      state: {
        type: 'string',
        enum: ['present', 'installed', 'latest', 'absent', 'removed'],
        description: 'Present unless told; latest also brings what is there to the newest version.',
      },
      update_cache: { type: 'boolean', description: 'Gets new package lists first.' },
      use: {
        type: 'string',
        enum: ['auto', ...MANAGERS],
        default: 'auto',
        description: 'The package manager, instead of the one found.',
      },
    },
    required: ['name'],
    additional: true,
  },
  examples: `
- package:
    name: ntpdate
    state: present
`,
  expand({ use, name, state, ...others }, _local, tools) {
    const module = use === 'auto' ? tools.pkgMgr : use;
    if (!(MANAGERS as readonly string[]).includes(module))
      return {
        error: `the package manager of this host (${tools.pkgMgr || 'none found'}) has no module; use one of ${MANAGERS.join(', ')}`,
      };
    const same = state === 'installed' ? 'present' : state === 'removed' ? 'absent' : state;
    return { module, args: { ...others, name, ...(same !== undefined && { state: same }) } };
  },
});
