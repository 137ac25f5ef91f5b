import type { ArgsOf, ArgsSchema } from '../../module.ts';

export const aptArgs = {
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      aliases: ['package', 'pkg'],
      description:
        'Packages: name, name:architecture, name=version (with * in the version), name>=version, or a pattern of names like foo*; "*" with state latest is all that are installed.',
    },
    state: {
      type: 'string',
      enum: ['present', 'latest', 'absent', 'build-dep', 'fixed'],
      default: 'present',
      description:
        'latest also brings what is there to the newest version; build-dep installs what is needed to build the packages; fixed puts broken dependencies right, too.',
    },
    deb: {
      type: 'string',
      path: true,
      description: 'A package file on the host, or its address; what it needs is installed with it.',
    },
    upgrade: {
      type: 'string',
      enum: ['dist', 'full', 'no', 'safe', 'yes'],
      default: 'no',
      description:
        'Upgrades everything that is installed: dist and full may remove packages for it, safe and yes may not. apt-get does it; aptitude is not used.',
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
    update_cache_retries: {
      type: 'integer',
      default: 5,
      minimum: 0,
      description: 'How often package lists are tried to be got.',
    },
    update_cache_retry_max_delay: {
      type: 'integer',
      default: 12,
      minimum: 0,
      description: 'The longest pause between two tries, in seconds; the first is 1, each next one twice as long.',
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
      aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
      description: 'Lets name=version, or the package file, be older than what is there.',
    },
    allow_unauthenticated: {
      type: 'boolean',
      default: false,
      aliases: ['allow-unauthenticated'],
      description: 'Takes packages that nobody has signed.',
    },
    allow_change_held_packages: {
      type: 'boolean',
      default: false,
      description: 'Lets the version of packages change that are on hold.',
    },
    force: {
      type: 'boolean',
      default: false,
      description:
        'Does it whatever apt-get warns of: unsigned packages, older versions, packages on hold, essential ones removed, servers with bad certificates. It can destroy a system.',
    },
    purge: { type: 'boolean', default: false, description: 'Where packages are removed: removes settings too.' },
    autoremove: {
      type: 'boolean',
      default: false,
      description: 'Removes what was installed only for others: alone, or when packages are installed or removed.',
    },
    fail_on_autoremove: {
      type: 'boolean',
      default: false,
      description: 'Fails where a package would have to be removed. Not with state absent.',
    },
    clean: {
      type: 'boolean',
      default: false,
      description: 'Deletes the package files that apt keeps, before anything else; this is no change.',
    },
    autoclean: {
      type: 'boolean',
      default: false,
      description: 'Deletes the package files that apt keeps but can no longer get; not with packages.',
    },
    policy_rc_d: {
      type: 'integer',
      minimum: 0,
      maximum: 255,
      description:
        'While packages are installed, policy-rc.d ends with this: 101 lets them start no service. Then it is as it was.',
    },
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
  exclusive: [['deb', 'name']],
} as const satisfies ArgsSchema;

export type AptArgs = ArgsOf<typeof aptArgs>;
