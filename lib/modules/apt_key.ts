import { type ArgsOf, type ArgsSchema, defineConverge, put, type Sh, sh } from '../module.ts';
import { aptDownload } from './shared/apt-download.ts';
import { hostPath } from './shared/attributes.ts';
import { isWhole } from './shared/path.ts';

const args = {
  properties: {
    id: {
      type: 'string',
      description: 'The key: its fingerprint, or 8 or more of its last digits; 0x before it is passed over.',
    },
    data: { type: 'string', description: 'The key itself, as text.' },
    file: { type: 'string', path: true, description: 'A file with it on the host.' },
    url: { type: 'string', description: 'The address of a file with it.' },
    keyserver: { type: 'string', description: 'A key server that has it.' },
    keyring: { type: 'string', path: true, description: 'The keyring to hold it; /etc/apt/trusted.gpg unless told.' },
    validate_certs: {
      type: 'boolean',
      default: true,
      description: 'Whether the certificate of the server of url must be good.',
    },
    state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether apt trusts it.' },
  },
  exclusive: [['data', 'file', 'url', 'keyserver']],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'apt_key',
  doc: 'Keeps keys that apt trusts, for all repositories; deb822_repository keeps one for a single repository, which is better. It needs gpg on the host, not apt-key: keyrings are read and written by gpg and replaced as a whole.',
  args,
  examples: `
- apt_key:
    id: 9FED2BCBDCD29CDF762678CBAED4B06F473041FA
    url: https://ftp-master.debian.org/keys/archive-key-12.asc
    keyring: /etc/apt/trusted.gpg.d/debian.gpg
- apt_key:
    id: 9FED2BCBDCD29CDF762678CBAED4B06F473041FA
    state: absent
`,
  returns: {
    id: 'The key that was given or found.',
    fp: 'Its fingerprint, as far as it is known.',
    key_id: 'The last 16 digits of it.',
    short_id: 'The last 8 digits of it.',
    before: 'Keys there were: the last 16 digits of each.',
    after: 'Keys there are, when that has changed.',
  },

  check(a) {
    if (a.id !== undefined && !/^(0x)?[0-9a-f]{8,40}$/i.test(a.id))
      return `"${a.id}" is not the id of a key: write its fingerprint, or 8 or more of its last digits`;
    if (a.data !== undefined && !a.data.includes('-----BEGIN PGP PUBLIC KEY'))
      return 'data must be a key as text, which begins with -----BEGIN PGP PUBLIC KEY BLOCK-----';
    if (a.url !== undefined && !/^(https?|ftp|file):\/\//.test(a.url)) return 'url must begin with http:// or https://';
    if (a.keyring !== undefined && !isWhole(a.keyring)) return 'keyring must be a whole path';
    if (a.id !== undefined)
      return a.state === 'present' && !hasSource(a)
        ? 'where is the key? give "url", "file", "data" or "keyserver"'
        : undefined;
    if (a.state === 'absent') return 'state absent needs "id"';
    return a.keyserver !== undefined || !hasSource(a) ? 'give "id", and where the key is' : undefined;
  },

  goal: a => ({ key: a.state }),
  probe: a => sh`tp_key ${[idOf(a), a.keyring ?? '', ...sourceOf(a)]}`,
  detail: () => ['id', 'keys'],
  apply: a =>
    a.state === 'absent'
      ? sh`tp_key_remove ${[idOf(a), a.keyring ?? '']}`
      : sh`tp_key_add ${[idOf(a)]} ${a.keyring === undefined ? sh.code('"${tp_sources:-/etc/apt}/trusted.gpg"') : sh`${a.keyring}`} ${sourceOf(a)}`,

  values(a, state, _, before) {
    const print = state['id'] || idOf(a);
    const keys = (of: typeof state) =>
      of['keys']
        ?.trim()
        .split(' ')
        .filter(key => key !== '') ?? [];
    return {
      id: a.id ?? print,
      fp: print,
      key_id: print.slice(-16),
      short_id: print.slice(-8),
      before: keys(before),
      ...(state['key'] !== before['key'] && { after: keys(state) }),
    };
  },
});

function idOf(a: Args): string {
  return (a.id ?? '').toUpperCase().replace(/^0X/, '');
}

function hasSource(a: Args): boolean {
  return (a.data ?? a.file ?? a.url ?? a.keyserver) !== undefined;
}

/** A file on the host, or what it is called, and the code that gets it. */
function sourceOf(a: Args): readonly [Sh, Sh] {
  const none = sh`''`;
  if (a.data !== undefined) return [sh`${[put(a.data)]}`, none];
  if (a.file !== undefined) return [sh`${hostPath(a.file)}`, none];
  if (a.keyserver !== undefined) return [sh`${a.keyserver}`, sh.quoted(sh`tp_key_receive ${[a.keyserver, idOf(a)]}`)];
  if (a.url === undefined) return [none, none];
  const request = { url: a.url, http_agent: 'ansible-httpget', timeout: 30, validate_certs: a.validate_certs };
  return [sh`${a.url}`, aptDownload(request)];
}
