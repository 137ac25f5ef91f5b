import { defineConverge, type Goal, put, type Sh, sh } from '../module.ts';
import {
  attributeGoal,
  hostPath,
  installFlags,
  modeFault,
  statFlags,
  validateFault,
  type Writing,
  writeArgs,
} from './shared/attributes.ts';
import { fileNameOf } from './shared/path.ts';
import { curlConfig, type Request, wgetConfig } from './shared/web-request.ts';

interface Args extends Writing, Request {
  readonly dest: string;
  readonly checksum?: string | undefined;
  readonly force: boolean;
}

export default defineConverge({
  name: 'get_url',
  doc: 'Downloads a file to the host, with its curl or wget.',
  args: {
    properties: {
      url: { type: 'string', description: 'Address: http, https or ftp.' },
      dest: { type: 'string', description: 'Path on the host; of a folder: the name comes from the address.' },
      checksum: { type: 'string', description: 'Checksum that the file must have, like sha256:DIGITS.' },
      force: {
        type: 'boolean',
        default: false,
        description: 'Downloads every time, and writes what is new; else only what is missing.',
      },
      headers: { type: 'object', secret: true, description: 'Headers of the request.' },
      url_username: { type: 'string', aliases: ['username'], description: 'User for the server.' },
      url_password: { type: 'string', aliases: ['password'], secret: true, description: 'Password for the server.' },
      force_basic_auth: { type: 'boolean', default: false, description: 'The password is sent at once in any case.' },
      http_agent: { type: 'string', default: 'ansible-httpget', description: 'The name the server sees.' },
      timeout: { type: 'integer', default: 10, minimum: 1, description: 'Seconds without an answer.' },
      validate_certs: {
        type: 'boolean',
        default: true,
        description: 'Whether the certificate of the server must be good.',
      },
      ...writeArgs,
    },
    required: ['url', 'dest'],
  },
  examples: `
- get_url:
    url: https://example.org/app-1.2.tgz
    dest: /var/cache/app.tgz
    checksum: sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
`,
  returns: {
    dest: 'path of the file',
    url: 'the address',
    size: 'bytes',
    mode: 'four octal digits',
    backup_file: 'path of the backup',
  },

  check(a) {
    if (!/^(https?|ftp|file):\/\//.test(a.url)) return 'url must begin with http://, https:// or ftp://';
    if (a.checksum !== undefined && !/^(md5|sha1|sha224|sha256|sha384|sha512):\s*[0-9a-fA-F]+$/.test(a.checksum))
      return 'checksum must be an algorithm and the digits, like sha256:2cf24dba...';
    if (a.url_password !== undefined && a.url_username === undefined) return 'url_password needs "url_username"';
    return modeFault(a.mode) ?? validateFault(a.validate);
  },

  file: a => a,

  goal: (a): Goal => ({ content: 'current', type: 'file', ...attributeGoal(a) }),

  probe: (a, want) =>
    sh.lines(
      sh`tp_into ${[hostPath(a.dest), fileNameOf(a.url)]}`,
      content(a),
      sh`tp_kv content "$tp_value"`,
      sh`tp_stat ${[statFlags(a)]} "$tp_dest" ${want.filter(key => key !== 'content')}`,
    ),

  detail: a => ['path', 'type', 'mode', 'owner', 'group', 'uid', 'gid', 'size', ...(a.backup ? ['backup_file'] : [])],

  apply(a) {
    const [algorithm, digits] = sumOf(a);
    return sh.lines(
      sh`tp_into ${[hostPath(a.dest), fileNameOf(a.url)]}`,
      a.dest.endsWith('/') && sh`tp_mkdir '' '' '' ${hostPath(a.dest)}`,
      sh`[ -e "$tp_dir/get" ] || { ${scratch()} ${download(a)}; }`,
      algorithm !== undefined && sh`tp_sum ${algorithm} "$tp_dir/get"`,
      algorithm !== undefined &&
        sh`[ "$tp_sum" = ${digits} ] || tp_error ${`the ${algorithm} of ${a.url} is`} "$tp_sum", not ${digits}`,
      sh`tp_install ${installFlags(a)} "$tp_dir/get" "$tp_dest"`,
      // the second look need not download again
      sh`mv -f "$tp_dir/get" "$tp_dir/got"`,
    );
  },

  values(a, state) {
    const { path, mode, owner, group, uid, gid, size, backup_file } = state;
    const facts = mode
      ? { mode, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size), state: 'file' }
      : {};
    return { dest: path ?? a.dest, url: a.url, ...facts, ...(backup_file ? { backup_file } : {}) };
  },
});

/** Sets tp_value to `current`, or to what is the matter. As Ansible: what is there is good unless force or a checksum. */
function content(a: Args): Sh {
  const [algorithm, digits] = sumOf(a);
  const compare = sh.lines(
    scratch(),
    sh`${download(a)} || exit`,
    sh`if cmp -s "$tp_dir/get" "$tp_dest"; then tp_value=current; rm -f "$tp_dir/get"; else tp_value=other; fi`,
  );
  const bySum =
    algorithm !== undefined &&
    sh`tp_sum ${algorithm} "$tp_dest" || exit; if [ "$tp_sum" = ${digits} ]; then tp_value=current; else tp_value=other; fi`;
  const inFolder = sh.lines(sh`tp_value=current`, sh`if [ "$tp_dest" != ${hostPath(a.dest)} ]; then`, compare, sh`fi`);
  return sh.lines(
    sh`tp_value=missing`,
    sh`if [ -e "$tp_dir/got" ]; then tp_value=current; rm -f "$tp_dir/got"`,
    sh`elif [ -f "$tp_dest" ]; then`,
    bySum || (a.force ? compare : inFolder),
    sh`fi`,
  );
}

function scratch(): Sh {
  return sh`[ -d "$tp_dir" ] || mkdir -m 0700 "$tp_dir" || exit;`;
}

function download(a: Args): Sh {
  const hidden = a.url_username !== undefined || a.headers !== undefined;
  const curl = sh.quoted(sh`tp_config=${put(curlConfig(a))}`);
  const wget = sh.quoted(sh`tp_config=${put(wgetConfig(a))}`);
  return sh`tp_download ${a.url} ${curl} ${wget} ${hidden ? 'private' : ''} "$tp_dir/get"`;
}

function sumOf(a: Args): readonly [algorithm: string | undefined, digits: string] {
  const [algorithm, digits = ''] = a.checksum?.split(':').map(part => part.trim()) ?? [];
  return [algorithm, digits.toLowerCase()];
}
