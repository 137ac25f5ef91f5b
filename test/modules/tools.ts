import type { Kind } from '../../lab/lab.ts';
import { podmanSetup } from '../../lab/podman.ts';
import type { NamedCase } from './case.ts';
import { has, type Place } from './place.ts';

/** What modules need on a host and the lab's hosts are made without, by the command and the package it is in. */
const TOOLS: Readonly<Record<string, string>> = {
  git: 'git',
  curl: 'curl',
  wget: 'wget',
  unzip: 'unzip',
  zip: 'zip',
  bzip2: 'bzip2',
  xz: 'xz-utils',
  zstd: 'zstd',
  make: 'make',
  gpg: 'gpg',
  openssl: 'openssl',
  mariadbd: 'mariadb-server',
};
/** Those that one kind is enough for. */
const MORE: Readonly<Partial<Record<Kind, Readonly<Record<string, string>>>>> = {
  // repo-add, by which the cases make their repository, is in parts with makepkg
  debian: { modprobe: 'kmod', pacman: 'pacman-package-manager', makepkg: 'makepkg', bsdtar: 'libarchive-tools' },
  dnf: { zypper: 'zypper', pip3: 'python3-pip python3-venv' },
};

/** Gives a host of Debian the tools that modules need there; busybox has no packages: what it lacks is skipped. */
export async function installTools(place: Place, say: (line: string) => void): Promise<void> {
  const packages = Object.entries({ ...TOOLS, ...(place.kind && MORE[place.kind]) }).filter(
    ([tool]) => !has(place, tool),
  );
  if (packages.length === 0 || !has(place, 'apt-get')) return;
  const began = performance.now();
  const names = packages.map(([, name]) => name).join(' ');
  const env = { PATH: place.path, DEBIAN_FRONTEND: 'noninteractive', HOME: '/root' };
  await place.run(`apt-get -qq update && apt-get -qq install -y --no-install-recommends ${names} >&2`, env);
  say(`${place.kind}: ${names} installed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** The image localhost/tiny:1, which is busybox. */
const TINY = `apt-get -qq install -y --no-install-recommends busybox-static >/dev/null
mkdir -p /var/tmp/tiny/bin /var/tmp/tiny/tmp
cp "$(command -v busybox)" /var/tmp/tiny/bin/busybox
for tool in sh sleep env cat true; do ln -sf busybox "/var/tmp/tiny/bin/$tool"; done
tar -C /var/tmp/tiny -cf /var/tmp/tiny.tar .
podman import --quiet --change 'CMD ["/bin/sleep","1000"]' --change 'ENV FROM=image' /var/tmp/tiny.tar localhost/tiny:1 >/dev/null
rm -r /var/tmp/tiny
`;

/** Podman with an image, where a case of this kind of host needs it: that is too much for every run. */
export async function installPodman(
  place: Place,
  cases: readonly NamedCase[],
  say: (line: string) => void,
): Promise<void> {
  const wanted = cases.some(
    ({ case: c }) => c.needs?.includes('podman') && place.kind !== undefined && c.hosts?.includes(place.kind),
  );
  if (!wanted || !has(place, 'apt-get') || has(place, 'podman')) return;
  const began = performance.now();
  await place.run(podmanSetup + TINY, { PATH: place.path, HOME: '/root' });
  say(`${place.kind}: podman installed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
