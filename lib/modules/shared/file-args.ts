import type { ArgsSchema, Attributes } from '../../module.ts';
import { attributeArgs, modeFault } from './attributes.ts';
import { type Times, timeArgs, timesFault } from './file-times.ts';

export interface FileArgs extends Times, Attributes {
  readonly path: string;
  readonly state?: 'file' | 'directory' | 'link' | 'hard' | 'touch' | 'absent' | undefined;
  readonly src?: string | undefined;
  readonly follow: boolean;
  readonly force: boolean;
  readonly recurse: boolean;
}

/** The arguments of the module file. */
export const fileArgs = {
  properties: {
    path: { type: 'string', path: true, aliases: ['dest', 'name'], description: 'Path on the host.' },
    state: {
      type: 'string',
      enum: ['file', 'directory', 'link', 'hard', 'touch', 'absent'],
      description: 'What it shall be; without it, whatever is there gets the attributes (a directory with recurse).',
    },
    src: { type: 'string', path: true, description: 'What a link shall lead to (state link and hard).' },
    ...attributeArgs,
    ...timeArgs,
    follow: {
      type: 'boolean',
      default: true,
      description:
        'Sets attributes of what a link leads to; with recurse also of links below, wherever they lead: say false where others may make links.',
    },
    force: {
      type: 'boolean',
      default: false,
      description: 'Makes links to what is not there, and in place of files.',
    },
    recurse: { type: 'boolean', default: false, description: 'Sets the attributes of everything below, too.' },
    unsafe_writes: {
      type: 'boolean',
      default: false,
      description: 'Of no effect, as in Ansible: this module never replaces what is in a file.',
    },
  },
  required: ['path'],
} as const satisfies ArgsSchema;

/** What is wrong with these arguments together, as a sentence. */
export function fileFault(a: FileArgs): string | undefined {
  if ((a.state === 'link' || a.state === 'hard') && a.src === undefined)
    return `state ${a.state} needs "src", what it shall lead to`;
  if (a.src !== undefined && a.state !== 'link' && a.state !== 'hard') return 'src is for the states link and hard';
  if (a.recurse && a.state !== undefined && a.state !== 'directory') return 'recurse is for state directory';
  if (a.attributes !== undefined && a.state === 'link' && !a.follow)
    return 'a link has no attributes of its own: leave follow out, to mean what it leads to';
  return timesFault(a) ?? modeFault(a.mode);
}
