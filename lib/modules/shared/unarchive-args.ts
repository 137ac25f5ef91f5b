import type { ArgsSchema, Attributes } from '../../module.ts';
import { attributeArgs, modeFault, writeArgs } from './attributes.ts';
import { decryptArg } from './decrypt.ts';

export interface UnarchiveArgs extends Attributes {
  readonly src: string;
  readonly dest: string;
  readonly decrypt: boolean;
  readonly remote_src: boolean;
  readonly creates?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly list_files: boolean;
  readonly copy?: boolean | undefined;
  readonly keep_newer: boolean;
  readonly extra_opts?: readonly string[] | undefined;
  readonly validate_certs: boolean;
  readonly unsafe_writes: boolean;
}

/** The arguments of the module unarchive. */
export const unarchiveArgs = {
  properties: {
    src: {
      type: 'string',
      path: 'remote_src',
      description:
        'Archive of the controller: tar, also with gzip, bzip2, xz or zstd, or zip. With remote_src a path of the host, or an address (http, https, ftp, file) that the host downloads from.',
    },
    dest: { type: 'string', path: true, description: 'Folder on the host; it must exist.' },
    ...decryptArg,
    remote_src: { type: 'boolean', default: false, description: 'src is on the host.' },
    copy: { type: 'boolean', description: 'The older word for remote_src: false says that src is on the host.' },
    creates: { type: 'string', path: true, description: 'When this path exists, nothing is done.' },
    include: {
      type: 'array',
      items: { type: 'string' },
      description: 'Members to unpack; shell patterns may be used.',
    },
    exclude: {
      type: 'array',
      items: { type: 'string' },
      description: 'Members to leave out; shell patterns may be used.',
    },
    list_files: { type: 'boolean', default: false, description: 'Returns the names of the members.' },
    keep_newer: {
      type: 'boolean',
      default: false,
      description: 'Files of dest that are newer than those of the archive stay as they are.',
    },
    extra_opts: {
      type: 'array',
      items: { type: 'string' },
      description:
        'Further words for the tar or unzip of the host, each an item: those that choose or rename members (--strip-components=1, --transform, --exclude, -j of unzip).',
    },
    io_buffer_size: {
      type: 'integer',
      default: 65536,
      minimum: 1,
      description: 'Of no effect: the tools of the host choose it.',
    },
    validate_certs: {
      type: 'boolean',
      default: true,
      description: 'Of a src with https: refuses a certificate that nobody vouches for.',
    },
    ...attributeArgs,
    unsafe_writes: writeArgs.unsafe_writes,
  },
  required: ['src', 'dest'],
  exclusive: [
    ['include', 'exclude'],
    ['copy', 'remote_src'],
  ],
} as const satisfies ArgsSchema;

/** What is wrong with these arguments together, as a sentence. */
export function unarchiveFault(a: UnarchiveArgs): string | undefined {
  if (isAddress(a) && !isRemote(a)) return 'src is an address: with remote_src the host downloads from it';
  if (isAddress(a) && !/^(https?|ftp|file):/.test(a.src))
    return 'src must begin with http://, https://, ftp:// or file://';
  if (isAddress(a) && !a.src.startsWith('file:') && !URL.canParse(a.src)) return 'src is not an address';
  const odd = oddOption(a);
  if (odd !== undefined) return `extra_opts cannot have "${odd}": it may have ${[...FLAGS, ...VALUED].join(', ')}`;
  const chooses = (a.include?.length ?? 0) + (a.exclude?.length ?? 0) > 0;
  if (chooses && (a.extra_opts ?? []).some(word => word !== ''))
    return 'include and exclude cannot come with extra_opts: names may be others by then; give --exclude as one of extra_opts';
  if ([...(a.include ?? []), ...(a.exclude ?? [])].some(p => p.includes('\n')))
    return 'a pattern cannot hold a line break';
  return modeFault(a.mode);
}

/** Whether src is on the host, or comes to it from elsewhere. */
export function isRemote(a: Pick<UnarchiveArgs, 'remote_src' | 'copy'>): boolean {
  return a.remote_src || a.copy === false;
}

/** As Ansible: an address by what stands in it. */
export function isAddress(a: Pick<UnarchiveArgs, 'src'>): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(a.src);
}

/** Options of tar and unzip that choose or rename members; others could write elsewhere or run programs. */
const FLAGS = [
  ...['--wildcards', '--no-wildcards', '--anchored', '--no-anchored', '--ignore-case', '--no-ignore-case'],
  ...['--wildcards-match-slash', '--no-wildcards-match-slash', '--no-same-owner', '--same-owner', '--numeric-owner'],
  ...['--no-same-permissions', '--same-permissions', '--overwrite', '-j', '-o', '-q'],
];
const VALUED = ['--strip-components', '--strip', '--transform', '--xform', '--exclude'];

function oddOption({ extra_opts = [] }: Pick<UnarchiveArgs, 'extra_opts'>): string | undefined {
  const words = extra_opts.filter(word => word !== '');
  return words.find((word, i) => {
    const name = word.replace(/=.*/s, '');
    if (VALUED.includes(name) || FLAGS.includes(word)) return false;
    return !VALUED.includes(words[i - 1] ?? '');
  });
}
