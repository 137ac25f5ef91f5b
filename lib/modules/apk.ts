import { type ArgsOf, type ArgsSchema, defineConverge, type Sh, type State, sh } from '../module.ts';
import { labelOf } from './shared/rpm-label.ts';

const args = {
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      description: 'Packages, also with a version (foo=1.0-r0, foo>1.0) or repository (foo@edge).',
    },
    state: {
      type: 'string',
      enum: ['present', 'installed', 'latest', 'absent', 'removed'],
      default: 'present',
      description: 'latest also brings what is there to the newest version.',
    },
    upgrade: { type: 'boolean', default: false, description: 'Instead of name: upgrades all packages.' },
    available: {
      type: 'boolean',
      default: false,
      description: 'With upgrade: replaces, also by older ones, packages whose version no repository has any more.',
    },
    update_cache: { type: 'boolean', default: false, description: 'Gets new package lists first.' },
    no_cache: { type: 'boolean', default: false, description: 'Uses and keeps no package lists on the host.' },
    repository: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: "Repositories to use, instead of the host's.",
    },
    world: {
      type: 'string',
      default: '/etc/apk/world',
      description: 'The file that says which packages were asked for; others are there only because those need them.',
    },
  },
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'apk',
  doc: 'Installs and removes packages of Alpine Linux.',
  args,
  examples: `
- apk:
    name: [foo, bar]
    update_cache: true
- apk:
    upgrade: true
    update_cache: true
- apk:
    name: foo
    state: absent
`,
  returns: { packages: 'names of what was (in a dry run: would be) changed' },

  check(a) {
    if (a.upgrade && specsOf(a).length > 0) return 'upgrade is about all packages: name does not go with it';
    if (a.available && !a.upgrade) return 'available is about upgrade, which is not given';
    if (specsOf(a).length === 0 && !a.upgrade)
      return a.update_cache ? undefined : 'there is nothing to do; give "name"';
    const odd = specsOf(a).find(
      name => !/^[A-Za-z0-9._+][A-Za-z0-9._+-]*(@[\w.-]+)?((<|<=|=|>=|>|~|=~)[\w.+~-]+)?$/.test(name),
    );
    return odd === undefined ? undefined : `"${odd}" cannot be a package's name`;
  },

  prepare: a => (a.update_cache ? sh.lines(open(a), sh`tp_apk_run -q update >/dev/null`) : undefined),
  goal: a =>
    a.upgrade ? { packages: 'latest' } : Object.fromEntries(specsOf(a).map(name => [labelOf(name), wanted(a)])),
  detail: () => ['plan', 'fault'],

  probe(a) {
    const specs = specsOf(a);
    if (a.upgrade)
      return sh.lines(
        open(a),
        sh`tp_apk ${a.world} || exit; tp_apk_plan upgrade ${a.available && '--available'}`,
        sh`if [ -n "${sh.code('${tp_plan#"$tp_nl"}')}$tp_fault" ]; then tp_kv packages outdated; else tp_kv packages latest; fi; tp_apk_tell`,
      );
    if (specs.length === 0) return sh`:`;
    const absent = wanted(a) === 'absent';
    return sh.lines(
      open(a),
      sh`tp_apk ${a.world} ${specs} || exit`,
      wanted(a) === 'latest' && sh`tp_apk_latest`,
      absent
        ? sh`tp_rpm_some 'present dependency' tp_apk_plan del '' ${specs}`
        : sh`tp_rpm_some ${DUE} tp_apk_plan add ${flags(a)} ${specs}`,
      sh`tp_rpm_show; tp_apk_tell`,
    );
  },

  refuse: (_, { fault }) => fault || undefined,

  apply(a) {
    if (a.upgrade) return sh.lines(open(a), sh`tp_apk_run upgrade ${a.available && '--available'}`);
    const specs = specsOf(a);
    if (specs.length === 0) return sh`:`;
    return sh.lines(
      open(a),
      sh`tp_states=$tp_before$tp_nl`,
      wanted(a) === 'absent'
        ? sh`tp_rpm_some 'present dependency' tp_apk_run del '' ${specs}`
        : sh`tp_rpm_some ${DUE} tp_apk_run add ${flags(a)} ${specs}`,
    );
  },

  values: (_, __, ___, before: State) => ({
    packages: (before['plan'] ?? '').split('\n').filter(line => line !== ''),
  }),
});

const DUE = 'absent dependency outdated';

/** Defines tp_apk_run. */
function open(a: Args): Sh {
  const repositories = a.repository.length > 0 && ['--repositories-file', '/dev/null'];
  const flags = [a.no_cache && '--no-cache', repositories, a.repository.map(r => ['--repository', r])];
  return sh`tp_apk_run() { apk ${flags} "$@"; }`;
}

function flags(a: Args): string {
  return wanted(a) === 'latest' ? '-u' : '';
}

function specsOf(a: Args): readonly string[] {
  return [...new Set(a.name ?? [])];
}

function wanted(a: Args): 'present' | 'latest' | 'absent' {
  if (a.state === 'latest') return 'latest';
  return a.state === 'absent' || a.state === 'removed' ? 'absent' : 'present';
}
