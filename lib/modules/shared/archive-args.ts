import type { ArgsSchema, Attributes } from '../../module.ts';
import { attributeArgs, modeFault, writeArgs } from './attributes.ts';
import { isWhole } from './path.ts';

export interface ArchiveArgs extends Attributes {
  readonly path: readonly string[];
  readonly dest?: string | undefined;
  readonly format: 'bz2' | 'gz' | 'tar' | 'xz' | 'zip';
  readonly exclude_path: readonly string[];
  readonly exclusion_patterns?: readonly string[] | undefined;
  readonly force_archive: boolean;
  readonly remove: boolean;
  readonly unsafe_writes: boolean;
}

/** The arguments of the module archive. */
export const archiveArgs = {
  properties: {
    path: {
      type: 'array',
      path: true,
      items: { type: 'string' },
      description: 'What is packed: absolute paths, in which * and ? may be used.',
    },
    dest: {
      type: 'string',
      path: true,
      description:
        'The archive. For one file without a pattern it may be left out: then it is the file with the format behind its name.',
    },
    format: {
      type: 'string',
      enum: ['bz2', 'gz', 'tar', 'xz', 'zip'],
      default: 'gz',
      description: 'How it is packed: gz, bz2 and xz are a compressed tar, or one file compressed.',
    },
    exclude_path: {
      type: 'array',
      path: true,
      items: { type: 'string' },
      default: [],
      description: 'Of what path stands for, these paths are left out; * and ? may be used.',
    },
    exclusion_patterns: {
      type: 'array',
      path: true,
      items: { type: 'string' },
      description: 'Shell patterns of names in the archive, seen from its root (* matches slashes): they are left out.',
    },
    force_archive: { type: 'boolean', default: false, description: 'Makes an archive of a single file, too.' },
    remove: {
      type: 'boolean',
      default: false,
      description:
        'Removes what path stands for, once it is in the archive: folders with all that is in them, also what exclusion_patterns left out.',
    },
    ...attributeArgs,
    unsafe_writes: writeArgs.unsafe_writes,
  },
  required: ['path'],
} as const satisfies ArgsSchema;

/** What is wrong with these arguments together, as a sentence. */
export function archiveFault(a: ArchiveArgs): string | undefined {
  if (a.path.length === 0) return 'path must name something';
  const relative = [...a.path, ...a.exclude_path].find(p => !isWhole(p));
  if (relative !== undefined) return `"${relative}" is not an absolute path`;
  if (a.dest === undefined && (a.path.length > 1 || a.path.some(isPattern)))
    return 'dest is needed where several files are packed';
  if (a.dest?.endsWith('/')) return 'dest must be the path of a file, and this one ends in "/"';
  if ([...a.path, ...a.exclude_path, ...(a.exclusion_patterns ?? [])].some(p => p.includes('\n')))
    return 'a path or pattern cannot hold a line break';
  return modeFault(a.mode);
}

/** As Ansible: a set of characters alone makes no pattern of a path. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}
