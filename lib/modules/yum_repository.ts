import { type ArgSchema, type ArgsOf, type ArgsSchema, defineEdit, type EditResult } from '../module.ts';
import { attributeArgs, modeFault } from './shared/attributes.ts';
import { type Options, withoutSection, withSection } from './shared/repo-file.ts';

const text = (description: string) => ({ type: 'string', description }) as const satisfies ArgSchema;
const flag = (description: string) => ({ type: 'boolean', description }) as const satisfies ArgSchema;
const list = (description: string) =>
  ({ type: 'array', items: { type: 'string' }, description }) as const satisfies ArgSchema;

/** Arguments that are options of the file, by the same name. */
const OPTIONS = {
  async: flag('Whether packages and metadata are fetched in parallel (yum).'),
  bandwidth: text('Most bytes a second, to be used with throttle.'),
  baseurl: list('Addresses of the folder that has the folder repodata.'),
  cost: text('What it costs to use it, compared with others: 1000 unless told.'),
  deltarpm_metadata_percentage: text('How big the metadata of delta packages may be, compared with the packages.'),
  deltarpm_percentage: text('How big a delta package may be, compared with the package; 0 for none.'),
  enabled: flag('Whether it is used.'),
  enablegroups: flag('Whether groups of packages may come from it.'),
  exclude: list('Packages (with * and ?) never to take from it.'),
  failovermethod: {
    type: 'string',
    enum: ['roundrobin', 'priority'],
    description: 'Which of several addresses comes first (yum).',
  },
  gpgcakey: text('Address of the key that signs the key.'),
  gpgcheck: flag('Whether packages must be signed.'),
  gpgkey: list('Addresses of the keys that sign its packages.'),
  module_hotfixes: flag('Takes its packages whatever streams of modules are enabled.'),
  http_caching: {
    type: 'string',
    enum: ['all', 'packages', 'none'],
    description: 'What may come from caches on the way (yum).',
  },
  include: text('Another file of options that is read at this place.'),
  includepkgs: list('Packages (with * and ?) to take from it, no others.'),
  ip_resolve: {
    type: 'string',
    enum: ['4', '6', 'IPv4', 'IPv6', 'whatever'],
    description: 'Which addresses of its server are used.',
  },
  keepalive: flag('Whether connections are used for several files.'),
  keepcache: { type: 'string', enum: ['0', '1'], description: 'Whether packages are kept once they are installed.' },
  metadata_expire: text('How long its metadata is good: seconds, or like 6h.'),
  metadata_expire_filter: {
    type: 'string',
    enum: ['never', 'read-only:past', 'read-only:present', 'read-only:future'],
    description: 'Which commands may use metadata that is older (yum).',
  },
  metalink: text('Address of a metalink file, which names the mirrors.'),
  mirrorlist: text('Address of a list of addresses.'),
  mirrorlist_expire: text('Seconds for which the list of mirrors is good.'),
  password: { ...text('Password for its server.'), secret: true },
  priority: text('A number; packages of repositories with lower ones win.'),
  protect: flag('Whether its packages are never replaced by those of others.'),
  proxy: text('Address of the proxy to use; _none_ for none.'),
  proxy_password: { ...text('Password for the proxy.'), secret: true },
  proxy_username: text('User for the proxy.'),
  repo_gpgcheck: flag('Whether its metadata must be signed.'),
  retries: text('How often to try to get a file; 0 for ever.'),
  s3_enabled: flag('Whether it is in S3; needs that plugin.'),
  skip_if_unavailable: flag('Whether to go on when it cannot be reached.'),
  ssl_check_cert_permissions: flag('Whether certificates that cannot be read make it unavailable.'),
  sslcacert: { ...text('Path of the certificates that its server may have.'), aliases: ['ca_cert'] },
  sslclientcert: { ...text('Path of the certificate to log in with.'), aliases: ['client_cert'] },
  sslclientkey: { ...text('Path of the key of that certificate.'), aliases: ['client_key'] },
  sslverify: { ...flag("Whether its server's certificate is checked."), aliases: ['validate_certs'] },
  throttle: text('Most bytes a second (like 100k), or a part of bandwidth (like 50%).'),
  timeout: text('Seconds to wait for a connection.'),
  ui_repoid_vars: text('Variables to show behind its id.'),
  username: text('User for its server.'),
} as const satisfies Readonly<Record<string, ArgSchema>>;

