import { type ArgsOf, type ArgsSchema, defineConverge, type Sh, sh } from '../module.ts';

const no = (description: string) => ({ type: 'boolean', default: false, description }) as const;
const args = {
  properties: {
    name: { type: 'string', description: 'The package; without it those of package.json.' },
    path: {
      type: 'string',
      path: true,
      description: 'The folder with package.json and node_modules; made when it is missing.',
    },
    version: { type: 'string', description: 'Version, range or tag of the package.' },
    global: no('For all users of this Node, instead of in a folder.'),
    state: {
      type: 'string',
      enum: ['present', 'absent', 'latest'],
      default: 'present',
      description: 'latest also brings what is there to the newest version that package.json allows.',
    },
    ci: no('Installs exactly what package-lock.json says, by npm ci, unless that is there.'),
    production: no('Without the packages that are only for development.'),
    registry: { type: 'string', description: 'Address of the registry.' },
    executable: { type: 'string', path: true, description: 'Path of npm; its Node is the one beside it.' },
    ignore_scripts: no('Runs no scripts of packages.'),
    unsafe_perm: no('Runs scripts as root, too (npm before 7).'),
    no_optional: no('Without optional packages.'),
    no_bin_links: no('Makes no links to programs of packages.'),
  },
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

/** For node: fails unless both lock files have the same packages; those not for this host or not asked for may be missing. */
const SAME = `
const [lock, there] = process.argv.slice(1).map(f => JSON.parse(require('fs').readFileSync(f)).packages);
const dev = process.env.TP_DEV === '', optional = process.env.TP_OPTIONAL === '';
const same = (a, b) => a.version === b.version && a.integrity === b.integrity && a.link === b.link;
const wrong = Object.keys(lock).some(k => k.includes('node_modules/') &&
  (there[k] ? !same(lock[k], there[k]) : !(lock[k].optional || lock[k].devOptional || (lock[k].dev && dev))));
const more = Object.keys(there).some(k => !lock[k] || (dev && lock[k].dev) || (optional && lock[k].optional));
if (wrong || more) throw new Error('they differ');
`;

export default defineConverge({
  name: 'npm',
  doc: 'Packages of Node, by npm: one by its name, or all of a package.json. The host needs npm.',
  args,
  examples: `
- npm: { path: /opt/app, production: true }
- name: Exactly what package-lock.json says
  npm: { path: /opt/app, ci: true }
- npm: { name: pm2, version: 5.4.3, global: true }
- npm: { name: left-pad, path: /opt/app, state: absent }
`,

  check(a) {
    if (a.path === undefined && !a.global) return 'give "path", the folder, or global: true';
    if (a.version !== undefined && a.name === undefined) return 'version is that of a package: give "name"';
    if (a.version !== undefined && a.state !== 'present') return `version does not go with state ${a.state}`;
    if (a.name === undefined && a.global) return 'global needs "name": there is no package.json';
    if (a.name === undefined && a.state === 'absent') return 'state absent needs "name"';
    if (a.ci && (a.name !== undefined || a.global || a.state !== 'present'))
      return 'ci is about all packages of a folder: name, global and other states do not go with it';
    const odd = [a.name, a.version].find(
      word => word !== undefined && !/^(@[\w.~-]+\/)?[\w.~^<>=*|][\w.~^<>=*| +-]*$/.test(word),
    );
    return odd === undefined
      ? undefined
      : `"${odd}" is no name or version of the registry; for files and addresses write a package.json`;
  },

  goal(a) {
    if (a.name !== undefined) return { [a.name]: a.state };
    return { packages: a.ci ? 'locked' : a.state };
  },
  detail: () => ['fault'],
  probe: a => sh.lines(open(a), look(a)),
  refuse: (_, { fault }) => fault || undefined,

  apply: a =>
    sh.lines(
      a.path !== undefined && sh`mkdir -p -- ${a.path}`,
      open(a),
      a.name === undefined && sh`[ -f package.json ] || tp_error ${`there is no package.json in ${a.path}`}`,
      reach(a),
    ),
  values: () => ({}),
});

/** Goes to the folder, if there is one (tp_npm_there); defines tp_npm_run. */
function open(a: Args): Sh {
  const flags = [
    a.global && '--global',
    a.production && ['--production', '--omit=dev'],
    a.no_optional && ['--no-optional', '--omit=optional'],
    a.ignore_scripts && '--ignore-scripts',
    a.unsafe_perm && '--unsafe-perm',
    a.no_bin_links && '--no-bin-links',
    a.registry !== undefined && `--registry=${a.registry}`,
  ];
  // npm would look for a package.json in the folders above
  const prefix = a.global ? undefined : sh`--prefix="$PWD"`;
  return sh.lines(
    sh`tp_npm_open ${[a.executable ?? '']} || exit`,
    sh`tp_npm_there=1`,
    a.path !== undefined && !a.global && sh`cd -- ${a.path} 2>/dev/null || tp_npm_there=`,
    sh`tp_npm_run() { "$tp_npm" ${prefix} ${flags} "$@"; }`,
  );
}

function look(a: Args): Sh {
  if (a.name !== undefined) return sh`tp_npm_named ${a.state} ${a.name} ${specOf(a)}`;
  if (!a.ci) return sh`tp_npm_whole ${a.state}`;
  const without = [a.production && sh`export TP_DEV=;`, a.no_optional && sh`export TP_OPTIONAL=;`];
  return sh`${without} tp_npm_locked ${SAME}`;
}

function reach(a: Args): Sh {
  if (a.ci) return sh`tp_npm_run ci`;
  if (a.name === undefined) return sh.lines(sh`tp_npm_run install`, a.state === 'latest' && sh`tp_npm_run update`);
  if (a.state === 'absent') return sh`tp_npm_run uninstall ${a.name}`;
  if (a.state === 'present') return sh`tp_npm_run install ${specOf(a)}`;
  return sh`if tp_npm_has ${a.name}; then tp_npm_run update ${a.name}; else tp_npm_run install ${a.name}; fi`;
}

function specOf(a: Args): string {
  return a.version === undefined ? (a.name ?? '') : `${a.name}@${a.version}`;
}
