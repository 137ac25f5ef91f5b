import { type ArgsOf, type ArgsSchema, type ConvergeModule, defineConverge } from '../../module.ts';
import { sh, type Word } from '../../shell/sh.ts';

const args = {
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      aliases: ['pkg'],
      description:
        'Packages, what packages provide, or paths and addresses of package files; "*" with state latest is all.',
    },
    state: {
      type: 'string',
      enum: ['present', 'installed', 'latest', 'absent', 'removed'],
      default: 'present',
      description: 'latest also brings what is there to the newest version.',
    },
    enablerepo: { type: 'array', items: { type: 'string' }, default: [], description: 'Repositories to use too.' },
    disablerepo: { type: 'array', items: { type: 'string' }, default: [], description: 'Repositories to leave out.' },
    exclude: { type: 'array', items: { type: 'string' }, default: [], description: 'Packages to leave out.' },
    update_cache: {
      type: 'boolean',
      default: false,
      aliases: ['expire-cache'],
      description: 'Gets new package lists first; this alone is no change.',
    },
    disable_gpg_check: { type: 'boolean', default: false, description: 'Takes packages that nobody has signed.' },
    install_weak_deps: {
      type: 'boolean',
      default: true,
      description: 'Whether recommended packages come along (dnf).',
    },
    autoremove: {
      type: 'boolean',
      default: false,
      description: 'With state absent: removes what was installed only for others.',
    },
    allowerasing: { type: 'boolean', default: false, description: 'Lets other packages be removed for it (dnf).' },
    allow_downgrade: { type: 'boolean', default: false, description: 'Lets a version be older than what is there.' },
    update_only: { type: 'boolean', default: false, description: 'With state latest: installs nothing new.' },
    conf_file: { type: 'string', description: 'A configuration file on the host, instead of its own.' },
  },
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

/** The modules dnf and yum: the same arguments and words for two programs. */
export function rpmModule(program: 'dnf' | 'yum'): ConvergeModule {
  return defineConverge({
    name: program,
    doc: `Installs and removes packages with ${program}.`,
    args,
    examples: `
- ${program}:
    name: [httpd, mariadb-server]
    state: latest
- ${program}:
    name: "*"
    state: latest
- ${program}:
    name: httpd
    state: absent
`,
    returns: { changes: 'What was asked for.' },

    check(a) {
      if (a.name === undefined || a.name.length === 0)
        return a.update_cache ? undefined : 'there is nothing to do; give "name"';
      if (a.name.includes('*') && (a.name.length > 1 || a.state !== 'latest'))
        return '"*" stands alone, with state latest';
      const odd = a.name.find(name => name !== '*' && !/^[^-@*?[\s=][^*?[\s=]*$/.test(name));
      if (odd === undefined) return undefined;
      return odd.startsWith('@') ? `"${odd}" is a group; name its packages` : `"${odd}" is not the name of one package`;
    },

    prepare: a => (a.update_cache ? sh`${command(a, 'makecache')} >/dev/null` : undefined),
    goal: a => Object.fromEntries((a.name ?? []).map(name => [name, wanted(a)])),

    probe(a, want) {
      if (want.length === 0) return sh`:`;
      if (wanted(a) !== 'latest') return sh`tp_rpm ${[...want]}`;
      const names = want.filter(name => name !== '*');
      return sh`tp_rpm_latest ${command(a, '-q', 'check-update')} -- ${names.length === 0 ? [sh`'*'`] : names}`;
    },

    apply(a) {
      const names = [...new Set(a.name ?? [])];
      if (names.length === 0) return sh`:`;
      if (wanted(a) === 'absent') return sh`${command(a, a.autoremove ? 'autoremove' : 'remove')} -- ${names}`;
      if (names[0] === '*') return sh`${command(a, 'upgrade')}`;
      return sh.lines(
        !a.update_only && sh`${command(a, 'install')} -- ${names}`,
        wanted(a) === 'latest' && sh`${command(a, 'upgrade')} -- ${names}`,
        a.allow_downgrade &&
          wanted(a) === 'present' &&
          sh`tp_rpm ${names} | grep -q '=absent$' || exit 0
${command(a, 'downgrade')} -- ${names}`,
      );
    },

    values: a => ({ results: [], changes: { [wanted(a)]: a.name ?? [] } }),
  });

  function command(a: Args, ...verb: string[]): Word {
    return [
      program,
      '-y',
      a.conf_file !== undefined && ['-c', a.conf_file],
      a.disablerepo.map(repo => `--disablerepo=${repo}`),
      a.enablerepo.map(repo => `--enablerepo=${repo}`),
      a.exclude.map(name => `--exclude=${name}`),
      a.disable_gpg_check && '--nogpgcheck',
      program === 'dnf' && !a.install_weak_deps && '--setopt=install_weak_deps=False',
      program === 'dnf' && a.allowerasing && '--allowerasing',
      ...verb,
    ];
  }
}

function wanted(a: Args): 'present' | 'latest' | 'absent' {
  if (a.state === 'latest') return 'latest';
  return a.state === 'absent' || a.state === 'removed' ? 'absent' : 'present';
}
