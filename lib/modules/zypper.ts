import { type ArgsOf, type ArgsSchema, defineConverge, type Sh, type State, sh } from '../module.ts';
import { labelOf } from './shared/rpm-label.ts';
import { splitWords, wordsOf } from './shared/words.ts';

const no = (description: string) => ({ type: 'boolean', default: false, description }) as const;
const args = {
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      aliases: ['pkg'],
      description:
        'Packages: names, with a version (name=1.0, name>3.4), paths or addresses of package files; "*" with state latest or dist-upgrade is all.',
    },
    state: {
      type: 'string',
      enum: ['present', 'latest', 'absent', 'dist-upgrade', 'installed', 'removed'],
      default: 'present',
      description:
        'latest also brings what is there to the newest version; dist-upgrade brings the whole system there.',
    },
    type: {
      type: 'string',
      enum: ['package', 'patch', 'pattern', 'product', 'srcpackage', 'application'],
      default: 'package',
      description: 'What the names are.',
    },
    update_cache: { ...no('Gets new package lists first; not in a dry run.'), aliases: ['refresh'] },
    disable_gpg_check: no('Takes packages and lists that nobody has signed.'),
    disable_recommends: { type: 'boolean', default: true, description: 'Leaves recommended packages out.' },
    force: no('Installs what is there once more, also an older version, from another vendor or architecture.'),
    force_resolution: no('Lets zypper choose a way where packages exclude each other.'),
    oldpackage: no('Lets a version be older than what is there; a name with a version says so too.'),
    replacefiles: no("Installs packages although they have files of others'."),
    clean_deps: no('Removes what the packages needed and nothing else does.'),
    allow_vendor_change: no('With dist-upgrade: takes packages of other vendors.'),
    extra_args: { type: 'string', description: 'Further options, behind the command of zypper.' },
    extra_args_precommand: { type: 'string', description: 'Further options, before the command of zypper.' },
  },
  required: ['name'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'zypper',
  doc: 'Installs and removes packages of SUSE and openSUSE. ZYPP_LOCK_TIMEOUT in the environment says how many seconds to wait for another zypper. A system that is changed by transactional-update needs that command.',
  args,
  examples: `
- zypper: { name: [nginx, "php>=8.1"], update_cache: true }
- zypper: { name: "*", state: latest }
- zypper: { name: "*", state: latest, type: patch }
- zypper: { name: nginx, state: absent, clean_deps: true }
`,
  returns: { packages: 'what was (in a dry run: would be) installed and removed' },

  check(a) {
    const names = a.name;
    const whole = names.includes('*');
    if (names.length === 0) return 'give the name of a package';
    if (a.state === 'dist-upgrade' && (!whole || names.length > 1)) return 'state dist-upgrade is about all: name: "*"';
    if (whole && (names.length > 1 || !['latest', 'dist-upgrade'].includes(a.state)))
      return '"*" stands alone, with state latest or dist-upgrade';
    const odd = names.find(
      name => name !== '*' && !/^([\w@/.][\w@/.:+~,() -]*|\w+:\/\/\S+)((<|<=|=|>=|>)[\w.:+~^-]+)?$/.test(name),
    );
    if (odd !== undefined) return `"${odd}" is not the name of one package`;
    const file = wanted(a) === 'absent' ? names.find(name => name.endsWith('.rpm')) : undefined;
    if (file !== undefined) return `"${file}" is a package file: name the package that shall be absent`;
    for (const text of [a.extra_args, a.extra_args_precommand]) {
      const split = splitWords(text ?? '');
      if ('error' in split) return split.error;
    }
    return undefined;
  },

  prepare: a => (a.update_cache ? sh.lines(open(a), sh`tp_zypper_do refresh`) : undefined),
  goal: a =>
    Object.fromEntries(specsOf(a).map(name => (name === '*' ? ['system', 'latest'] : [labelOf(name), wanted(a)]))),
  detail: () => ['plan', 'fault'],

  probe(a) {
    const specs = specsOf(a);
    if (specs[0] === '*')
      return sh.lines(
        open(a),
        sh`tp_plan='' tp_fault=''; [ -n "${sh.code('${tp_before-}')}" ] || tp_zypper_plan ${whole(a)}`,
        sh`if [ -n "$tp_plan$tp_fault" ]; then tp_kv system outdated; else tp_kv system latest; fi; tp_zypper_tell`,
      );
    const absent = wanted(a) === 'absent';
    return sh.lines(
      open(a),
      sh`tp_zypper_state ${[wanted(a), a.type]} ${specs} || exit`,
      wanted(a) === 'latest' && sh`tp_zypper_latest update ${flags(a, 'update')} ${specs}`,
      absent
        ? sh`tp_rpm_some present tp_zypper_plan remove ${flags(a, 'remove')} ${specs}`
        : sh`tp_rpm_some absent tp_zypper_plan install ${flags(a, 'install')} ${specs}`,
      sh`tp_rpm_show; tp_zypper_tell`,
    );
  },

  refuse: (_, { fault }) => fault || undefined,

  apply(a) {
    const specs = specsOf(a);
    if (specs[0] === '*') return sh.lines(open(a), sh`tp_zypper_do ${whole(a)}`);
    const states = sh.lines(open(a), sh`tp_states=$tp_before$tp_nl`);
    if (wanted(a) === 'absent')
      return sh.lines(states, sh`tp_rpm_some present tp_zypper_do remove ${flags(a, 'remove')} ${specs}`);
    return sh.lines(
      states,
      sh`tp_rpm_some absent tp_zypper_do install ${flags(a, 'install')} ${specs}`,
      wanted(a) === 'latest' && sh`tp_rpm_some outdated tp_zypper_do update ${flags(a, 'update')} ${specs}`,
    );
  },

  values(a, _, __, before: State) {
    const packages = (before['plan'] ?? '').split('\n').filter(line => line !== '');
    return { name: a.name, state: a.state, rc: 0, packages };
  },
});