const args = {
  properties: {
    name: text('Id of the repository.'),
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether it shall be there.',
    },
    description: text('What people are shown; the option "name" of the file.'),
    file: text('The file it stands in, without .repo; its id unless told.'),
    reposdir: { type: 'string', path: true, default: '/etc/yum.repos.d', description: 'The folder of such files.' },
    ...OPTIONS,
    ...attributeArgs,
    unsafe_writes: {
      type: 'boolean',
      default: false,
      description: 'Writes into the file where it cannot be replaced (a file mounted into a container).',
    },
  },
  required: ['name'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineEdit({
  name: 'yum_repository',
  doc: 'A repository of yum or dnf in /etc/yum.repos.d. Its section gets exactly the options that are given; other sections and comments of the file stay. A file in which no section is left is removed.',
  args,
  examples: `
- yum_repository:
    name: epel
    description: EPEL for this release
    baseurl: https://download.example.com/epel/$releasever/$basearch/
    gpgcheck: true
    gpgkey: https://download.example.com/epel/RPM-GPG-KEY
- name: Two repositories in one file
  yum_repository:
    name: "{{ item }}"
    file: ours
    description: "Ours, {{ item }}"
    baseurl: "https://rpm.example.com/{{ item }}"
  loop: [stable, testing]
- yum_repository: { name: epel, state: absent }
`,
  returns: { repo: 'its id', state: 'present or absent' },

  check(a) {
    const bad = /[^A-Za-z0-9_.:-]/.exec(a.name)?.[0];
    if (a.name === '' || bad !== undefined)
      return `"${a.name}" cannot be the id of a repository: letters, digits and - _ . : are allowed`;
    if (a.file !== undefined && /^$|[/\0\n]/.test(a.file))
      return 'file is the name of a file in reposdir, without folder and without .repo';
    if (a.state === 'present' && [a.baseurl, a.metalink, a.mirrorlist].every(address => address === undefined))
      return 'give one of baseurl, metalink and mirrorlist: the address of the repository';
    if (a.state === 'present' && a.description === undefined)
      return 'give "description": dnf asks for a name for people';
    const folded = Object.entries(a).find(([, value]) => typeof value === 'string' && value.includes('\n'));
    return folded === undefined ? modeFault(a.mode) : `${folded[0]} must be one line`;
  },

  path: a => `${a.reposdir}/${a.file ?? a.name}.repo`,
  file: a => (a.state === 'absent' ? {} : a),

  edit(a, old): EditResult {
    const values = { repo: a.name, state: a.state };
    if (a.state === 'present') return { text: withSection(old ?? '', a.name, optionsOf(a)) ?? (old as string), values };
    const rest = withoutSection(old ?? '', a.name);
    if (rest === undefined) return { same: true, values };
    return rest === '' ? { remove: true, values } : { text: rest, values };
  },
});

/** As Ansible: in the order of the alphabet; lists of packages with blanks between, addresses a line each. */
function optionsOf(a: Args): Options {
  const names = [...Object.keys(OPTIONS), 'name'].sort();
  return Object.fromEntries(
    names.flatMap(name => {
      const value = name === 'name' ? a.description : a[name as keyof typeof OPTIONS];
      return value === undefined ? [] : [[name, written(name, value)]];
    }),
  );
}

function written(name: string, value: string | boolean | readonly string[]): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string') return value;
  return value.join(name === 'exclude' || name === 'includepkgs' ? ' ' : '\n');
}
