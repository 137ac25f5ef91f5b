import { defineConverge, type Goal, type Sh, sh } from '../module.ts';
import { type AptArgs, aptArgs } from './shared/apt-args.ts';
import {
  aptCall,
  aptGet,
  isAll,
  keyOf,
  simulated,
  specFault,
  specsOf,
  upgradeVerb,
  wanted,
} from './shared/apt-command.ts';
import { aptDownload } from './shared/apt-download.ts';
import { hostPath } from './shared/attributes.ts';

/** Keys of the state that are no packages. */
const UPGRADE = 'apt-get upgrade';
const BROKEN = 'apt-get --fix-broken install';
const BUILD = 'apt-get build-dep';
const REMOVE = 'apt-get autoremove';
const CLEAN = 'apt-get autoclean';
const HERE = 'apt-get';
const TOLD = ['cache_update_time', 'cache_updated', 'stdout', 'stderr', 'fault'];

export default defineConverge({
  name: 'apt',
  doc: 'Installs, upgrades and removes packages of Debian and Ubuntu.',
  args: aptArgs,
  examples: `
- apt:
    name: [foo, foo-tools]
    state: present
    update_cache: true
    cache_valid_time: 3600
- apt:
    name: foo=1.00
- apt:
    name: foo
    state: absent
    purge: true
- apt:
    deb: https://example.org/foo_1.0_all.deb
- apt:
    upgrade: dist
    update_cache: true
`,
  returns: {
    cache_updated: 'Whether new lists were got.',
    cache_update_time: 'When lists were last got, in seconds since 1970; 0 when that is not known.',
    stdout: 'What apt-get said.',
    stderr: 'What apt-get warned of.',
  },

  check(a) {
    const odd = isAll(a) ? undefined : a.name?.map(specFault).find(fault => fault !== undefined);
    if (odd !== undefined) return odd;
    if (a.upgrade !== 'no' && (a.name ?? a.deb) !== undefined)
      return 'upgrade is for all packages; leave "name" and "deb" out';
    if (a.deb !== undefined && a.state !== 'present')
      return `a package file cannot be ${a.state}; give its package in "name"`;
    if (a.fail_on_autoremove && a.state === 'absent')
      return 'fail_on_autoremove cannot come with state absent, which removes';
    if (a.state === 'build-dep' && a.name === undefined) return 'state build-dep needs "name"';
    if (a.name !== undefined || hasJob(a) || updates(a) || a.clean) return undefined;
    return 'there is nothing to do; give "name"';
  },

  prepare: a =>
    a.clean || (updates(a) && hasJob(a))
      ? sh.lines(
          a.clean && sh`tp_apt_here && apt-get -o ${`DPkg::Lock::Timeout=${a.lock_timeout}`} clean`,
          hasJob(a) && updates(a) && fetchLists(a),
        )
      : undefined,

  goal(a): Goal {
    const all = {
      [HERE]: 'there',
      [UPGRADE]: upgradeVerb(a) && 'done',
      [BROKEN]: a.state === 'fixed' ? 'done' : undefined,
      [BUILD]: a.state === 'build-dep' ? 'done' : undefined,
      deb: a.deb === undefined ? undefined : 'installed',
    };
    const names = a.state === 'build-dep' ? [] : specsOf(a).map(spec => [keyOf(spec), wanted(a, spec)]);
    return {
      ...all,
      ...Object.fromEntries(names),
      [REMOVE]: a.autoremove && alone(a) ? 'done' : undefined,
      [CLEAN]: a.autoclean && alone(a) ? 'done' : undefined,
      cache: onlyLists(a) && a.cache_valid_time > 0 ? 'fresh' : undefined,
    };
  },

  probe(a, want) {
    const specs = specsOf(a);
    const plan = (key: string, verb: ReturnType<typeof upgradeVerb>) => sh`tp_apt_plan ${key} ${simulated(a, verb)}`;
    const kind = a.state === 'absent' ? (a.purge ? 'purged' : 'absent') : a.only_upgrade ? 'present!' : 'present';
    const packages = [kind, aptCall(a, verbOf(a), '-s'), specs];
    return every(
      sh`tp_fetch=${updates(a) ? '1' : ''} tp_fault=; tp_apt_here && tp_kv ${[HERE, 'there']}`,
      upgradeVerb(a) !== undefined && plan(UPGRADE, upgradeVerb(a)),
      a.state === 'fixed' && plan(BROKEN, 'install'),
      a.state === 'build-dep' && plan(BUILD, ['build-dep', '--', specs]),
      a.deb !== undefined && sh`tp_apt_deb deb ${[file(a), a.allow_downgrade || a.force ? '1' : '']}`,
      specs.length > 0 && a.state === 'latest' && sh`tp_apt_latest ${packages}`,
      specs.length > 0 && !['latest', 'build-dep'].includes(a.state) && sh`tp_apt ${packages}`,
      a.autoremove && alone(a) && plan(REMOVE, 'autoremove'),
      a.autoclean && alone(a) && plan(CLEAN, 'autoclean'),
      want.includes('cache') && sh`tp_apt_cache ${a.cache_valid_time}`,
      sh`tp_apt_more ${want.filter(key => TOLD.includes(key))}`,
    );
  },

  detail: () => TOLD,
  refuse: (_, before) => before['fault'] || undefined,

  apply(a) {
    const specs = specsOf(a);
    const policy = a.policy_rc_d !== undefined && ['tp_apt_policy', a.policy_rc_d];
    const run = (...call: readonly Parameters<typeof aptGet>[1][]) =>
      sh`${[policy, 'tp_apt_run', a.lock_timeout, ...call]}`;
    const kind = a.state === 'absent' ? 'absent' : 'present';
    return sh.lines(
      onlyLists(a) && fetchLists(a),
      upgradeVerb(a) !== undefined && run(aptGet(a, upgradeVerb(a))),
      a.state === 'fixed' && specs.length === 0 && run(aptGet(a, 'install')),
      a.state === 'build-dep' && run(aptGet(a, 'build-dep'), '--', specs),
      a.deb !== undefined && sh`tp_apt_install_file ${file(a)} ${run(aptGet(a, 'install'), '--')}`,
      specs.length > 0 &&
        a.state !== 'build-dep' &&
        sh`${[policy, 'tp_apt_do', kind, a.lock_timeout, aptCall(a, verbOf(a)), specs]}`,
      a.autoremove && alone(a) && run(aptGet(a, 'autoremove')),
      a.autoclean && alone(a) && run(aptGet(a, 'autoclean')),
    );
  },

  // As Ansible: new lists alone are a change, when nothing says how old they may be.
  force: a => onlyLists(a) && a.cache_valid_time === 0,

  values(a, state) {
    const { stdout, stderr } = state;
    const said = stdout || stderr ? { stdout, stderr } : {};
    const updated = onlyLists(a) && a.cache_valid_time === 0 ? true : state['cache_updated'] === 'true';
    return { cache_updated: updated, cache_update_time: Number(state['cache_update_time']), ...said };
  },
});

