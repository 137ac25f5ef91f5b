import { basename } from 'node:path';
import { defineConverge, type Goal, type Locals, put, type Sh, type State, sh } from '../module.ts';
import {
  at,
  fileForm,
  installForm,
  knowsForm,
  lookForm,
  type Node,
  permanentForm,
  removeForm,
  runningForm,
  unpackForm,
} from './shared/erlang.ts';

interface Args extends Omit<Node, 'home'> {
  readonly home?: string | undefined;
  readonly version: string;
  readonly state: 'unpacked' | 'current' | 'permanent' | 'absent';
  readonly src?: string | undefined;
  readonly archive?: string | undefined;
  readonly timeout: number;
}

export default defineConverge({
  name: 'erlang_release',
  doc: "Releases of an Erlang target system that runs: unpacked, made current (hot, or by a restart of the emulator under heart), made permanent or removed by the node's own release_handler.",
  args: {
    properties: {
      root: { type: 'string', description: 'Folder of the target system, an absolute path.' },
      node: {
        type: 'string',
        description: 'Name of the node, like sys@host; a long name when the host has a dot, as an address has.',
      },
      version: { type: 'string', description: 'Version of the release, as its .rel file says.' },
      state: {
        type: 'string',
        enum: ['unpacked', 'current', 'permanent', 'absent'],
        description:
          'unpacked: the node knows it. current: it runs; the next start still brings the permanent one. permanent: it runs, and starts from now on. absent: it is removed; refused for what runs and what is permanent.',
      },
      src: {
        type: 'string',
        description:
          'Package of the controller (mysystem2.tar.gz); sent when the node does not know the version yet. The name is that of its .rel file.',
      },
      archive: {
        type: 'string',
        description: 'Name of a package that is in ROOT/releases already, without .tar.gz.',
      },
      home: { type: 'string', description: 'Folder with the file .erlang.cookie; root unless told.' },
      epmd_port: { type: 'integer', minimum: 1, maximum: 65535, description: 'Port of epmd, where it is not 4369.' },
      timeout: {
        type: 'integer',
        default: 60,
        minimum: 1,
        description: 'Seconds that one step may take, and that an emulator that restarts has to come back.',
      },
    },
    required: ['root', 'node', 'version', 'state'],
    exclusive: [['src', 'archive']],
  },
  examples: `
- name: Version SECOND, if it is well
  block:
    - erlang_release: { root: /usr/local/erl-target, node: sys@10.0.0.7, version: SECOND, src: mysystem2.tar.gz, state: current }
    - command: { cmd: /usr/local/erl-target/bin/rpc, stdin: "pea:count()." }
    - erlang_release: { root: /usr/local/erl-target, node: sys@10.0.0.7, version: SECOND, state: permanent }
`,
  returns: {
    version: 'the release',
    state: 'permanent, current, unpacked, old or absent',
    running: 'version that runs; empty when the node is stopped',
    permanent: 'version that starts',
    releases: 'every version with what it is',
  },

  needs: a => (a.src === undefined ? [] : [{ kind: 'file', path: a.src }]),

  check(a) {
    if (a.src !== undefined && !a.src.endsWith('.tar.gz'))
      return `src must be a package NAME.tar.gz, and "${a.src}" is none`;
    if (!a.root.startsWith('/') || /[\n\0]/.test(a.root))
      return `root must be an absolute path, and "${a.root}" is none`;
    if (!/^[\w-]+@[\w.:-]+$/.test(a.node)) return `"${a.node}" is no name of a node: write it like sys@host`;
    for (const name of [a.version, packageOf(a) ?? 'x'])
      if (!/^\w[\w.+~-]*$/.test(name))
        return `"${name}" cannot be a release's: use letters, digits, and . _ + ~ - behind the first one`;
    return undefined;
  },

  goal(a): Goal {
    switch (a.state) {
      case 'absent':
        return { unpacked: false };
      case 'unpacked':
        return { unpacked: true };
      case 'current':
        return { running: a.version };
      case 'permanent':
        return { running: a.version, permanent: a.version };
      default:
        return unreachable(a.state);
    }
  },

  detail: () => ['running', 'permanent', 'releases', 'in_the_way', 'answers'],

  probe(a, want) {
    const root = rootOf(a);
    return sh.lines(
      at(nodeOf(a)),
      sh`tp_erl_look ${[lookForm(root, a.version, want), fileForm(root, a.version, want)]}`,
    );
  },

  refuse(a, before) {
    if (before['answers'] === 'false')
      return `the node ${a.node} does not answer, and its releases are changed by itself: start it first, or look whether the cookie in ${nodeOf(a).home}/.erlang.cookie is its own`;
    if (a.state === 'absent')
      for (const what of ['running', 'permanent'])
        if (before[what] === a.version)
          return `${a.version} ${what === 'running' ? 'runs' : 'is permanent'} on ${a.node}: make another release permanent first`;
    if (a.state === 'current' || a.state === 'permanent') return before['in_the_way'] || undefined;
    return undefined;
  },

  apply(a, local) {
    const switches = a.state === 'current' || a.state === 'permanent';
    return sh.lines(
      at(nodeOf(a)),
      a.state === 'absent' ? step(a, removeForm(a.version)) : known(a, local),
      switches && step(a, installForm(rootOf(a), a.version)),
      switches && sh`tp_erl_back ${[a.version, a.timeout, runningForm()]} || exit`,
      a.state === 'permanent' && step(a, permanentForm(a.version)),
    );
  },

  values(a, state) {
    const { running = '', permanent = '' } = state;
    const releases = listed(state);
    const is = permanent === a.version ? 'permanent' : running === a.version ? 'current' : releases[a.version];
    return {
      version: a.version,
      state: a.state === 'absent' ? 'absent' : (is ?? (state['unpacked'] === 'true' ? 'unpacked' : 'absent')),
      running,
      permanent,
      releases,
    };
  },
});

function rootOf(a: Args): string {
  return a.root.replace(/\/+$/, '') || '/';
}

function nodeOf(a: Args): Node {
  return { root: rootOf(a), node: a.node, home: a.home ?? rootOf(a), epmd_port: a.epmd_port };
}

function step(a: Args, form: string): Sh {
  return sh`tp_erl_do ${[a.timeout, form]} || exit`;
}

function packageOf(a: Args): string | undefined {
  return a.archive ?? (a.src === undefined ? undefined : basename(a.src, '.tar.gz'));
}

/** Unpacks what the node does not know yet. */
function known(a: Args, local: Locals): Sh {
  const name = packageOf(a);
  const bytes = a.src === undefined ? undefined : local.get(a.src)?.files[0]?.bytes;
  const unpack =
    name === undefined
      ? sh`tp_error ${`${a.node} does not know ${a.version}: unpack it first (give src)`} || exit`
      : sh.lines(
          bytes !== undefined && sh`tp_erl_send ${put(bytes)} ${name} || exit`,
          step(a, unpackForm(rootOf(a), a.version, name)),
        );
  return sh.lines(step(a, knowsForm(a.version)), sh`if [ "$tp_out" = false ]; then`, unpack, sh`fi`);
}

function listed(state: State): Readonly<Record<string, string>> {
  const words = (state['releases'] ?? '').split(',').filter(word => word !== '');
  return Object.fromEntries(
    words.map(word => [word.slice(0, word.lastIndexOf(':')), word.slice(word.lastIndexOf(':') + 1)]),
  );
}

function unreachable(state: never): never {
  throw new Error(`internal: unknown state ${String(state)}`);
}
