import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { type Sh, sh, type Word } from '../shell/sh.ts';

const args = {
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      aliases: ['package', 'pkg'],
      description: 'Packages: name, name:architecture or name=version (with * in the version).',
    },
    state: {
      type: 'string',
      enum: ['present', 'latest', 'absent'],
      default: 'present',
      description: 'latest also brings what is there to the newest version.',
    },
    update_cache: {
      type: 'boolean',
      aliases: ['update-cache'],
      description: 'Gets new package lists first. With packages this alone is no change.',
    },
    cache_valid_time: {
      type: 'integer',
      default: 0,
      minimum: 0,
      description: 'Gets new package lists only when they are older than this many seconds.',
    },
    default_release: { type: 'string', aliases: ['default-release'], description: 'The release to prefer.' },
    install_recommends: {
      type: 'boolean',
      aliases: ['install-recommends'],
      description: 'Whether recommended packages come along; as the host is set up unless told.',
    },
    only_upgrade: { type: 'boolean', default: false, description: 'Upgrades what is there, installs nothing new.' },
    allow_downgrade: {
      type: 'boolean',
      default: false,
      aliases: ['allow-downgrade', 'allow-downgrades'],
      description: 'Lets name=version be older than what is there.',
    },
    allow_unauthenticated: {
      type: 'boolean',
      default: false,
      aliases: ['allow-unauthenticated'],
      description: 'Takes packages that nobody has signed.',
    },
    purge: { type: 'boolean', default: false, description: 'With state absent: removes settings too.' },
    autoremove: { type: 'boolean', default: false, description: 'Removes what was installed only for others.' },
    dpkg_options: {
      type: 'array',
      items: { type: 'string' },
      default: ['force-confdef', 'force-confold'],
      description: 'Options of dpkg; unless told, a changed configuration file is left as the host has it.',
    },
    lock_timeout: { type: 'integer', default: 60, minimum: 0, description: 'Seconds to wait for another apt or dpkg.' },
    force_apt_get: {
      type: 'boolean',
      default: false,
      description: 'Taken for playbooks that say it; apt-get is always used.',
    },
  },
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'apt',
  doc: 'Installs and removes packages of Debian and Ubuntu.',
  args,
  examples: `
- apt:
    name: [foo, foo-tools]
    state: present
    update_cache: true
    cache_valid_time: 3600
- apt:
    name: foo=1.00
- apt:
    name: foo
    state: absent
    purge: true
`,
  returns: { cache_updated: 'Whether new lists were asked for.' },

  check(a) {
    const odd = a.name?.find(name => !/^[a-z0-9][a-z0-9.+-]*(:[a-z0-9-]+)?(=[A-Za-z0-9.+~:*-]+)?$/.test(name));
    if (odd === undefined)
      return a.name !== undefined || updates(a) ? undefined : 'there is nothing to do; give "name"';
    if (/[*?]/.test(odd)) return `"${odd}" is a pattern; name the packages`;
    return `"${odd}" cannot be a package's name; write name, name:architecture or name=version`;
  },

  prepare: a =>
    a.name !== undefined && updates(a) ? sh`tp_apt_update ${a.cache_valid_time} ${a.lock_timeout}` : undefined,

  goal(a) {
    if (a.name === undefined) return { cache: a.cache_valid_time > 0 ? 'fresh' : undefined };
    const state = a.state === 'absent' && a.purge ? 'purged' : a.state;
    return Object.fromEntries(
      a.name.map(spec => {
        const [name = '', version] = spec.split('=');
        return [name, state === 'present' && version !== undefined ? version : state];
      }),
    );
  },

  probe(a) {
    if (a.name === undefined) return a.cache_valid_time > 0 ? sh`tp_apt_cache ${a.cache_valid_time}` : sh`:`;
    const specs = specsOf(a);
    if (specs.length === 0) return sh`:`;
    if (a.state === 'latest') return sh`tp_apt_latest ${command(a, 'install', '-s')} -- ${specs}`;
    return sh`tp_apt ${a.state === 'absent' && a.purge ? 'purged' : a.state} ${specs}`;
  },

  apply(a) {
    if (a.name === undefined) return sh`tp_apt_update ${a.cache_valid_time} ${a.lock_timeout}`;
    const names = specsOf(a);
    if (a.state !== 'absent') return sh`tp_apt_run ${command(a, 'install')} -- ${names}`;
    // only what is there: apt-get refuses names it does not know
    const there = sh`$(tp_apt_there ${names.map(name => name.replace(/=.*/, ''))})`;
    return sh`tp_apt_run ${command(a, a.purge ? 'purge' : 'remove')} -- ${there}`;
  },

  // As Ansible: new lists alone are a change, when nothing says how old they may be.
  force: a => a.name === undefined && a.cache_valid_time === 0,
  values: a => ({ cache_updated: updates(a) }),
});

/** Each package once: the last that is said of it holds. */
function specsOf(a: Args): readonly string[] {
  return [...new Map((a.name ?? []).map(spec => [spec.replace(/=.*/, ''), spec])).values()];
}

function updates(a: Args): boolean {
  return a.update_cache ?? a.cache_valid_time > 0;
}

function command(a: Args, verb: string, ...more: string[]): Word {
  const option = (name: string, value: string | number): Sh => sh`-o ${`${name}=${value}`}`;
  return [
    'apt-get',
    '-y',
    '-q',
    ...more,
    option('DPkg::Lock::Timeout', a.lock_timeout),
    a.dpkg_options.map(o => option('Dpkg::Options::', `--${o}`)),
    a.install_recommends !== undefined && option('APT::Install-Recommends', a.install_recommends ? 'yes' : 'no'),
    a.default_release !== undefined && ['-t', a.default_release],
    a.only_upgrade && '--only-upgrade',
    a.allow_downgrade && '--allow-downgrades',
    a.allow_unauthenticated && '--allow-unauthenticated',
    a.autoremove && '--auto-remove',
    verb,
  ];
}
