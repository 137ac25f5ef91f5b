import { defineQuery, sh } from '../module.ts';
import { hostPath } from './shared/attributes.ts';
import { baseName } from './shared/path.ts';
import { checksum } from './shared/sums.ts';

interface Args {
  readonly src: string;
  readonly dest: string;
  readonly flat: boolean;
}

/** What the probe says, with this status, of a file that is not there. */
const MISSING = 44;

export default defineQuery({
  name: 'fetch',
  doc: 'Brings a file of the host to the controller.',
  args: {
    properties: {
      src: { type: 'string', description: 'The file on the host.' },
      dest: {
        type: 'string',
        description: 'Folder on the controller, where HOST/PATH is made; with flat, the path itself.',
      },
      flat: {
        type: 'boolean',
        default: false,
        description: 'Puts the file at dest, or in dest when that ends in "/".',
      },
      fail_on_missing: { type: 'boolean', default: true, description: 'Whether a missing file is an error.' },
      validate_checksum: { type: 'boolean', default: true, description: 'The protocol tells a torn file in any case.' },
    },
    required: ['src', 'dest'],
  },
  examples: `
- fetch: { src: /etc/app/key.pub, dest: keys/{{ inventory_hostname }}.pub, flat: true }
`,
  returns: {
    dest: 'path on the controller',
    checksum: 'SHA1 of the file',
    md5sum: 'MD5 of the file',
    remote_checksum: 'SHA1 of the file on the host',
  },

  probe(a) {
    const src = hostPath(a.src);
    return sh.lines(
      sh`[ ! -d ${src} ] || tp_error ${`${a.src} is a directory: fetch takes files`} || exit`,
      sh`[ -e ${src} ] || exit ${MISSING}`,
      sh`cat -- ${src}`,
    );
  },

  parse(reply, a) {
    if (reply.rc === MISSING) {
      const msg = `the remote file ${a.src} does not exist`;
      return a.fail_on_missing
        ? { failed: msg }
        : { values: { msg: `${msg}, not transferring, ignored`, file: a.src } };
    }
    if (reply.rc !== 0) return { failed: reply.stderr.trim() || `${a.src} cannot be read` };
    const sum = checksum('sha1', reply.bytes);
    return { values: { checksum: sum, remote_checksum: sum, md5sum: checksum('md5', reply.bytes), file: a.src } };
  },

  store(a, reply, host) {
    return reply.rc === 0 ? { path: target(a, host), bytes: reply.bytes } : undefined;
  },
});

function target(a: Args, host: string): string {
  if (!a.flat) return `${a.dest.replace(/\/+$/, '')}/${host}/${a.src.replace(/^\/+/, '')}`;
  return a.dest.endsWith('/') ? a.dest + baseName(a.src) : a.dest;
}