/** Defines tp_pm. */
function open(a: Args): Sh {
  const before = [a.disable_gpg_check && '--no-gpg-checks', wordsOf(a.extra_args_precommand ?? '')];
  return sh.lines(
    sh`tp_has zypper || tp_error 'there is no zypper on this host: install the package zypper' || exit`,
    sh`tp_pm() { zypper --non-interactive --xmlout ${before} "$@"; }`,
  );
}

function specsOf(a: Args): readonly string[] {
  return [...new Set(a.name)];
}

function wanted(a: Args): 'present' | 'latest' | 'absent' {
  if (a.state === 'latest' || a.state === 'dist-upgrade') return 'latest';
  return a.state === 'absent' || a.state === 'removed' ? 'absent' : 'present';
}

function whole(a: Args): readonly string[] {
  if (a.state === 'dist-upgrade') {
    const vendor = a.allow_vendor_change ? ['--allow-vendor-change'] : [];
    return ['dist-upgrade', ...vendor, ...common(a, 'dist-upgrade')];
  }
  if (a.type === 'patch') return ['patch', ...common(a, 'patch')];
  return ['update', '--type', a.type, ...common(a, 'update')];
}

/** Flags as one word with blanks, as `tp_rpm_some` takes them. */
function flags(a: Args, verb: string): string {
  return ['--type', a.type, ...common(a, verb)].join(' ');
}

function common(a: Args, verb: string): readonly string[] {
  const installs = verb === 'install';
  const old = a.oldpackage || a.name.some(name => /[<>=]/.test(name));
  const own = [
    verb === 'remove' && a.clean_deps && '--clean-deps',
    verb !== 'remove' && a.disable_recommends && '--no-recommends',
    verb !== 'remove' && a.replacefiles && '--replacefiles',
    verb !== 'remove' && '--auto-agree-with-licenses',
    installs && a.force && '--force',
    installs && old && '--oldpackage',
    a.force_resolution && '--force-resolution',
  ];
  return [...own.filter(flag => typeof flag === 'string'), ...wordsOf(a.extra_args ?? '')];
}
