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
};

/** Gives a host of Debian the tools that modules need there; busybox has no packages: what it lacks is skipped. */
export async function installTools(place: Place, say: (line: string) => void): Promise<void> {
  const packages = Object.entries(TOOLS).filter(([tool]) => !has(place, tool));
  if (packages.length === 0 || !has(place, 'apt-get')) return;
  const began = performance.now();
  const names = packages.map(([, name]) => name).join(' ');
  const env = { PATH: place.path, DEBIAN_FRONTEND: 'noninteractive', HOME: '/root' };
  await place.run(`apt-get -qq update && apt-get -qq install -y --no-install-recommends ${names} >&2`, env);
  say(`${place.kind}: ${names} installed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