/** Scripts a line each, of which none may fail. */
function every(...scripts: readonly (Sh | false)[]): Sh {
  return sh.lines(...scripts.map(s => s && sh`${s} || exit`));
}

function verbOf(a: AptArgs): string {
  if (a.state !== 'absent') return 'install';
  return a.purge ? 'purge' : 'remove';
}

function updates(a: AptArgs): boolean {
  return a.cache_valid_time > 0 || (a.update_cache ?? false);
}

/** Is there anything to do but getting lists and cleaning? */
function hasJob(a: AptArgs): boolean {
  return (
    a.name !== undefined ||
    a.deb !== undefined ||
    a.upgrade !== 'no' ||
    a.state === 'fixed' ||
    a.autoremove ||
    a.autoclean
  );
}

/** As Ansible: with packages, autoremove is a flag of their installation, and autoclean is passed over. */
function alone(a: AptArgs): boolean {
  return (a.name ?? a.deb) === undefined && a.upgrade === 'no';
}

function onlyLists(a: AptArgs): boolean {
  return updates(a) && !hasJob(a);
}

function fetchLists(a: AptArgs): Sh {
  return sh`tp_apt_update ${[a.cache_valid_time, a.lock_timeout, a.update_cache_retries, a.update_cache_retry_max_delay]}`;
}

/** Path or address of the package file, and the code that gets it to the host. */
function file(a: AptArgs): readonly [Sh, Sh | ''] {
  const deb = a.deb ?? '';
  if (!deb.includes('://')) return [sh`${hostPath(deb)}`, ''];
  const request = { url: deb, http_agent: 'ansible-httpget', timeout: 60, validate_certs: !a.force };
  return [sh`${deb}`, aptDownload(request)];
}
