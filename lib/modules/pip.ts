import { type ArgsOf, type ArgsSchema, defineConverge, type Goal, put, type Sh, sh } from '../module.ts';
import { hostPath } from './shared/attributes.ts';
import { PIP_LOOK } from './shared/pip-look.ts';
import { splitWords, wordsOf } from './shared/words.ts';

const args = {
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      description: 'Packages: names, with versions like foo>1,<2, addresses (git+https://...), or paths on the host.',
    },
    version: { type: 'string', description: 'The version of the one package, or what it shall be, like >=1.2.' },
    requirements: { type: 'string', path: true, description: 'A requirements file on the host.' },
    state: {
      type: 'string',
      enum: ['present', 'latest', 'absent', 'forcereinstall'],
      default: 'present',
      description: 'latest also brings what is there to the newest version; forcereinstall installs every time.',
    },
    virtualenv: {
      type: 'string',
      path: true,
      description: 'A virtual environment to install into; it is made when it is not there.',
    },
    virtualenv_command: {
      type: 'string',
      path: true,
      default: 'virtualenv',
      description: 'What makes it, like python3 -m venv. That is used, too, where the host has no virtualenv.',
    },
    virtualenv_python: { type: 'string', description: 'The Python for it; not with -m venv.' },
    virtualenv_site_packages: {
      type: 'boolean',
      default: false,
      description: 'Whether a new one sees the packages of the host.',
    },
    executable: { type: 'string', path: true, description: 'The pip to use, a name or a path; else that of python3.' },
    extra_args: { type: 'string', description: 'Further words for pip, as in a shell.' },
    editable: { type: 'boolean', default: false, description: 'Installs what name says as a link to its source.' },
    chdir: { type: 'string', path: true, description: 'The folder to be in.' },
    umask: { type: 'string', description: 'Permissions that new files shall not have, four octal digits in quotes.' },
    break_system_packages: {
      type: 'boolean',
      default: false,
      description: "Installs among the packages that are the system's.",
    },
  },
  oneOf: [['name', 'requirements']],
  exclusive: [
    ['name', 'requirements'],
    ['executable', 'virtualenv'],
  ],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

const SAID = ['stdout', 'stderr'];

