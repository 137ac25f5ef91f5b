import { type ArgsOf, type ArgsSchema, defineConverge, type Sh, type State, sh } from '../module.ts';
import { labelOf } from './shared/rpm-label.ts';
import { splitWords, wordsOf } from './shared/words.ts';

const extra = (of: string) => ({ type: 'string', default: '', description: `Further options for ${of}.` }) as const;
const args = {
  properties: {
    name: {
      type: 'array',
      items: { type: 'string' },
      aliases: ['package', 'pkg'],
      description:
        'Packages: names (also repository/name and "name>=1.0"), groups, paths or addresses of package files.',
    },
    state: {
      type: 'string',
      enum: ['present', 'installed', 'latest', 'absent', 'removed'],
      default: 'present',
      description: 'latest also brings what is there to the newest version.',
    },
    update_cache: {
      type: 'boolean',
      description: 'Gets new package lists first; a change where they are others than before.',
    },
    update_cache_extra_args: extra('getting the lists'),
    upgrade: { type: 'boolean', description: 'Instead of name: upgrades the whole system.' },
    upgrade_extra_args: extra('the upgrade'),
    extra_args: extra('installing and removing'),
    force: {
      type: 'boolean',
      default: false,
      description: 'Removes whatever needs the packages; with update_cache, gets all lists anew.',
    },
    remove_nosave: { type: 'boolean', default: false, description: 'Keeps no changed configuration (.pacsave).' },
    reason: {
      type: 'string',
      enum: ['dependency', 'explicit'],
      description: 'What they are noted to be installed for.',
    },
    reason_for: {
      type: 'string',
      enum: ['all', 'new'],
      default: 'new',
      description: 'Whether reason is also about packages that are there already.',
    },
    executable: { type: 'string', default: 'pacman', description: 'The program, or one that is used in the same way.' },
  },
  exclusive: [['name', 'upgrade']],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

const FILE = /\.pkg\.tar[^/]*$/;
const FORMAT = ['--print', '--print-format', '%n-%v'];

export default defineConverge({
  name: 'pacman',
  doc: 'Installs and removes packages of Arch Linux and its kin.',
  args,
  examples: `
- pacman: { name: [foo, bar], update_cache: true }
- pacman: { upgrade: true, update_cache: true }
- pacman: { name: baz, state: absent, extra_args: --recursive }
- pacman: { name: /srv/foo-1.0-1-any.pkg.tar.zst }
`,
  returns: {
    packages: 'what was (in a dry run: would be) installed, upgraded or removed, with versions',
    cache_updated: 'whether the package lists are others now; with update_cache',
  },

  check(a) {
    const names = a.name ?? [];
    if (names.length === 0 && !a.upgrade && !a.update_cache) return 'there is nothing to do; give "name"';
    const odd = names.find(
      name => !(FILE.test(name) ? /^[^-\n=]/ : /^[\w@.+][\w@.+/-]*((<|<=|=|>=|>)[\w.:+~-]+)?$/).test(name),
    );
    if (odd !== undefined) return `"${odd}" cannot be a package's name`;
    const pinned = names.find(name => !FILE.test(name) && /[<>=]/.test(name) && wanted(a) !== 'present');
    if (pinned !== undefined) return `"${pinned}" has a version, which goes with state present only`;
    for (const text of [a.extra_args, a.upgrade_extra_args, a.update_cache_extra_args]) {
      const split = splitWords(text);
      if ('error' in split) return split.error;
    }
    return undefined;
  },

  prepare: a =>
    a.update_cache
      ? sh.lines(open(a), sh`tp_pacman_refresh ${a.force ? '-Syy' : '-Sy'} ${wordsOf(a.update_cache_extra_args)}`)
      : undefined,

  goal: a => ({
    ...(a.update_cache && { cache: 'same' }),
    ...(a.upgrade && { upgrade: 'latest' }),
    ...Object.fromEntries(specsOf(a).map(name => [labelOf(name), wanted(a)])),
  }),
  detail: () => ['plan', 'fault'],

  probe(a) {
    const [repo, files] = kindsOf(a);
    const state = sh`tp_pacman_state ${[wanted(a), reasonForAll(a)]} ${specsOf(a)}`;
    const missing = 'absent other outdated';
    return sh.lines(
      open(a),
      a.update_cache && sh`tp_pacman_cache`,
      state,
      a.upgrade && sh`tp_pacman_plan -Su ${wordsOf(a.upgrade_extra_args)} ${FORMAT}`,
      a.upgrade && sh`if [ -n "$("$tp_pacman" -Qu)" ]; then tp_kv upgrade outdated; else tp_kv upgrade latest; fi`,
      repo.length > 0 &&
        wanted(a) !== 'absent' &&
        sh`tp_rpm_some ${missing} tp_pacman_plan -S ${flags(a, FORMAT)} ${repo}`,
      files.length > 0 &&
        wanted(a) !== 'absent' &&
        sh`tp_rpm_some ${missing} tp_pacman_plan -U ${flags(a, FORMAT)} ${files}`,
      wanted(a) === 'absent' && sh`tp_rpm_some present tp_pacman_plan -R ${flags(a, FORMAT)} ${specsOf(a)}`,
      specsOf(a).length > 0 && sh`tp_rpm_show`,
      sh`tp_pacman_tell`,
    );
  },

  refuse: (_, { fault }) => fault?.trim() || undefined,

  apply(a) {
    const [repo, files] = kindsOf(a);
    const missing = 'absent other outdated';
    const mark = a.reason === 'dependency' ? '--asdeps' : '--asexplicit';
    const quiet = ['--noconfirm', '--noprogressbar'];
    if (a.upgrade) return sh.lines(open(a), sh`tp_pacman_do -Su ${quiet} ${wordsOf(a.upgrade_extra_args)}`);
    if (specsOf(a).length === 0) return sh`:`;
    return sh.lines(
      open(a),
      sh`tp_states=$tp_before$tp_nl`,
      wanted(a) === 'absent' && sh`tp_rpm_some present tp_pacman_do -R ${flags(a, quiet)} ${specsOf(a)}`,
      wanted(a) !== 'absent' &&
        repo.length > 0 &&
        sh`tp_rpm_some ${missing} tp_pacman_do -S ${flags(a, quiet, true)} ${repo}`,
      wanted(a) !== 'absent' &&
        files.length > 0 &&
        sh`tp_rpm_some ${missing} tp_pacman_do -U ${flags(a, quiet, true)} ${files}`,
      reasonForAll(a) !== '' && sh`tp_rpm_some reason tp_pacman_marked ${[mark, '']} ${specsOf(a)}`,
      reasonForAll(a) !== '' && sh`tp_rpm_some ${missing} tp_pacman_marked ${[mark, '']} ${specsOf(a)}`,
    );
  },

  values(a, _, __, before: State) {
    const packages = (before['plan'] ?? '').split('\n').filter(line => line !== '');
    return {
      packages,
      ...(a.update_cache && { cache_updated: before['cache'] === 'updated' }),
    };
  },
});

function open(a: Args): Sh {
  return sh`tp_pacman_open ${a.executable} || exit`;
}

function specsOf(a: Args): readonly string[] {
  return [...new Set(a.name ?? [])];
}

/** Those of repositories and the files. */
function kindsOf(a: Args): readonly [readonly string[], readonly string[]] {
  const specs = specsOf(a);
  return [specs.filter(name => !FILE.test(name)), specs.filter(name => FILE.test(name))];
}

/** Flags as one word with blanks, as `tp_rpm_some` takes them. */
function flags(a: Args, more: readonly string[], installs = false): string {
  const removes = wanted(a) === 'absent';
  const own = [
    removes && a.force && '--nodeps --nodeps',
    removes && a.remove_nosave && !more.includes('--print') && '--nosave',
    installs && a.reason !== undefined && (a.reason === 'dependency' ? '--asdeps' : '--asexplicit'),
  ];
  return [...own.filter(flag => typeof flag === 'string'), ...more, ...wordsOf(a.extra_args)].join(' ');
}

function reasonForAll(a: Args): string {
  return wanted(a) !== 'absent' && a.reason_for === 'all' ? (a.reason ?? '') : '';
}

function wanted(a: Args): 'present' | 'latest' | 'absent' {
  if (a.state === 'latest') return 'latest';
  return a.state === 'absent' || a.state === 'removed' ? 'absent' : 'present';
}
