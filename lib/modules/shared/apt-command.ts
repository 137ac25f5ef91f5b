import { type Sh, sh, type Word } from '../../shell/sh.ts';
import type { AptArgs } from './apt-args.ts';

/** apt-get with what the arguments ask of it, up to its verb. */
export function aptGet(a: AptArgs, verb: Word, ...more: string[]): Word {
  const option = (name: string, value: string | number): Sh => sh`-o ${`${name}=${value}`}`;
  const removes = verb === 'remove' || verb === 'purge';
  return [
    'apt-get',
    '-y',
    '-q',
    ...more,
    option('DPkg::Lock::Timeout', a.lock_timeout),
    // or a name with a dot that no package has would be a regular expression, and all that match it installed
    option('APT::Cmd::Pattern-Only', 'true'),
    a.dpkg_options.map(o => option('Dpkg::Options::', `--${o}`)),
    a.install_recommends !== undefined && option('APT::Install-Recommends', a.install_recommends ? 'yes' : 'no'),
    a.default_release !== undefined && ['-t', a.default_release],
    a.only_upgrade && '--only-upgrade',
    (a.allow_downgrade || a.force) && '--allow-downgrades',
    (a.allow_unauthenticated || a.force) && '--allow-unauthenticated',
    (a.allow_change_held_packages || a.force) && '--allow-change-held-packages',
    a.force && [
      '--allow-remove-essential',
      option('Acquire::https::Verify-Peer', 'false'),
      option('Acquire::https::Verify-Host', 'false'),
    ],
    a.autoremove && verb !== 'build-dep' && '--auto-remove',
    a.purge && '--purge',
    a.fail_on_autoremove && !removes && '--no-remove',
    a.state === 'fixed' && '--fix-broken',
    verb,
  ];
}

/** The same call, which only says what it would do. */
export function simulated(a: AptArgs, verb: Word): Word {
  return aptGet(a, verb, '-s');
}

/** The call of apt-get as one word, for a function that adds packages to it. */
export function aptCall(a: AptArgs, verb: Word, ...more: string[]): Sh {
  return sh.quoted(sh`${aptGet(a, verb, ...more)}`);
}

/** What apt-get calls the upgrade of everything; undefined when none is asked for. */
export function upgradeVerb(a: AptArgs): Word {
  if (a.upgrade === 'dist' || a.upgrade === 'full') return 'dist-upgrade';
  // as Ansible: new packages may come, none may go
  if (a.upgrade !== 'no' || isAll(a)) return ['--with-new-pkgs', 'upgrade'];
  return undefined;
}

/** Is it about all packages there are? */
export function isAll(a: AptArgs): boolean {
  return a.state === 'latest' && a.name?.length === 1 && a.name[0] === '*';
}

/** Each package once, as it is said last; `*` and what is asked of no package are none. */
export function specsOf(a: AptArgs): readonly string[] {
  if (isAll(a)) return [];
  return [...new Map((a.name ?? []).map(spec => [nameOf(spec), spec])).values()];
}

export function nameOf(spec: string): string {
  return spec.replace(/[=>].*/, '');
}

/** The key of the state for a package. Digits alone (2048 is a game) would come before all other keys. */
export function keyOf(spec: string): string {
  return nameOf(spec).replace(/^\d+$/, 'package $&');
}

/** How the state has a package that is as it shall be. */
export function wanted(a: AptArgs, spec: string): string {
  if (a.state === 'absent') return a.purge ? 'purged' : 'absent';
  if (a.state === 'latest') return 'latest';
  const version = /=.*/.exec(spec)?.[0];
  if (version === undefined) return 'present';
  return spec.includes('>=') ? `>${version}` : version.slice(1);
}

/** What is wrong with how a package is written, as a sentence. */
export function specFault(spec: string): string | undefined {
  // as in "foo-{{ version }}" without a version
  if (/-$/.test(spec) && !/^[^=]*[*?[]/.test(spec))
    return `"${spec}": to apt-get a name that ends in "-" is one to be removed`;
  if (/^[a-z0-9*?[][a-z0-9.+*?[\]!-]*$/.test(spec)) return undefined;
  if (/:any\b/.test(spec)) return `"${spec}": name the architecture, or leave it out for the host's own`;
  if (/^[a-z0-9][a-z0-9.+-]*(:[a-z0-9-]+)?(>?=[A-Za-z0-9.+~:*-]+)?$/.test(spec))
    return /=.*[*]/.test(spec) && spec.includes('>=') ? `"${spec}": a version after >= is no pattern` : undefined;
  if (/^[^=]*[*?[]/.test(spec)) return `"${spec}": a pattern of names takes no version and no architecture`;
  return `"${spec}" cannot be a package's name; write name, name:architecture or name=version`;
}
