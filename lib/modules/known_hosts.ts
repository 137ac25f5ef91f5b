import { type ArgsOf, type ArgsSchema, defineEdit, type EditResult, sh } from '../module.ts';
import { type HostKey, hashed, isFor, isHashed, parseHostKey } from './shared/known-hosts.ts';
import { isWhole } from './shared/path.ts';
import { blobFault } from './shared/ssh-keys.ts';

const args = {
  properties: {
    name: {
      type: 'string',
      aliases: ['host'],
      description: 'The host, as ssh is called with: a name, an address, or [name]:port; one of those in `key`.',
    },
    key: {
      type: 'string',
      description:
        'Its keys, a line each as they stand in the file: name, kind, key; with @cert-authority or @revoked before.',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'absent takes this key out, without `key` all of the host.',
    },
    path: {
      type: 'string',
      path: true,
      default: '~/.ssh/known_hosts',
      description: 'The file. Its folder must be there.',
    },
    hash_host: { type: 'boolean', default: false, description: 'Hides the name of the host by a hash.' },
  },
  required: ['name'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineEdit({
  name: 'known_hosts',
  doc:
    'Keeps the keys of hosts that ssh knows: of each kind one. Needs no ssh on the host. Keys are looked at before any host is: ' +
    'what is no key is an error.',
  args,
  examples: `
- known_hosts:
    name: web1.example.org
    key: "{{ lookup('file', 'host_keys/web1.pub') }}"
    path: /etc/ssh/ssh_known_hosts
- known_hosts:
    name: "[git.example.org]:2222"
    key: "[git.example.org]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE6SNA/jfqmgc3lEIuCBkD4FqqdmK/XQILIPbi7zLrHc"
    hash_host: true
- known_hosts: { name: old.example.org, state: absent }
`,
  returns: { name: 'As given.', key: 'As given.', path: 'As given.', hash_host: 'As given.', state: 'As given.' },

  check(a) {
    if (!/^[^\s,|#@]+$/.test(a.name)) return `"${a.name}" cannot be the name of a host in known_hosts`;
    if (!isWhole(a.path)) return `path must be absolute, not "${a.path}"`;
    if (a.key === undefined) return a.state === 'present' ? 'state present needs "key"' : undefined;
    if (a.hash_host && /[*?!]/.test(a.name)) return `hash_host cannot hide the pattern "${a.name}"`;
    const keys = wanted(a);
    return 'error' in keys ? keys.error : undefined;
  },

  path: a => a.path,
  look: a => sh`tp_folder_of ${a.path} || exit`,

  edit(a, text, state): EditResult {
    const values = { ...a, key: a.key ?? null };
    const keys = wanted(a);
    if ('error' in keys) return keys;
    if (a.state === 'absent' && text === undefined) return { same: true, values };
    if (state['folder'] !== 'directory')
      return { unknown: `the folder of ${state['path']} does not exist: make it first` };
    const lines = (text ?? '').split('\n').filter((line, at, all) => at < all.length - 1 || line !== '');
    const next = a.state === 'absent' ? without(a, lines, keys.keys) : withKeys(a, lines, keys.keys);
    const same = next.length === lines.length && next.every((line, at) => line === lines[at]);
    return { text: same ? (text ?? '') : next.map(line => `${line}\n`).join(''), values };
  },
});

/** The keys of the task, or what is wrong with them. */
function wanted(a: Args): { readonly keys: readonly HostKey[] } | { readonly error: string } {
  const keys: HostKey[] = [];
  for (const line of (a.key ?? '').split(/[\r\n]+/)) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const key = parseHostKey(line);
    if (key === undefined)
      return {
        error: `"${line.trim().slice(0, 60)}" is no line of known_hosts: it is the host, the kind of key, the key`,
      };
    const fault = blobFault(key);
    if (fault !== undefined) return { error: fault };
    if (!isFor(key, a.name.toLowerCase()))
      return { error: `the key is for ${isHashed(key) ? 'another host' : key.hosts}, not for "${a.name}"` };
    keys.push(key);
  }
  return keys.length === 0 && a.key !== undefined ? { error: 'key holds no key' } : { keys };
}

function without(a: Args, lines: readonly string[], keys: readonly HostKey[]): readonly string[] {
  return lines.filter(line => {
    const there = parseHostKey(line);
    if (there === undefined || !isFor(there, a.name.toLowerCase())) return true;
    return a.key !== undefined && !keys.some(key => alike(key, there) && key.blob === there.blob);
  });
}

/** As Ansible: what is another now goes, and the new line to the end. */
function withKeys(a: Args, lines: readonly string[], keys: readonly HostKey[]): readonly string[] {
  const name = a.name.toLowerCase();
  let left = lines;
  for (const key of keys) {
    const good = (there: HostKey) =>
      there.blob === key.blob && (a.hash_host ? isHashed(there) : there.hosts === key.hosts);
    const isMine = (line: string) => {
      const there = parseHostKey(line);
      return there !== undefined && alike(key, there) && isFor(there, name) ? there : undefined;
    };
    const keep = left.findIndex(line => {
      const there = isMine(line);
      return there !== undefined && good(there);
    });
    const others = left.filter((line, at) => at === keep || isMine(line) === undefined);
    left = keep >= 0 ? others : [...others, lineOf(key, a.hash_host && !isHashed(key) ? hashed(name) : key.hosts)];
  }
  return left;
}

/** Of one kind, and said of the same: a revoked key and a good one of the same kind may both be there. */
function alike(one: HostKey, other: HostKey): boolean {
  return one.type === other.type && one.marker === other.marker;
}

function lineOf(key: HostKey, hosts: string): string {
  return [key.marker, hosts, key.type, key.blob, key.comment].filter(word => word !== '').join(' ');
}