export default defineConverge({
  name: 'pip',
  doc: "Installs and removes Python's packages. What there is is looked at by the host's Python, without a network; only state latest asks for versions. An address or path counts as installed when pip has noted it.",
  args,
  examples: `
- pip:
    name: flask>=2,<3
    virtualenv: /srv/app/venv
    virtualenv_command: python3 -m venv
- pip:
    requirements: /srv/app/requirements.txt
    virtualenv: /srv/app/venv
    extra_args: --no-index --find-links=/srv/wheels
`,
  returns: {
    name: 'The packages.',
    requirements: 'The requirements file.',
    version: 'The version that was asked for.',
    virtualenv: 'The virtual environment.',
    cmd: 'How pip was called, or would be.',
    stdout: 'What pip said.',
    stderr: 'What pip warned of.',
  },

  check(a) {
    const names = a.name ?? [];
    if (a.version !== undefined) {
      if (names.length !== 1) return 'version is for one package; write versions behind the names';
      if (/[<>=!~]/.test(names[0] ?? '')) return 'there is a version in "name" already; leave "version" out';
      if (a.state === 'latest') return 'version cannot come with state latest';
    }
    const odd = names.find(name => name.trim() === '' || name.startsWith('-') || /[\n\0]/.test(name));
    if (odd !== undefined) return `"${odd}" cannot be a package`;
    const words = splitWords(a.extra_args ?? '');
    if ('error' in words) return `extra_args: ${words.error}`;
    if (a.umask !== undefined && !/^0?[0-7]{3}$/.test(a.umask)) return `umask "${a.umask}" is not four octal digits`;
    if (a.virtualenv_python !== undefined && / -m venv|pyvenv/.test(a.virtualenv_command))
      return 'virtualenv_python cannot come with venv, which uses its own: name it in virtualenv_command';
    if (/[^\w./~ +-]/.test(a.virtualenv_command)) return 'virtualenv_command must be plain words';
    if (/[^\w./~+-]/.test(a.virtualenv_python ?? '')) return 'virtualenv_python must be a plain name or path';
    return undefined;
  },

  goal(a): Goal {
    if (a.state === 'latest') return { newest: 'installed' };
    const want = a.state === 'absent' ? 'absent' : 'present';
    return {
      ...Object.fromEntries(itemsOf(a).map(item => [item.key, want])),
      requirements: a.requirements === undefined ? undefined : want,
    };
  },

  probe(a, want) {
    const look =
      a.state === 'latest'
        ? sh`tp_pip_newest ${[...where(a), extraOf(a), targets(a)]} || exit`
        : sh`tp_pip ${[...where(a), put(PIP_LOOK), put(lookedFor(a, want))]} || exit`;
    return sh.lines(...first(a), look, sh`tp_pip_more ${want.filter(key => SAID.includes(key))}`);
  },

  detail: a => [...(a.state === 'latest' ? [] : ['refused']), ...SAID],
  refuse: (_, before) => before['refused'] || undefined,
  force: a => a.state === 'forcereinstall',

  apply(a) {
    const venv = a.virtualenv;
    const make = a.virtualenv_command === 'virtualenv' ? '' : a.virtualenv_command.replace(/^~\//, '');
    return sh.lines(
      ...first(a),
      venv !== undefined &&
        a.state !== 'absent' &&
        sh`tp_pip_venv ${[where(a)[0], make, a.virtualenv_python ?? '', a.virtualenv_site_packages ? '1' : '']}`,
      sh`tp_pip_do ${[...where(a), ...words(a), targets(a)]}`,
    );
  },

  values(a, state) {
    const { stdout, stderr } = state;
    return {
      name: a.name ?? null,
      requirements: a.requirements ?? null,
      version: a.version ?? null,
      state: a.state,
      virtualenv: a.virtualenv ?? null,
      cmd: ['pip', ...words(a), ...(a.requirements === undefined ? specsOf(a) : ['-r', a.requirements])],
      ...(stdout || stderr ? { stdout, stderr } : {}),
    };
  },
});

/** What comes before every call: permissions, folder, whose packages. */
function first(a: Args): readonly (Sh | false)[] {
  return [
    a.umask !== undefined && sh`umask ${a.umask}`,
    a.chdir !== undefined && sh`cd -- ${hostPath(a.chdir)} || exit`,
    a.break_system_packages && sh`export PIP_BREAK_SYSTEM_PACKAGES=1`,
    sh`export PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1`,
  ];
}

function where(a: Args): readonly [Sh, Sh] {
  const path = (text: string | undefined) => sh`${hostPath(text ?? '')}`;
  return [path(a.virtualenv), path(a.executable)];
}

function specsOf(a: Args): readonly string[] {
  const { version } = a;
  if (version === undefined) return a.name ?? [];
  return (a.name ?? []).map(name => (/^[<>=!~]/.test(version) ? name + version : `${name}==${version}`));
}

/** Each package with its key in the state: its name, or a number where an address or path says nothing of it. */
function itemsOf(a: Args) {
  const keys = new Set<string>();
  return specsOf(a).map((spec, i) => {
    const name = /^[A-Za-z0-9][A-Za-z0-9._-]*(?![^\s<>=!~;@[(])/.exec(spec)?.[0];
    const key = name === undefined || keys.has(name) ? `package ${i + 1}` : name;
    keys.add(key);
    return { key, spec, want: a.state === 'absent' ? 'absent' : 'present' };
  });
}

/** What PIP_LOOK reads. */
function lookedFor(a: Args, want: readonly string[]): string {
  const free =
    a.break_system_packages || /--(break-system-packages|target|prefix|root)\b|-t\b/.test(a.extra_args ?? '');
  return JSON.stringify({
    items: itemsOf(a),
    requirements: a.requirements ?? null,
    want: a.state === 'absent' ? 'absent' : 'present',
    free,
    tell: want.includes('fault'),
  });
}

function extraOf(a: Args): readonly string[] {
  return wordsOf(a.extra_args ?? '');
}

function words(a: Args): readonly string[] {
  if (a.state === 'absent') return ['uninstall', '-y', ...extraOf(a)];
  const upgrade = a.state === 'present' ? [] : ['-U', ...(a.state === 'latest' ? [] : ['--force-reinstall'])];
  return ['install', ...upgrade, ...extraOf(a)];
}

function targets(a: Args): readonly string[] {
  if (a.requirements !== undefined) return ['-r', a.requirements];
  return a.editable && a.state !== 'absent' ? specsOf(a).flatMap(spec => ['-e', spec]) : specsOf(a);
}
