import type { ArgsSchema, Attributes } from '../../module.ts';
import { attributeArgs, modeFault } from './attributes.ts';
import { decryptArg } from './decrypt.ts';
import { isUrl } from './release-source.ts';

export interface ReleaseArgs extends Attributes {
  readonly path: string;
  readonly version?: string | undefined;
  readonly state: 'unpacked' | 'current' | 'permanent' | 'rolled_back' | 'absent';
  readonly src?: string | undefined;
  readonly remote_src: boolean;
  readonly decrypt: boolean;
  readonly subfolder?: string | undefined;
  readonly keep?: number | undefined;
}

/** The arguments of the module release. */
export const releaseArgs = {
  properties: {
    path: { type: 'string', description: 'Folder of all releases, an absolute path; it is made when it is missing.' },
    version: {
      type: 'string',
      description: 'Name of the release. With rolled_back: only when this one is current, nothing is done else.',
    },
    state: {
      type: 'string',
      enum: ['unpacked', 'current', 'permanent', 'rolled_back', 'absent'],
      description:
        'unpacked: it is there. current: it is used, too (the link current, replaced by one rename). permanent: it has proved itself, too (the link permanent). rolled_back: the permanent release is current again. absent: it is removed; refused while it is current or permanent.',
    },
    src: {
      type: 'string',
      description:
        'Archive or folder of the controller that the release is made of, when it is not there yet. A release never changes: another archive needs another version.',
    },
    remote_src: { type: 'boolean', default: false, description: 'src is on the host.' },
    ...decryptArg,
    subfolder: {
      type: 'string',
      description: 'The folder in src that is the release (app-1.0); without it all of it.',
    },
    keep: {
      type: 'integer',
      minimum: 0,
      description:
        'How many old releases stay, those used last; without it all. Old is what was current once: never the current, the permanent, or one that still waits.',
    },
    owner: {
      ...attributeArgs.owner,
      description: 'User who owns all of it when it is unpacked, else the one who unpacks.',
    },
    group: { ...attributeArgs.group, description: 'Group of all of it when it is unpacked.' },
    mode: {
      ...attributeArgs.mode,
      description: 'Permissions of all of it when it is unpacked, like u=rwX,go=rX; without it those it has in src.',
    },
  },
  required: ['path', 'state'],
} as const satisfies ArgsSchema;

/** What is wrong with these arguments together, as a sentence. */
export function releaseFault(a: ReleaseArgs): string | undefined {
  if (!/^\/[^\n\0]*[^/\n\0]\/*$/.test(a.path)) return `path must be absolute, like /srv/app, and "${a.path}" is not`;
  if (a.version === undefined && a.state !== 'rolled_back') return `state ${a.state} needs "version"`;
  return versionFault(a.version) ?? subfolderFault(a.subfolder) ?? stray(a) ?? modeFault(a.mode);
}

/** The name of a folder; names that begin with a dot are those of what is under way. */
function versionFault(version: string | undefined): string | undefined {
  if (version === undefined || /^[^./\s\0][^/\n\0]*$/.test(version)) return undefined;
  return `"${version}" cannot be a version: it is the name of a folder, without "/" and not beginning with "."`;
}

function subfolderFault(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  const inside =
    folder !== '' && !folder.startsWith('/') && !folder.split('/').includes('..') && !/[\n\0]/.test(folder);
  return inside ? undefined : `"${folder}" is no folder in src: give a path as it is in the archive, like app-1.0`;
}

/** An argument that the state has no use for. */
function stray(a: ReleaseArgs): string | undefined {
  const made = { subfolder: a.subfolder, owner: a.owner, group: a.group, mode: a.mode };
  const given = Object.entries(made).find(([, value]) => value !== undefined)?.[0];
  if (a.src === undefined) return given === undefined ? undefined : `${given} is for unpacking src, which is not given`;
  if (a.state === 'absent' || a.state === 'rolled_back') return `state ${a.state} unpacks nothing: leave src away`;
  return !a.remote_src && isUrl(a.src)
    ? 'src cannot be a URL: fetch it with get_url, then give its path with remote_src'
    : undefined;
}
