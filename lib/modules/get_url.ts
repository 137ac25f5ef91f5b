import { defineConverge, type Goal, sh } from '../module.ts';
import {
  attributeGoal,
  hostPath,
  installFlags,
  modeFault,
  statFlags,
  validateFault,
  writeArgs,
} from './shared/attributes.ts';
import { webArgs, webFault } from './shared/web-args.ts';
import { CHECKSUM, contentCode, downloadCode, nameCode, relays, startCode, sumCode } from './shared/web-download.ts';
import { relayOf } from './shared/web-relay.ts';

const FILE = ['path', 'type', 'mode', 'owner', 'group', 'uid', 'gid', 'size'];
const DOWNLOAD = ['status', 'reason', 'elapsed', 'via', 'checksum_src', 'md5sum'];

export default defineConverge({
  name: 'get_url',
  doc: "Downloads a file to the host, with its curl or wget. Where the host has neither, the controller downloads it through the connection to the host and sends it there (up to 512 MiB; no proxy and no ~/.netrc of the host are used then, and certificates are judged by the controller's).",
  notes: [
    'Without `force` a file that is there is not asked for again, as Ansible documents it; its module asks the server whether the file is newer there. With `force` it is downloaded and compared.',
  ],
  args: {
    properties: {
      url: { type: 'string', description: 'Address: http, https, ftp or file.' },
      dest: {
        type: 'string',
        path: true,
        description:
          'Path on the host; of a folder: the name comes from the server or the address, and the file is downloaded each time to be compared.',
      },
      checksum: {
        type: 'string',
        default: '',
        description:
          'Checksum that the file must have, like sha256:DIGITS, or the address of a list of them: sha256:https://example.org/SHA256SUMS.',
      },
      force: {
        type: 'boolean',
        default: false,
        description: 'Downloads every time, and writes what is new; else only what is missing.',
      },
      tmp_dest: { type: 'string', path: true, description: 'Folder of the host where it is downloaded to first.' },
      headers: { type: 'object', secret: true, description: 'Headers of the request.' },
      timeout: { type: 'integer', default: 10, minimum: 1, description: 'Seconds without an answer.' },
      url_username: { type: 'string', aliases: ['username'], description: 'User for the server.' },
      ...webArgs,
      ...writeArgs,
    },
    required: ['url', 'dest'],
  },
  examples: `
- get_url:
    url: https://example.org/app-1.2.tgz
    dest: /var/cache/app.tgz
    checksum: sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
- get_url:
    url: https://example.org/app-1.2.tgz
    dest: /var/cache/
    checksum: sha256:https://example.org/SHA256SUMS
`,
  returns: {
    dest: 'path of the file',
    url: 'the address',
    size: 'bytes',
    mode: 'four octal digits',
    backup_file: 'path of the backup',
    msg: 'the answer of the server, when it was asked',
    status_code: 'its HTTP status, of a failure too',
    response: 'what the server said of a failure: HTTP Error 404 Not Found',
    elapsed: 'seconds the download took',
    checksum_src: 'SHA-1 of what was downloaded',
    checksum_dest: 'SHA-1 of the file then',
    md5sum: 'MD5 of it',
    via: 'what made the request: curl, wget, busybox, file or controller',
  },

  check(a) {
    if (!/^(https?|ftp|file):\/\//.test(a.url) || (!a.url.startsWith('file:') && !URL.canParse(a.url)))
      return 'url must begin with http://, https://, ftp:// or file://';
    if (a.checksum !== '' && !CHECKSUM.test(a.checksum))
      return 'checksum must be an algorithm and the digits or the address of a list, like sha256:2cf24dba...';
    return webFault(a) ?? modeFault(a.mode) ?? validateFault(a.validate);
  },

  file: a => a,

  goal: (a): Goal => ({ content: 'current', type: 'file', ...attributeGoal(a) }),

  probe: (a, want, local) =>
    sh.lines(
      sh`[ -e "$tp_dir/web/got" ] || rm -rf -- "$tp_dir/web"`, // of a task before
      startCode(a),
      contentCode(a, local),
      sh`tp_kv content "$tp_value"`,
      sh`tp_stat ${[statFlags(a)]} "$tp_dest" ${want.filter(key => key !== 'content' && !DOWNLOAD.includes(key))}`,
      sh`[ ! -e "$tp_dir/web/said" ] || cat -- "$tp_dir/web/said"`,
      sh`[ ! -e "$tp_dir/web/got" ] || rm -rf -- "$tp_dir/web"`,
      sh`[ "$tp_mode" != 1 ] || rm -f -- "$tp_get"`,
    ),

  detail: a => [...FILE, ...(a.backup ? ['backup_file'] : []), ...DOWNLOAD],

  apply(a, local) {
    const [, algorithm] = CHECKSUM.exec(a.checksum) ?? [];
    return sh.lines(
      startCode(a),
      a.dest.endsWith('/') && sh`tp_mkdir '' '' '' ${hostPath(a.dest)}`,
      sh`[ -e "$tp_get" ] || {`,
      downloadCode(a, local),
      sh`}`,
      nameCode(a),
      sumCode(a, local),
      algorithm !== undefined && sh`tp_sum ${algorithm} "$tp_get"`,
      algorithm !== undefined &&
        sh`[ "$tp_sum" = "$tp_listed" ] || tp_error ${`the ${algorithm} of ${a.url} is`} "$tp_sum, not $tp_listed"`,
      sh`tp_install ${installFlags(a)} "$tp_get" "$tp_dest"`,
      // the second look need not download again
      sh`: >"$tp_dir/web/got"; rm -f -- "$tp_get"`,
    );
  },

  relay(a, local) {
    const request = relays(a, local);
    return relayOf(request, { bytes: Buffer.alloc(0) });
  },

  failed(a, message) {
    const [, response, status] = /: (HTTP Error (\d{3}).*)$/m.exec(message) ?? [];
    return { dest: a.dest, url: a.url, ...(status !== undefined && { response, status_code: Number(status) }) };
  },

  values(a, state) {
    const { path, mode, owner, group, uid, gid, size, backup_file } = state;
    const facts = mode
      ? { mode, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size), state: 'file' }
      : {};
    const asked = state['via']
      ? {
          msg: state['status'] ? `OK (${state['size'] ?? 'unknown'} bytes)` : (state['reason'] ?? 'OK'),
          ...(state['status'] && { status_code: Number(state['status']) }),
          elapsed: Number(state['elapsed']),
          via: state['via'],
          checksum_src: state['checksum_src'],
          checksum_dest: state['checksum_src'],
          md5sum: state['md5sum'],
        }
      : { msg: 'file already exists' };
    return { dest: path ?? a.dest, url: a.url, ...asked, ...facts, ...(backup_file ? { backup_file } : {}) };
  },
});
