import {
  type ArgsOf,
  type ArgsSchema,
  defineEdit,
  type EditResult,
  type Goal,
  put,
  type State,
  sh,
} from '../module.ts';
import { accountFault } from './shared/accounts.ts';
import { isWhole } from './shared/path.ts';
import { type AuthorizedKey, authorizedLine, blobFault, parseAuthorized, splitOptions } from './shared/ssh-keys.ts';
import { curlConfig, wgetConfig } from './shared/web-request.ts';

const args = {
  properties: {
    user: { type: 'string', description: 'Whose keys: who may log in as this user.' },
    key: {
      type: 'string',
      description:
        'Public keys, a line each; or an http or https address that has them, or file:// and a path on the host.',
    },
    state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether they shall be.' },
    exclusive: {
      type: 'boolean',
      default: false,
      description: 'All that is not in `key` is taken out of the file, comments too.',
    },
    key_options: { type: 'string', description: 'Options of every key: no-pty,from="10.0.1.1".' },
    comment: { type: 'string', description: 'Comment of every key; without it the one it has.' },
    path: { type: 'string', path: true, description: "The file; the user's own ~/.ssh/authorized_keys unless told." },
    manage_dir: {
      type: 'boolean',
      default: true,
      description: "Makes the file's folder, and makes it the user's alone (0700). Say false with `path`.",
    },
    follow: { type: 'boolean', default: false, description: 'Writes where a link leads to; else a file replaces it.' },
    validate_certs: {
      type: 'boolean',
      default: true,
      description: 'Whether the certificate of the server of an address must be good.',
    },
  },
  required: ['user', 'key'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineEdit({
  name: 'authorized_key',
  doc:
    'Says which ssh keys may log in as a user. Keys are looked at before any host is: what is no key is an error. A folder ' +
    "with other permissions, and a file that is not the user's or that others may write to, which make sshd pass the keys " +
    'over, are put right.',
  args,
  examples: `
- authorized_key:
    user: charlie
    key: "{{ lookup('file', 'public_keys/charlie.pub') }}"
- authorized_key:
    user: backup
    key: "{{ lookup('file', 'public_keys/backup.pub') }}"
    key_options: 'no-pty,command="/usr/bin/rrsync /srv",from="10.0.1.1"'
    exclusive: true
- authorized_key:
    user: charlie
    key: https://example.org/charlie.keys
`,
  returns: {
    user: 'As given.',
    key: 'As given.',
    keyfile: 'Path of the file.',
    state: 'present or absent',
    exclusive: 'As given.',
    key_options: 'As given.',
    comment: 'As given.',
    path: 'As given.',
    manage_dir: 'As given.',
    follow: 'As given.',
    validate_certs: 'As given.',
  },

  check(a) {
    const fault = accountFault('user', a.user);
    if (fault !== undefined) return fault;
    if (a.comment !== undefined && /[\r\n]/.test(a.comment)) return 'comment is one line';
    if (a.key_options !== undefined && (/[\r\n]/.test(a.key_options) || oddOptions(a.key_options)))
      return 'key_options are words parted by commas, values with blanks in double quotes: no-pty,command="/bin/date -u"';
    if (a.path !== undefined && !isWhole(a.path)) return `path must be absolute, not "${a.path}"`;
    if (source(a) !== 'here') return undefined;
    const keys = wanted(a, a.key);
    if ('error' in keys) return keys.error;
    return keys.keys.length === 0 && !a.exclusive ? 'key holds no key' : undefined;
  },

  path: a => a.path ?? '',

  look: a =>
    sh.lines(
      sh`tp_authorized ${a.user} ${a.path ?? ''} || exit`,
      source(a) === 'file' && sh`tp_got=$(cat -- ${a.key.slice('file://'.length)}) || exit; tp_kv fetched "$tp_got"`,
      source(a) === 'web' &&
        sh.lines(
          sh`tp_got=$(tp_temp) && tp_download ${a.key} ${config(curlConfig(request(a)))} ${config(wgetConfig(request(a)))} '' "$tp_got" || exit`,
          sh`tp_kv fetched "$(cat -- "$tp_got")"`,
        ),
    ),

  edit(a, text, state): EditResult {
    if (state['account'] !== 'true' && a.path === undefined)
      return { unknown: `there is no user ${a.user}: make it first, or give "path"` };
    const keys = wanted(a, source(a) === 'here' ? a.key : (state['fetched'] ?? ''));
    if ('error' in keys) return keys;
    // with exclusive nobody could log in
    if (keys.keys.length === 0 && source(a) !== 'here') return { error: `there is no key at ${a.key}` };
    const given = Object.entries(a).filter(([, value]) => value !== undefined);
    const values = { ...GIVEN, ...Object.fromEntries(given), keyfile: state['path'] };
    if (a.state === 'absent' && text === undefined) return { same: true, values };
    if (a.state === 'present' && state['account'] !== 'true')
      return { unknown: `there is no user ${a.user}, whose file this shall be: make it first` };
    if (a.state === 'present' && state['folder'] === 'absent' && state['above'] === 'absent')
      return { unknown: `the folder above that of ${state['path']} does not exist: make it first` };
    const lines = (text ?? '').split('\n').filter((line, at, all) => at < all.length - 1 || line !== '');
    const next = a.state === 'absent' ? without(lines, keys.keys) : withKeys(lines, keys.keys, a.exclusive);
    return { text: next === lines ? (text ?? '') : next.map(line => `${line}\n`).join(''), values };
  },

  goal: (a, state): Goal => ({
    ...(a.state === 'present' &&
      a.manage_dir && { folder: 'directory', folder_owner: state['uid'], folder_mode: '0700' }),
    ...(a.state === 'present' && passedOver(state) && { file_owner: state['uid'], file_mode: '0600' }),
  }),

  // before the file is in place: a run that is cut leaves none that sshd passes over
  written: (_a, state) =>
    state['account'] === 'true' ? { owner: state['uid'], group: state['gid'], mode: '0600' } : {},

  before: (a, state, written) =>
    sh.lines(
      a.state === 'present' && sh`tp_keys_folder ${owner(state)} ${a.manage_dir ? '1' : ''}`,
      written && !a.follow && sh`tp_unlinked "$tp_path"`,
    ),

  after: (a, state, written) =>
    a.state === 'present' && !written && passedOver(state)
      ? sh`chown -h -- ${owner(state)} "$tp_path" && chmod -- 0600 "$tp_path"`
      : sh``,
});

/** Does sshd pass over the file that is there: it is neither the user's nor root's, others may write to it, or the user cannot read it? */
function passedOver(state: State): boolean {
  const { account, uid, gid, file_owner, file_group } = state;
  if (account !== 'true' || file_owner === undefined) return false;
  if (file_owner !== uid && file_owner !== '0') return true;
  const mode = Number.parseInt(state['file_mode'] ?? '', 8);
  const reads = file_owner === uid ? 0o400 : file_group === gid ? 0o040 : 0o004;
  return (mode & 0o022) !== 0 || (uid !== '0' && (mode & reads) === 0);
}

function owner(state: State): string {
  return `${state['uid']}:${state['gid']}`;
}

function source(a: Args): 'here' | 'web' | 'file' {
  if (/^(https?|ftp):\/\//.test(a.key)) return 'web';
  return a.key.startsWith('file:///') ? 'file' : 'here';
}

function request(a: Args) {
  return { url: a.key, http_agent: 'ansible-httpget', timeout: 10, validate_certs: a.validate_certs };
}

function config(text: string) {
  return sh.quoted(sh`tp_config=${put(text)}`);
}

function oddOptions(text: string): boolean {
  return text === '' || splitOptions(text).join(',') !== text || (text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;
}

/** As Ansible: what is not given comes back as null. */
const GIVEN = { comment: null, key_options: null, path: null };

/** The keys of a text, each once (the last counts), with the options and comment that the task gives; or what is wrong. */
function wanted(a: Args, text: string): { readonly keys: readonly AuthorizedKey[] } | { readonly error: string } {
  const keys = new Map<string, AuthorizedKey>();
  for (const line of text.split(/[\r\n]+/)) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const key = parseAuthorized(line);
    if (key === undefined) return { error: `"${line.trim().slice(0, 60)}" is no public key of ssh` };
    const fault = blobFault(key);
    if (fault !== undefined) return { error: fault };
    const options = a.key_options === undefined ? key.options : splitOptions(a.key_options);
    keys.set(key.blob, { ...key, options, comment: a.comment ?? key.comment });
  }
  return { keys: [...keys.values()] };
}

/** Options are a set. */
function same(one: AuthorizedKey, other: AuthorizedKey): boolean {
  const set = (key: AuthorizedKey) => [...new Set(key.options)].sort().join(',');
  return one.type === other.type && one.comment === other.comment && set(one) === set(other);
}

function without(lines: readonly string[], keys: readonly AuthorizedKey[]): readonly string[] {
  const gone = new Set(keys.map(key => key.blob));
  const left = lines.filter(line => !gone.has(parseAuthorized(line)?.blob ?? ''));
  return left.length === lines.length ? lines : left;
}

/** As Ansible: of several lines with one key the last counts; a key that has changed goes to the end. */
function withKeys(lines: readonly string[], keys: readonly AuthorizedKey[], exclusive: boolean): readonly string[] {
  const last = new Map(
    lines.flatMap(line => {
      const key = parseAuthorized(line);
      return key === undefined ? [] : [[key.blob, key] as const];
    }),
  );
  const isNew = keys.filter(key => {
    const there = last.get(key.blob);
    return there === undefined || !same(there, key);
  });
  const taken = new Set(keys.map(key => key.blob));
  const fresh = new Set(isNew.map(key => key.blob));
  const kept = lines.filter(line => {
    const blob = parseAuthorized(line)?.blob;
    if (blob !== undefined && fresh.has(blob)) return false;
    return !exclusive || (blob !== undefined && taken.has(blob));
  });
  if (isNew.length === 0 && kept.length === lines.length) return lines;
  return [...kept, ...isNew.map(authorizedLine)];
}
