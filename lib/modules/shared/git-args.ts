import type { ArgsSchema } from '../../module.ts';

export interface GitArgs {
  readonly repo: string;
  readonly dest?: string | undefined;
  readonly version: string;
  readonly remote: string;
  readonly refspec?: string | undefined;
  readonly reference?: string | undefined;
  readonly force: boolean;
  readonly depth?: number | undefined;
  readonly clone: boolean;
  readonly update: boolean;
  readonly verify_commit: boolean;
  readonly gpg_whitelist: readonly string[];
  readonly accept_hostkey: boolean;
  readonly accept_newhostkey: boolean;
  readonly key_file?: string | undefined;
  readonly ssh_opts?: string | undefined;
  readonly executable?: string | undefined;
  readonly bare: boolean;
  readonly recursive: boolean;
  readonly single_branch: boolean;
  readonly track_submodules: boolean;
  readonly umask?: string | undefined;
  readonly archive?: string | undefined;
  readonly archive_prefix?: string | undefined;
  readonly separate_git_dir?: string | undefined;
}

/** The arguments of the module git. */
export const gitArgs = {
  properties: {
    repo: {
      type: 'string',
      aliases: ['name'],
      description:
        'Address of the repository: https, ssh, git, or a path of the host. A password in it is not stored and is in no argument of a program.',
    },
    dest: { type: 'string', path: true, description: 'Folder of the working copy; left away only with clone: false.' },
    version: {
      type: 'string',
      default: 'HEAD',
      description:
        'Branch, tag or commit. HEAD is the branch that is checked out, at first the default one of the repository.',
    },
    remote: { type: 'string', default: 'origin', description: 'Name of the remote.' },
    refspec: {
      type: 'string',
      description: 'Further references to fetch, like refs/pull/7/head, where a commit is on no branch.',
    },
    reference: {
      type: 'string',
      path: true,
      description: 'Repository of the host whose objects are used instead of fetched.',
    },
    force: {
      type: 'boolean',
      default: false,
      description: 'Discards local modifications and commits; without it they are an error.',
    },
    depth: { type: 'integer', minimum: 1, description: 'How many commits of the history to fetch; without it all.' },
    clone: {
      type: 'boolean',
      default: true,
      description: 'false: nothing is done where there is no copy yet, but for asking what the version is.',
    },
    update: {
      type: 'boolean',
      default: true,
      description: 'false: a copy that is there stays as it is.',
    },
    verify_commit: {
      type: 'boolean',
      default: false,
      description: 'The commit, or the tag, must have a good GPG signature; looked at before it is checked out.',
    },
    gpg_whitelist: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      aliases: ['gpg_allowlist'],
      description: 'Fingerprints: with verify_commit the signature must be by one of these keys.',
    },
    accept_hostkey: {
      type: 'boolean',
      default: false,
      description: 'Asks the server for no known host key: whoever answers is believed.',
    },
    accept_newhostkey: {
      type: 'boolean',
      default: false,
      description: 'Believes a server that was never seen, and refuses one whose key has changed.',
    },
    key_file: { type: 'string', path: true, description: 'Private key on the host to log in with.' },
    ssh_opts: { type: 'string', description: 'Further options of ssh.' },
    executable: { type: 'string', path: true, description: 'Path of git.' },
    bare: {
      type: 'boolean',
      default: false,
      description: 'A repository without working files, with all branches and tags.',
    },
    recursive: { type: 'boolean', default: true, description: 'Submodules too.' },
    single_branch: { type: 'boolean', default: false, description: 'Fetches only the branch or tag of version.' },
    track_submodules: {
      type: 'boolean',
      default: false,
      description: 'Submodules at the end of their branches, instead of where the copy says.',
    },
    umask: { type: 'string', description: 'The umask, quoted octal digits like "0022".' },
    archive: {
      type: 'string',
      path: true,
      description: 'Also writes the files of the version into this archive of the host: .zip, .tar, .tar.gz or .tgz.',
    },
    archive_prefix: { type: 'string', description: 'Is put before each path in the archive, like app-1.0/.' },
    separate_git_dir: { type: 'string', path: true, description: "Where git's own files are, instead of DEST/.git." },
  },
  required: ['repo'],
  exclusive: [
    ['separate_git_dir', 'bare'],
    ['accept_hostkey', 'accept_newhostkey'],
  ],
} as const satisfies ArgsSchema;

/** What is wrong with these arguments together, as a sentence. */
export function gitFault(a: GitArgs): string | undefined {
  if (a.dest === undefined && a.clone) return 'give dest, the folder of the working copy';
  if (a.archive_prefix !== undefined && a.archive === undefined)
    return 'archive_prefix is about archive, which is not given';
  if (a.archive !== undefined && formatOf(a.archive) === '')
    return `archive ${a.archive} must end in .zip, .tar, .tar.gz or .tgz`;
  if (a.umask !== undefined && !/^0?[0-7]{3}$/.test(a.umask)) return `umask "${a.umask}" is not like "0022"`;
  const odd = [a.version, a.remote, a.repo].find(text => text.startsWith('-') || /[\n\0]/.test(text));
  return odd === undefined ? undefined : `"${odd}" cannot be a name or an address of git`;
}

/** What is packed into an archive of this name; empty where it cannot be told. */
export function formatOf(archive: string): string {
  return /\.(zip|tar|tar\.gz|tgz)$/.exec(archive)?.[1] ?? '';
}
