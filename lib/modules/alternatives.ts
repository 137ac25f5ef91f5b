import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { isWhole } from './shared/path.ts';

const args = {
  properties: {
    name: { type: 'string', description: 'The generic name.' },
    path: { type: 'string', path: true, description: 'The program that the link shall lead to.' },
    link: { type: 'string', path: true, description: 'The link; needed for a name that the host does not know yet.' },
    priority: { type: 'integer', description: 'Its priority: that which it has, or 50 for a new one, unless told.' },
    state: {
      type: 'string',
      enum: ['present', 'selected', 'auto', 'absent'],
      default: 'selected',
      description:
        'present: it is one of the alternatives; selected: it is the one that is used; auto: it is one, and that with the highest priority is used; absent: it is none.',
    },
    subcommands: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, link: { type: 'string' }, path: { type: 'string' } },
        required: ['name', 'link', 'path'],
      },
      aliases: ['slaves'],
      description: 'Links that change with it, all of them, each with name, link and path; as they are unless told.',
    },
  },
  required: ['name', 'path'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'alternatives',
  doc: "Keeps alternatives: programs that one name may stand for, by the host's update-alternatives or alternatives.",
  args,
  examples: `
- alternatives:
    name: java
    path: /usr/lib/jvm/java-17-openjdk-amd64/bin/java
- alternatives:
    name: python
    link: /usr/bin/python
    path: /usr/bin/python3.11
    priority: 10
    state: auto
- alternatives:
    name: java
    link: /usr/bin/java
    path: /opt/jdk/bin/java
    subcommands:
      - name: keytool
        link: /usr/bin/keytool
        path: /opt/jdk/bin/keytool
`,
  returns: { name: 'As given.', path: 'As given.', state: 'As given.' },

  check(a) {
    for (const name of [a.name, ...subcommands(a).map(s => s.name)])
      if (!/^[^\s/-][^\s/]*$/.test(name)) return `"${name}" cannot be the name of an alternative`;
    const paths = [a.path, a.link, ...subcommands(a).flatMap(s => [s.link, s.path])];
    for (const path of paths)
      if (path !== undefined && !(isWhole(path) && /^.[^\n\0]+$/.test(path)))
        return `"${path}" is not an absolute path`;
    const twice = subcommands(a).find((s, i, all) => all.findIndex(o => o.name === s.name) !== i);
    return twice === undefined ? undefined : `there are two subcommands "${twice.name}"`;
  },

  goal: a =>
    a.state === 'absent'
      ? { installed: false }
      : {
          installed: true,
          link: a.link,
          priority: a.priority,
          subcommands: a.subcommands && lines(a),
          mode: a.state === 'auto' ? 'auto' : undefined,
          selected: a.state === 'selected' ? a.path : undefined,
        },

  detail: () => ['lacks'],
  probe: (a, want) =>
    sh`tp_state=${a.state} tp_link_wanted=${a.link ?? ''}; tp_alternative ${a.name} ${a.path} ${[...want]}`,

  apply(a) {
    const tool = sh`tp_alternatives_tool`;
    if (a.state === 'absent') return sh.lines(tool, sh`"$tp_tool" --remove ${a.name} ${a.path}`);
    return sh.lines(
      tool,
      sh`tp_alternative_install ${a.name} ${a.path} ${a.link ?? ''} ${a.priority ?? ''} ${a.subcommands === undefined ? 'keep' : 'set'} ${a.subcommands === undefined ? '' : lines(a)}`,
      a.state === 'selected' && sh`"$tp_tool" --set ${a.name} ${a.path}`,
      a.state === 'auto' && sh`"$tp_tool" --auto ${a.name}`,
    );
  },

  values: a => ({ name: a.name, path: a.path, state: a.state }),
});

interface Subcommand {
  readonly name: string;
  readonly link: string;
  readonly path: string;
}

function subcommands(a: Args): readonly Subcommand[] {
  return a.subcommands ?? [];
}

/** A subcommand is three lines, as in the host's own list; sorted, since their order means nothing. */
function lines(a: Args): string {
  return [...subcommands(a)]
    .sort((x, y) => (x.name < y.name ? -1 : 1))
    .map(s => `${s.name}\n${s.link}\n${s.path}`)
    .join('\n');
}
