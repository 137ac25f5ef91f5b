import { defineQuery, type Sh, sh } from '../module.ts';
import { MANAGERS, type ManagerName, readPackages } from './shared/package-lists.ts';

const NAMES = Object.keys(MANAGERS) as ManagerName[];

export default defineQuery({
  name: 'package_facts',
  doc: 'Returns the packages that are installed, as the fact `packages`. The managers of the BSDs and portage are read by their documented output.',
  args: {
    properties: {
      manager: {
        type: 'array',
        items: { type: 'string', enum: ['auto', 'rpm', 'apt', 'portage', 'pkg', 'pacman', 'apk', 'pkg_info'] },
        default: ['auto'],
        description: 'Package managers to ask; auto is all that are known.',
      },
      strategy: {
        type: 'string',
        enum: ['first', 'all'],
        default: 'first',
        description: 'first asks the first one that is there, all every one.',
      },
    },
  },
  examples: `
- package_facts:
    manager: auto
- debug:
    msg: "{{ ansible_facts.packages.bash[0].version }}"
  when: "'bash' in ansible_facts.packages"
`,
  returns: {
    ansible_facts:
      'packages: name to a list, an entry for each version or architecture there is, with name, version, source, and what the manager knows besides: arch, release, epoch, category, origin.',
  },

  probe(a) {
    const names = a.manager.includes('auto') ? NAMES : NAMES.filter(n => a.manager.includes(n));
    const parts = names.map(
      (name): Sh =>
        sh`if ${MANAGERS[name].there}; then printf '== %s\n' ${name}; ${MANAGERS[name].list} || exit; ${a.strategy === 'first' && sh`exit 0;`} fi`,
    );
    return sh.lines(...parts);
  },

  parse(reply, a) {
    if (reply.rc !== 0) return { failed: `the packages could not be listed: ${reply.stderr.trim()}` };
    if (!reply.stdout.startsWith('== '))
      return {
        failed: `this host has no package manager of these: ${a.manager.includes('auto') ? NAMES.join(', ') : a.manager.join(', ')}`,
      };
    return { values: { ansible_facts: { packages: readPackages(reply.stdout) } } };
  },
});
