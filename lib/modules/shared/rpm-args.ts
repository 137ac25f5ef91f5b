import type { ArgSchema } from '../../module.ts';

const names = (description: string) =>
  ({ type: 'array', items: { type: 'string' }, default: [], description }) as const satisfies ArgSchema;
const no = (description: string) => ({ type: 'boolean', default: false, description }) as const satisfies ArgSchema;
const yes = (description: string) => ({ type: 'boolean', default: true, description }) as const satisfies ArgSchema;

/** Arguments that dnf and yum have in common. */
export const RPM_ARGS = {
  name: {
    type: 'array',
    items: { type: 'string' },
    aliases: ['pkg'],
    description:
      'Packages: by name, with version (name-1.0), comparison ("name >= 1.0") or pattern, what packages provide, a path in one, the path or address of a package file, @group, @module:stream; "*" with state latest is all.',
  },
  state: {
    type: 'string',
    enum: ['present', 'installed', 'latest', 'absent', 'removed'],
    description: 'present unless told, absent with autoremove. latest also brings what is there to the newest version.',
  },
  list: {
    type: 'string',
    description:
      'Instead of name: only tells of a package in all versions, or of installed, updates, available or repos.',
  },
  enablerepo: names('Repositories to use too.'),
  disablerepo: names('Repositories to leave out.'),
  exclude: names('Packages to leave out.'),
  disable_excludes: {
    type: 'string',
    description: 'Configured exclusions that do not count: all, main, or the id of a repository.',
  },
  enable_plugin: names('Plugins to use too.'),
  disable_plugin: names('Plugins to leave out.'),
  update_cache: {
    ...no('Gets new package lists first; this alone is no change.'),
    aliases: ['expire-cache'],
  },
  cacheonly: no('Works with the package lists that are there, without the network.'),
  update_only: no('With state latest: installs nothing new.'),
  security: no('With state latest: only what mends security, in the oldest version that does.'),
  bugfix: no('With state latest: only what mends faults, in the oldest version that does.'),
  allow_downgrade: no('Lets a version be older than what is there; without it that is an error.'),
  skip_broken: no('Leaves out packages that cannot be installed, instead of failing.'),
  autoremove: no('Removes what was installed only for others: for the named packages, or, without name, of all.'),
  install_weak_deps: yes('Whether recommended packages come along.'),
  download_only: no('Only gets the packages and those they need; done when all files are there.'),
  download_dir: { type: 'string', description: 'With download_only: where to, instead of the cache.' },
  disable_gpg_check: no('Takes packages that nobody has signed.'),
  sslverify: yes("Whether the certificates of repositories' servers are checked."),
  validate_certs: yes('Whether the certificate of the server of a package file is checked.'),
  conf_file: { type: 'string', description: 'A configuration file on the host, instead of its own.' },
  installroot: { type: 'string', default: '/', description: 'The folder with the system that is meant.' },
  releasever: { type: 'string', description: 'The release whose packages are used.' },
  lock_timeout: {
    type: 'integer',
    default: 30,
    minimum: 0,
    description: 'Seconds to wait while another holds its lock.',
  },
  install_repoquery: yes('Taken for playbooks that say it: list needs no repoquery.'),
} as const satisfies Readonly<Record<string, ArgSchema>>;
