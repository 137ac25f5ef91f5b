import {
  type ArgsOf,
  type ArgsSchema,
  type ConvergeModule,
  defineConverge,
  type Sh,
  type State,
} from '../../module.ts';
import { sh } from '../../shell/sh.ts';
import { RPM_ARGS } from './rpm-args.ts';
import { labelOf } from './rpm-label.ts';
import { listed, listWords } from './rpm-list.ts';

type Program = 'dnf' | 'yum';
interface Own {
  readonly allowerasing?: boolean | undefined;
  readonly nobest?: boolean | undefined;
  readonly use_backend?: string | undefined;
}
type Args = ArgsOf<{ properties: typeof RPM_ARGS }> & Own;
type Wanted = 'present' | 'latest' | 'absent';

/** The modules dnf and yum: the same words for two programs, and some arguments of their own. */
export function rpmModule<const S extends ArgsSchema['properties']>(program: Program, own: S): ConvergeModule {
  const module: Omit<ConvergeModule, 'kind'> = {
    name: program,
    doc: `Installs and removes packages, groups and modules with ${program}, and tells which there are. While another ${program} works it waits. A dry run asks ${program} itself what it would do. Made for dnf 4 and yum 3.`,
    args: { properties: { ...RPM_ARGS, ...own }, exclusive: [['name', 'list']] },
    examples: examplesOf(program),
    returns: {
      results: 'what was (in a dry run: would be) installed and removed; with list, packages or repositories',
      msg: '"Nothing to do" when there was nothing',
      rc: '0',
    },
    check: check as (args: never) => string | undefined,
    prepare: prepare as never,
    goal: goal as never,
    detail: () => ['plan', 'fault', 'list'],
    probe: probe as never,
    refuse: ((_: Args, { fault }: State) => fault || undefined) as never,
    apply: apply as never,
    values: values as never,
  };
  return defineConverge(module as never);

  function prepare(a: Args): Sh | undefined {
    return a.update_cache ? sh.lines(open(program, a), sh`tp_dnf_do makecache`) : undefined;
  }

  function probe(a: Args): Sh {
    return sh.lines(open(program, a), look(a));
  }

  function apply(a: Args): Sh {
    return sh.lines(open(program, a), reach(a));
  }
}

function check(a: Args): string | undefined {
  const names = a.name ?? [];
  if (names.length === 0 && a.list === undefined && !a.autoremove)
    return a.update_cache ? undefined : 'there is nothing to do; give "name"';
  if (a.autoremove && a.state !== undefined && wanted(a) !== 'absent')
    return 'autoremove goes with state absent, or alone';
  if (a.autoremove && a.list !== undefined) return 'list only looks: autoremove does not go with it';
  if (names.includes('*') && (names.length > 1 || wanted(a) !== 'latest')) return '"*" stands alone, with state latest';
  const odd = names.find(name => name !== '*' && !isSpec(name));
  if (odd !== undefined) return `"${odd}" is not the name of one package`;
  const file = wanted(a) === 'absent' ? names.find(name => name.endsWith('.rpm')) : undefined;
  if (file !== undefined) return `"${file}" is a package file: name the package that shall be absent`;
  return a.list !== undefined && /^$|^-|[\s\0]/.test(a.list) ? `"${a.list}" is nothing that can be listed` : undefined;
}

const COMPARISON = /^([^\s<>=]+?)\s*(<=|>=|<|>|=)\s*([^\s<>=]+)$/;

function isSpec(name: string): boolean {
  if (COMPARISON.test(name)) return true;
  // names of groups may hold blanks
  return name.startsWith('@') ? /^@\^?[^\s@^][^\n\0]*$/.test(name) : /^[^-\s@<>=][^\s<>=]*$/.test(name);
}

function goal(a: Args): Record<string, string | boolean> {
  if (a.list !== undefined) return { listed: true };
  if (a.download_only && wanted(a) !== 'absent') return { fetched: true };
  if (specsOf(a).length === 0) return a.autoremove ? { unused: 'latest' } : {};
  return Object.fromEntries(specsOf(a).map(name => [labelOf(name), wanted(a)]));
}

/** What is looked at; the order of lines is that of the goal. */
function look(a: Args): Sh {
  const specs = specsOf(a);
  const { verb, flags } = upgrade(a);
  if (a.list !== undefined)
    return sh.lines(
      sh`tp_dnf -q ${listWords(a.list)} || case $tp_said in *'No matching'*) tp_said= ;; *) tp_error "$tp_said" || exit ;; esac`,
      sh`tp_kv listed true; tp_kv list "$tp_said"`,
    );
  if (specs.length === 0) return a.autoremove ? sh`tp_dnf_whole unused autoremove ''` : sh`:`;
  if (a.download_only && wanted(a) !== 'absent') return sh`tp_dnf_fetched ${a.download_dir ?? ''} ${fetching(a)}`;
  if (specs[0] === '*') return sh`tp_dnf_whole '*' ${verb} ${flags}`;
  if (wanted(a) === 'latest') return sh`tp_dnf_latest ${verb} ${flags} ${a.update_only ? '1' : ''} ${specs}`;
  if (wanted(a) === 'present') return sh`tp_dnf_present ${String(a.allow_downgrade)} ${specs}`;
  return sh`tp_dnf_absent ${removal(a)} ${specs}`;
}

