import { defineConverge, feed, type Goal, type Locals, type Sh, sh } from '../module.ts';
import { hostPath, normalMode } from './shared/attributes.ts';
import { kindOf } from './shared/host-archive.ts';
import { type ReleaseArgs, releaseArgs, releaseFault } from './shared/release-args.ts';
import { type ReleaseSource, releaseSource } from './shared/release-source.ts';

export default defineConverge({
  name: 'release',
  doc: 'Releases by version in `PATH/releases/VERSION`, and the links `PATH/current` and `PATH/permanent` to those in use.',
  args: releaseArgs,
  examples: `
- name: Version 2, if it is well
  block:
    - release: { path: /srv/app, version: "2", src: app-2.tgz, state: current }
    - service: { name: app, state: restarted }
    - uri: { url: "http://localhost:8080/health" }
      register: health
      until: health.status == 200
      retries: 10
    - release: { path: /srv/app, version: "2", state: permanent, keep: 3 }
  rescue:
    - release: { path: /srv/app, version: "2", state: rolled_back }
    - service: { name: app, state: restarted }
    - fail: { msg: version 2 is not well }
`,
  returns: {
    path: 'the folder of all releases',
    version: 'the release, with rolled_back the one that is current now',
    release: 'path of the release',
    state: 'unpacked, current, permanent or absent',
    current: 'version that is current; empty when there is none',
    permanent: 'version that is permanent; empty when there is none',
    old: 'old releases that stay, the one used last first',
  },

  needs: a =>
    a.src === undefined || a.remote_src ? [] : [{ kind: 'archive', path: a.src, decrypt: a.decrypt, sum: true }],

  check: releaseFault,

  goal(a): Goal {
    const { version } = a;
    switch (a.state) {
      case 'absent':
        return { unpacked: false };
      case 'rolled_back':
        return { rolled_back: true };
      case 'unpacked':
        return { unpacked: true, remove: '' };
      case 'current':
        return { unpacked: true, current: version, remove: '' };
      case 'permanent':
        return { unpacked: true, current: version, permanent: version, remove: '' };
      default:
        return unreachable(a.state);
    }
  },

  probe(a, want, local) {
    const source = sourceOf(a, local);
    if ('fault' in source) return sh`tp_kv archive ${source.fault}`;
    const words = [root(a), a.version ?? ''];
    return sh.lines(hostSum(a), sh`tp_release ${words} ${sumWord(source)} ${[a.state, a.keep ?? '', want]}`);
  },

  detail: () => ['current', 'permanent', 'old', 'in_the_way'],

  refuse(a, before) {
    if (before['archive'] !== undefined) return before['archive'];
    if (before['unpacked'] === 'other')
      return `${below(a)} was unpacked from something else than ${a.src}: give that a version of its own, or remove this one first (state: absent)`;
    if (before['in_the_way'] && a.state !== 'unpacked') return before['in_the_way'];
    const used = before['current'] === a.version ? 'current' : before['permanent'] === a.version ? 'permanent' : '';
    if (a.state === 'absent' && used !== '')
      return `${a.version} is the ${used} release of ${root(a)}: make another one ${used} first`;
    if (a.state === 'rolled_back' && before['permanent'] === '')
      return `no release of ${root(a)} was ever permanent: there is none to go back to, and ${before['current']} stays current`;
    return undefined;
  },

  apply(a, local) {
    const words = [root(a), a.version ?? ''];
    if (a.state === 'absent') return sh.lines(sh`tp_release_gone ${words}`, sh`tp_release_sweep ${root(a)}`);
    if (a.state === 'rolled_back') return sh`tp_release_back ${words}`;
    const links = a.state === 'unpacked' ? [] : a.state === 'current' ? ['current'] : ['current', 'permanent'];
    const source = sourceOf(a, local);
    if ('fault' in source) return sh`tp_error ${source.fault}`;
    return sh.lines(
      hostSum(a),
      sh`tp_release_guard ${words} ${sumWord(source)} ${links}`,
      sh`tp_release_sweep ${root(a)}`,
      unpack(a, source),
      ...links.map(link => sh`tp_release_switch ${[root(a), link, a.version]}`),
      sh`tp_release_prune ${[...words, a.state, a.keep ?? '']}`,
    );
  },

  values(a, state) {
    const { permanent = '', old = '' } = state;
    // what a dry run found is still as it was before
    const back = state['rolled_back'] === 'true' && (a.version === undefined || a.version === state['current']);
    const current = back ? permanent : (state['current'] ?? '');
    const version = a.state === 'rolled_back' ? current : (a.version ?? '');
    return {
      path: root(a),
      version,
      release: `${root(a)}/releases/${version}`,
      state:
        a.state === 'absent'
          ? 'absent'
          : version === permanent
            ? 'permanent'
            : version === current
              ? 'current'
              : 'unpacked',
      current,
      permanent,
      old: old === '' ? [] : old.split('\n'),
    };
  },
});

function root(a: ReleaseArgs): string {
  return a.path.replace(/\/+$/, '');
}

function below(a: ReleaseArgs): string {
  return `${root(a)}/releases/${a.version}`;
}

/** What the release is made of; the host's own archives and folders are known to the host alone. */
function sourceOf(a: ReleaseArgs, local: Locals): ReleaseSource | HostSource {
  return a.src === undefined || a.remote_src ? { kind: kindOf(a.src ?? '') } : releaseSource(a.src, local);
}

interface HostSource {
  readonly kind: string;
}

/**
 * Sets tp_sum to the checksum of an archive of the host, as far as it is needed. One that is gone meanwhile is as good
 * as none: the release is there.
 */
function hostSum(a: ReleaseArgs): Sh | undefined {
  if (!a.remote_src) return a.src === undefined ? sh`tp_sum=''` : undefined;
  const src = hostPath(a.src ?? '');
  return sh`tp_sum=''; if [ -d ${below(a)} ] && [ -f ${src} ]; then tp_sum sha256 ${src} || exit; fi`;
}

function sumWord(source: ReleaseSource | HostSource): Sh {
  return 'sum' in source ? sh`${source.sum}` : sh`"$tp_sum"`;
}

function unpack(a: ReleaseArgs, source: Exclude<ReleaseSource, { fault: string }> | HostSource): Sh {
  if (a.src === undefined)
    return sh`[ -d ${below(a)} ] || tp_error ${`${below(a)} does not exist: give src, from which it is unpacked`}`;
  const archive = 'content' in source ? feed(source.content) : hostPath(a.src);
  const rest = [a.subfolder ?? '', a.owner ?? '', a.group ?? '', normalMode(a.mode) ?? ''];
  return sh`tp_release_unpack ${[root(a), a.version, source.kind, archive]} ${sumWord(source)} ${rest}`;
}

function unreachable(state: never): never {
  throw new Error(`internal: unknown state ${String(state)}`);
}
