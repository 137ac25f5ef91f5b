import { type Attributes, type FileWishes, type Goal, type Sh, sh } from '../../module.ts';

const SE_NAME = '^[\\w.-]+$';
const SE_HOSTS = "_default is the policy's; on a host without SELinux it is passed over, as in Ansible.";

/** Ansible's common file arguments. */
export const attributeArgs = {
  mode: {
    type: 'string',
    mode: true,
    description: 'Permissions: quoted octal digits like "0644", or a symbolic mode like u=rwX,g=rX,o=.',
  },
  owner: { type: 'string', description: 'User who shall own it: a name or a number.' },
  group: { type: 'string', description: 'Group that shall own it: a name or a number.' },
  attributes: {
    type: 'string',
    pattern: '^[-+=]?[AacCdDeFijmPsSTtux]*$',
    aliases: ['attr'],
    description:
      'Flags of chattr: +i adds, -i takes away, =i or i are all that it shall have. Flags that forbid writing are lifted while the task changes the file.',
  },
  seuser: { type: 'string', pattern: SE_NAME, description: `User of the SELinux context. ${SE_HOSTS}` },
  serole: { type: 'string', pattern: SE_NAME, description: `Role of the SELinux context. ${SE_HOSTS}` },
  setype: { type: 'string', pattern: SE_NAME, description: `Type of the SELinux context. ${SE_HOSTS}` },
  selevel: { type: 'string', pattern: '^[\\w.:,-]+$', description: `Level of the SELinux context. ${SE_HOSTS}` },
} as const;

/** Arguments of what replaces a file's content. */
export const writeArgs = {
  ...attributeArgs,
  backup: { type: 'boolean', default: false, description: 'Keeps a copy of the old file beside it.' },
  validate: {
    type: 'string',
    description: 'A command that must succeed before the file is put in place; %s becomes the path of the new file.',
  },
  unsafe_writes: {
    type: 'boolean',
    default: false,
    description: 'Writes into the file where it cannot be replaced (a file mounted into a container).',
  },
} as const;

const OCTAL = /^0?[0-7]{3,4}$/;
const CLAUSE = /^[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+$/;

/** What is wrong with a mode, as a sentence. */
export function modeFault(mode: string | undefined): string | undefined {
  if (mode === undefined || OCTAL.test(mode) || mode.split(',').every(clause => CLAUSE.test(clause))) return undefined;
  return `"${mode}" is not a mode: write octal digits like "0644" or a symbolic mode like "u=rw,g=r"`;
}

/** A mode as the state has it: four octal digits; a symbolic one as it is. */
export function normalMode(mode: string | undefined): string | undefined {
  return mode !== undefined && OCTAL.test(mode)
    ? Number.parseInt(mode, 8).toString(8).padStart(4, '0')
    : mode || undefined;
}

/** The part of a goal that the attributes make; a number asks for uid or gid, as a name of digits does in Ansible. */
export function attributeGoal(a: Attributes): Goal {
  return {
    mode: normalMode(a.mode),
    ...owned(a.owner, 'owner', 'uid'),
    ...owned(a.group, 'group', 'gid'),
    ...markGoal(a),
  };
}

function markGoal(a: Attributes): Goal {
  const { attributes, seuser, serole, setype, selevel } = a;
  return { attributes: attributes === '' ? '=' : attributes, seuser, serole, setype, selevel };
}

/** Whether flags or a SELinux context are asked for. */
export function hasMarks(a: Attributes): boolean {
  return Object.values(markGoal(a)).some(value => value !== undefined);
}

/** What a frame begins with where flags or a SELinux context are asked for: looking and writing then heed them. */
export function marks(a: Attributes): Sh | undefined {
  if (!hasMarks(a)) return undefined;
  const { attributes = '', seuser = '', serole = '', setype = '', selevel = '' } = markGoal(a);
  const context = [seuser, serole, setype, selevel].join(':');
  return sh`tp_marks ${[String(attributes), context === ':::' ? '' : context]}`;
}

function owned(value: string | undefined, name: string, id: string): Goal {
  if (value === undefined || value === '') return {};
  return /^\d+$/.test(value) ? { [id]: String(Number(value)) } : { [name]: value };
}

/** Flags of tp_stat that attributes need: a symbolic mode is compared on the host. */
export function statFlags(a: Attributes): readonly string[] {
  const mode = normalMode(a.mode);
  return mode === undefined || OCTAL.test(mode) ? [] : ['-m', mode];
}

/** A path as a word that no command takes for an option. */
export function hostPath(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

/** `tp_set OWNER GROUP MODE`, to be followed by paths; undefined when there is nothing to set. */
export function setAttributes(a: Attributes): Sh | undefined {
  if (!a.owner && !a.group && !a.mode && !hasMarks(a)) return undefined;
  return sh`tp_set ${[a.owner ?? '', a.group ?? '', normalMode(a.mode) ?? '']}`;
}

/** Flags of tp_install. */
export function installFlags(a: FileWishes): Sh {
  const flags = Object.entries({ '-m': normalMode(a.mode), '-o': a.owner, '-g': a.group });
  const given = flags.flatMap(([flag, value]) => (value ? [flag, value] : []));
  const code = a.validate === undefined ? undefined : sh`-v ${sh.quoted(validateCode(a.validate))}`;
  return sh`${[given, code, a.backup && '-b', a.unsafe_writes && '-u']}`;
}

/** What is wrong with a validate command, as a sentence. */
export function validateFault(command: string | undefined): string | undefined {
  if (command === undefined) return undefined;
  if (!command.includes('%s')) return 'validate must contain %s, which becomes the path of the new file';
  return words(command) === undefined ? 'validate has a quote that is not closed' : undefined;
}

/** The validate command as code; the new file is $tp_new. As Ansible: words are split, nothing else is expanded. */
function validateCode(command: string): Sh {
  const list = (words(command) ?? []).map(word => {
    const pieces = word.split('%s').map(piece => (piece === '' ? sh`` : sh`${piece}`));
    return pieces.reduce((all, piece) => sh`${all}"$tp_new"${piece}`);
  });
  return sh`${list}`;
}

/** Splits as a POSIX shell does, without expansions; undefined when a quote is open. */
export function words(text: string): readonly string[] | undefined {
  const found: string[] = [];
  let word: string | undefined;
  const pattern = /\s+|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)|([^])/gy;
  for (const [all, single, double, escaped, plain, odd] of text.matchAll(pattern)) {
    if (odd !== undefined) return undefined;
    const piece = single ?? double?.replace(/\\(["\\$`\n])/g, '$1') ?? escaped ?? plain;
    if (piece === undefined) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else word = (word ?? '') + piece;
    void all;
  }
  if (word !== undefined) found.push(word);
  return found;
}
