import { defineQuery, type Reply, sh } from '../module.ts';
import { hostPath } from './shared/attributes.ts';
import { baseName } from './shared/path.ts';
import { checksum } from './shared/sums.ts';

interface Args {
  readonly src: string;
  readonly dest: string;
  readonly flat: boolean;
}

/** A larger file is not sent with the look, which tells its checksum: it may be here already. */
const INLINE = 256 * 1024;

/** Of a larger file the look does not tell the checksum: it is made while the file comes. */
const SUMMED = 8 * 1024 * 1024;

/** What the probe says, with this status, of a file that is not there. */
const MISSING = 44;

export default defineQuery({
  name: 'fetch',
  doc: 'Brings a file of the host to the controller.',
  args: {
    properties: {
      src: { type: 'string', path: true, description: 'The file on the host.' },
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
    md5sum: 'MD5 of the file, where it has no more than 256 KiB',
    remote_checksum: 'SHA1 of the file on the host',
  },

  probe(a) {
    const src = hostPath(a.src);
    return sh.lines(
      sh`[ ! -d ${src} ] || tp_error ${`${a.src} is a directory: fetch takes files`} || exit`,
      sh`[ -e ${src} ] || exit ${MISSING}`,
      sh`tp_attrs ${src} -L && tp_size=$tp_f_size || exit`,
      sh`if [ "$tp_size" -le ${INLINE} ]; then printf 'all\n'; cat -- ${src}`,
      sh`elif [ "$tp_size" -le ${SUMMED} ]; then tp_sum sha1 ${src} && printf 'large %s %s\n' "$tp_size" "$tp_sum"`,
      sh`else printf 'large %s\n' "$tp_size"; fi`,
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
    const { large, bytes } = answer(reply);
    const sha1 = large === undefined ? checksum('sha1', bytes) : large.sha1;
    const md5 = large === undefined ? { md5sum: checksum('md5', bytes) } : {};
    return { values: { ...(sha1 !== undefined && sums(sha1)), ...md5, file: a.src } };
  },

  store(a, reply, host) {
    if (reply.rc !== 0) return undefined;
    const { large, bytes } = answer(reply);
    if (large === undefined) return { path: target(a, host), bytes };
    const src = hostPath(a.src);
    const sum = sh`tp_sum sha1 ${src} ${large.size} && printf '%s' "$tp_sum"`;
    return { path: target(a, host), large: { ...large, sum, print: sh`tp_cat_still ${src}`, values: sums } };
  },
});

function sums(sha1: string) {
  return { checksum: sha1, remote_checksum: sha1 };
}

/** What the probe said: the bytes, or of a large file its size and the checksum that it took no time to make. */
function answer({ bytes }: Reply) {
  const end = bytes.indexOf(10) + 1;
  const [word, size, sha1] = Buffer.from(bytes.subarray(0, end)).toString('latin1').trim().split(' ');
  return { bytes: bytes.subarray(end), ...(word === 'large' && { large: { size: Number(size), sha1 } }) };
}

function target(a: Args, host: string): string {
  if (!a.flat) return `${a.dest.replace(/\/+$/, '')}/${host}/${a.src.replace(/^\/+/, '')}`;
  return a.dest.endsWith('/') ? a.dest + baseName(a.src) : a.dest;
}
