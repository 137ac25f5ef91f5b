import { type ArgsOf, type ArgsSchema, defineConverge, put, type Sh, sh } from '../module.ts';
import { aptDownload } from './shared/apt-download.ts';
import { modeFault, normalMode } from './shared/attributes.ts';

const flag = (description: string) => ({ type: 'boolean', description }) as const;
const words = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;

const args = {
  properties: {
    name: { type: 'string', description: 'Name of the repository; its file is named by it.' },
    types: {
      type: 'array',
      items: { type: 'string', enum: ['deb', 'deb-src'] },
      default: ['deb'],
      description: 'Kinds of packages: deb, deb-src.',
    },
    uris: words('Addresses of the repository.'),
    suites: words('Distributions in it, or an exact path that ends in /.'),
    components: words('Parts of a distribution; none with an exact path.'),
    architectures: words('Architectures to look for.'),
    signed_by: {
      type: 'string',
      description: 'Key of the repository: its address, the path of a keyring on the host, fingerprints, or its text.',
    },
    languages: words('Languages of descriptions to get.'),
    targets: words('Kinds of lists to get.'),
    enabled: flag('Whether it is used.'),
    trusted: flag('true takes it without any signature.'),
    allow_insecure: flag('Takes it unsigned.'),
    allow_weak: flag('Takes weak signatures.'),
    allow_downgrade_to_insecure: flag('Takes packages unsigned that were signed.'),
    by_hash: flag('Whether lists are got by their checksum.'),
    check_date: flag('Whether a date in the future is an error.'),
    check_valid_until: flag('Whether lists may be too old.'),
    date_max_future: { type: 'integer', description: 'How many seconds its date may be in the future.' },
    inrelease_path: { type: 'string', description: 'Path of the InRelease file in it.' },
    pdiffs: flag('Whether lists are brought up to date by differences.'),
    mode: { type: 'string', mode: true, default: '0644', description: 'Permissions of its file.' },
    install_python_debian: {
      type: 'boolean',
      default: false,
      description: 'Taken for playbooks that say it; the host needs no Python.',
    },
    state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether it is there.' },
  },
  required: ['name'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

/** Fields in the order of the arguments' names, as Ansible writes them. */
const FIELDS: readonly (readonly [keyof Args, string])[] = [
  ['allow_downgrade_to_insecure', 'Allow-Downgrade-To-Insecure'],
  ['allow_insecure', 'Allow-Insecure'],
  ['allow_weak', 'Allow-Weak'],
  ['architectures', 'Architectures'],
  ['by_hash', 'By-Hash'],
  ['check_date', 'Check-Date'],
  ['check_valid_until', 'Check-Valid-Until'],
  ['components', 'Components'],
  ['date_max_future', 'Date-Max-Future'],
  ['enabled', 'Enabled'],
  ['inrelease_path', 'InRelease-Path'],
  ['languages', 'Languages'],
  ['name', 'X-Repolib-Name'],
  ['pdiffs', 'PDiffs'],
  ['signed_by', 'Signed-By'],
  ['suites', 'Suites'],
  ['targets', 'Targets'],
  ['trusted', 'Trusted'],
  ['types', 'Types'],
  ['uris', 'URIs'],
];

export default defineConverge({
  name: 'deb822_repository',
  doc: "Keeps repositories of packages for Debian's apt, each in a file of its own (/etc/apt/sources.list.d/NAME.sources). A key that has an address is kept in /etc/apt/keyrings. Package lists are got by the apt module.",
  args,
  examples: `
- deb822_repository:
    name: docker
    uris: https://download.docker.com/linux/debian
    suites: bookworm
    components: stable
    architectures: amd64
    signed_by: https://download.docker.com/linux/debian/gpg
- apt:
    update_cache: true
`,
  returns: {
    repo: 'Text of the file.',
    dest: 'Path of the file.',
    key_filename: 'Path of the key that was got.',
    mode: 'Permissions of the file.',
  },

  check(a) {
    if (nameOf(a) === '') return 'name must have a letter or a digit';
    const all = Object.values(a).flatMap(v => (Array.isArray(v) ? (v as string[]) : []));
    const odd = all.find(word => !/^\S+$/.test(word));
    if (odd !== undefined) return `"${odd}" cannot stand in a repository: it is to be one word`;
    if ([a.name, a.inrelease_path].some(text => text?.includes('\n')))
      return 'name and inrelease_path are one line each';
    if (a.state === 'absent') return undefined;
    if (!a.uris?.length || !a.suites?.length) return 'a repository needs "uris" and "suites"';
    const exact = a.suites.some(suite => suite.endsWith('/'));
    if (exact && a.components?.length) return 'a suite that ends in / is an exact path: leave "components" out';
    if (!exact && !a.components?.length) return 'a repository needs "components", or a suite that ends in /';
    return modeFault(a.mode);
  },

  goal: a =>
    a.state === 'absent'
      ? { repo: 'absent', key: 'absent' }
      : { key: keyUrl(a) && 'current', repo: 'current', mode: normalMode(a.mode) },

  probe(a, want) {
    const { dest, asc, gpg } = pathsOf(a);
    const files = [dest, asc, gpg].map(onHost);
    const [file, ...rings] = files;
    if (a.state === 'absent') return sh`tp_deb822_gone ${files}`;
    const asked = want.filter(key => key === 'mode' || DETAIL.includes(key));
    return sh.lines(
      keyUrl(a) !== undefined && sh`tp_deb822_key ${[keyUrl(a), fetchKey(a), ...rings]} || exit`,
      sh`tp_deb822 ${[file, put(textOf(a, asc)), put(textOf(a, gpg))]}`,
      sh`tp_stat ${[file, asked.filter(key => key !== 'key_filename')]}`,
      asked.includes('key_filename') && sh`tp_kv key_filename ${sh.code(RING)}`,
    );
  },
  detail: a => (a.state === 'absent' ? [] : keyUrl(a) === undefined ? DETAIL.slice(0, -1) : DETAIL),

  apply(a) {
    const { dest, asc, gpg } = pathsOf(a);
    const files = [dest, asc, gpg].map(onHost);
    const [file, ...rings] = files;
    if (a.state === 'absent') return sh`rm -f -- ${files}`;
    return sh.lines(
      keyUrl(a) !== undefined && sh`tp_deb822_key_set ${[keyUrl(a), fetchKey(a), ...rings]}`,
      sh`tp_deb822_set ${[file, normalMode(a.mode) ?? '', put(textOf(a, asc)), put(textOf(a, gpg))]}`,
    );
  },

  text(a) {
    if (a.state === 'absent' || keyUrl(a) !== undefined) return undefined;
    return { path: pathsOf(a).dest, text: textOf(a, '') };
  },

  values(a, state) {
    const { dest, asc } = pathsOf(a);
    if (a.state === 'absent') return { repo: '', dest, key_filename: null };
    // in a dry run it is known when the key could be looked at
    const ring = keyUrl(a) === undefined ? null : state['key_filename'] || asc;
    const { mode, owner, group, uid, gid, size } = state;
    const file = owner ? { owner, group, uid: Number(uid), gid: Number(gid), size: Number(size), state: 'file' } : {};
    return { repo: textOf(a, ring ?? ''), dest, key_filename: ring, mode, ...file };
  },
});

/** Where the key is, by its path on the host. */
const RING = '"${tp_ring#"${tp_root-}"}"';
const DETAIL: readonly string[] = ['owner', 'group', 'uid', 'gid', 'size', 'key_filename'];

/** The name as names of files are made of it. */
function nameOf(a: Args): string {
  return a.name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, ' ')
    .trim()
    .replaceAll(' ', '-');
}

function pathsOf(a: Args) {
  const ring = `/etc/apt/keyrings/${nameOf(a)}`;
  return { dest: `/etc/apt/sources.list.d/${nameOf(a)}.sources`, asc: `${ring}.asc`, gpg: `${ring}.gpg` };
}

/** A path as a word; a test has it in a folder of its own. */
function onHost(path: string): Sh {
  return sh`${sh.code('"${tp_root-}"')}${path}`;
}

function keyUrl(a: Args): string | undefined {
  return a.signed_by?.includes('://') ? a.signed_by : undefined;
}

function fetchKey(a: Args): Sh {
  const request = { url: keyUrl(a) ?? '', http_agent: 'ansible-httpget', timeout: 30, validate_certs: true };
  return aptDownload(request);
}

/** The text of the file; `ring` is where a key is that has an address. */
function textOf(a: Args, ring: string): string {
  const lines = FIELDS.flatMap(([name, field]) => {
    const value = name === 'signed_by' && keyUrl(a) !== undefined ? ring : a[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
    if (typeof value === 'boolean') return [`${field}: ${value ? 'yes' : 'no'}`];
    if (Array.isArray(value)) return [`${field}: ${value.join(' ')}`];
    return [`${field}:${folded(String(value))}`];
  });
  return `${lines.join('\n')}\n`;
}

/** A text of several lines as the format has it: each behind a blank, a dot where it is empty. */
function folded(text: string): string {
  const lines = text.trim().split('\n');
  return lines.length === 1 ? ` ${lines[0]}` : ['', ...lines.map(line => ` ${line.trim() || '.'}`)].join('\n');
}