function reach(a: Args): Sh {
  const specs = specsOf(a);
  const { verb, flags } = upgrade(a);
  if (specs.length === 0) return a.autoremove ? sh`tp_dnf_do autoremove` : sh`:`;
  if (a.download_only && wanted(a) !== 'absent')
    return sh`tp_dnf_do --downloadonly ${a.download_dir !== undefined && `--downloaddir=${a.download_dir}`} ${fetching(a)}`;
  if (specs[0] === '*') return sh`tp_dnf_do ${verb} ${flags !== '' && flags.split(' ')}`;
  // by the lines of the first look
  const states = sh`tp_states=$tp_before$tp_nl`;
  if (wanted(a) === 'absent') return sh.lines(states, sh`tp_rpm_some present tp_dnf_do ${removal(a)} ${specs}`);
  return sh.lines(
    states,
    !(wanted(a) === 'latest' && a.update_only) && sh`tp_rpm_some absent tp_dnf_do install '' ${specs}`,
    wanted(a) === 'latest' && sh`tp_rpm_some outdated tp_dnf_do ${verb} ${flags} ${specs}`,
  );
}

function values(a: Args, state: State, _: unknown, before: State): Record<string, unknown> {
  if (a.list !== undefined) return { results: listed(a.list, state['list'] ?? ''), msg: '', rc: 0 };
  const done = (before['plan'] ?? '').split('\n').filter(line => line !== '');
  const results = a.download_only ? done.map(line => line.replace(/^Installed:/, 'Downloaded:')) : done;
  if (specsOf(a).length === 0 && !a.autoremove) return { results, msg: 'Cache updated', rc: 0 };
  const same = Object.entries(goal(a)).every(([key, value]) => before[key] === String(value));
  return same ? { results: [], msg: 'Nothing to do', rc: 0 } : { results, msg: '', rc: 0 };
}

/** Defines tp_pm and what the functions of the prelude need. */
function open(program: Program, a: Args): Sh {
  const set = (name: string, value: string) => `--setopt=${name}=${value}`;
  const each = (flag: string, list: readonly string[]) => list.map(item => `--${flag}=${item}`);
  const flags = [
    a.conf_file !== undefined && ['-c', a.conf_file],
    each('disablerepo', a.disablerepo),
    each('enablerepo', a.enablerepo),
    wanted(a) !== 'absent' && each('exclude', a.exclude),
    each('disableplugin', a.disable_plugin),
    each('enableplugin', a.enable_plugin),
    a.disable_excludes !== undefined && `--disableexcludes=${a.disable_excludes}`,
    a.installroot !== '/' && `--installroot=${a.installroot}`,
    a.releasever !== undefined && `--releasever=${a.releasever}`,
    a.cacheonly && '-C',
    a.disable_gpg_check && '--nogpgcheck',
    a.skip_broken && '--skip-broken',
    a.nobest && '--nobest',
    a.allowerasing && '--allowerasing',
    !a.install_weak_deps && set('install_weak_deps', 'False'),
    // as Ansible: only autoremove takes along what nothing needs any more
    !a.autoremove && set('clean_requirements_on_remove', 'False'),
    (!a.sslverify || !a.validate_certs) && set('sslverify', 'False'),
  ];
  return sh.lines(
    which(program, a.use_backend ?? 'auto'),
    sh`tp_pm() { "$tp_program" ${flags} "$@"; }`,
    sh`tp_root=${a.installroot === '/' ? '' : a.installroot} tp_patience=${a.lock_timeout} tp_skip=${a.skip_broken ? '1' : ''}`,
  );
}

/** Sets tp_program; yum is dnf where there is no other. */
function which(program: Program, backend: string): Sh {
  const names = program === 'dnf' || backend === 'dnf' || backend === 'yum4' ? ['dnf'] : ['yum'];
  const tried = program === 'yum' && backend === 'auto' ? ['yum', 'dnf'] : names;
  const missing = `there is no ${tried.join(' and no ')} on this host: install the package ${names[0]}`;
  return sh.lines(
    sh`tp_program=; for tp_name in ${tried}; do ! tp_has "$tp_name" || { tp_program=$tp_name; break; }; done`,
    sh`[ -n "$tp_program" ] || tp_error ${missing} || exit`,
  );
}

function wanted(a: Args): Wanted {
  if (a.state === 'latest') return 'latest';
  if (a.state === undefined) return a.autoremove ? 'absent' : 'present';
  return a.state === 'absent' || a.state === 'removed' ? 'absent' : 'present';
}

/** Each package once; comparisons as dnf reads them, with blanks. */
function specsOf(a: Args): readonly string[] {
  return [...new Set((a.name ?? []).map(name => name.replace(COMPARISON, '$1 $2 $3')))];
}

function upgrade(a: Args): { readonly verb: string; readonly flags: string } {
  if (!a.security && !a.bugfix) return { verb: 'upgrade', flags: '' };
  const flags = [a.security && '--security', a.bugfix && '--bugfix'].filter(flag => flag !== false);
  return { verb: 'upgrade-minimal', flags: flags.join(' ') };
}

function removal(a: Args): readonly string[] {
  return [a.autoremove ? 'autoremove' : 'remove', ''];
}

function fetching(a: Args): readonly string[] {
  const { verb, flags } = upgrade(a);
  const names = specsOf(a);
  if (wanted(a) !== 'latest') return ['install', '--', ...names];
  const words = [verb, ...(flags === '' ? [] : flags.split(' '))];
  return names[0] === '*' ? words : [...words, '--', ...names];
}

function examplesOf(program: Program): string {
  return `
- ${program}:
    name: [httpd, mariadb-server]
    state: latest
- name: A version, a path of a file, a group
  ${program}:
    name: [php-8.2.1, "nginx >= 1.20", /usr/bin/dig, "@Development Tools"]
- ${program}:
    name: /srv/app-1.0-1.noarch.rpm
    disable_gpg_check: true
- name: All that is a matter of security
  ${program}:
    name: "*"
    state: latest
    security: true
- ${program}:
    name: httpd
    state: absent
    autoremove: true
- ${program}:
    list: updates
  register: news
`;
}
