/** What dnf and yum list, as values for playbooks. */

const WORDS: Readonly<Record<string, readonly string[]>> = {
  installed: ['list', 'installed'],
  available: ['list', 'available'],
  updates: ['list', 'updates'],
  repos: ['repolist'],
};

/** The command line that lists it. */
export function listWords(what: string): readonly string[] {
  return WORDS[what] ?? ['list', '--showduplicates', '--', what];
}

/** Packages with Ansible's names, or repositories. */
export function listed(what: string, said: string): readonly Readonly<Record<string, string>>[] {
  const lines = said.split('\n');
  if (what === 'repos') {
    const first = lines.findIndex(line => /^repo id\s/.test(line));
    return lines.slice(first + 1).flatMap(line => {
      const repoid = /^[!*]?([^\s/]+)(?:\/\S*)?\s{2,}/.exec(line)?.[1];
      return first < 0 || repoid === undefined ? [] : [{ repoid, state: 'enabled' }];
    });
  }
  return [...new Map(sections(lines).map(one => [`${one['nevra']} ${one['repo']}`, one])).values()];
}

/** Under each heading are words in threes, wherever lines end: name.arch, version, repository. */
function sections(lines: readonly string[]): readonly Readonly<Record<string, string>>[] {
  const found: Record<string, string>[] = [];
  let state: string | undefined;
  let words: string[] = [];
  for (const line of lines) {
    if (/^\w+ (Packages|Upgrades)$/.test(line)) {
      state = line.startsWith('Installed') ? 'installed' : 'available';
      words = [];
    } else if (state !== undefined) words.push(...line.split(/\s+/).filter(word => word !== ''));
    while (words.length >= 3) {
      const [name = '', version = '', repo = ''] = words.splice(0, 3);
      found.push(packageOf(name, version, { repo, state: state ?? '' }));
    }
  }
  return found;
}

function packageOf(full: string, evr: string, { repo, state }: { repo: string; state: string }) {
  const dot = full.lastIndexOf('.');
  const [name, arch] = [full.slice(0, dot), full.slice(dot + 1)];
  const [, epoch = '0', version = '', release = ''] = /^(?:(\d+):)?([^-]*)-(.*)$/.exec(evr) ?? [];
  const nevra = `${epoch}:${name}-${version}-${release}.${arch}`;
  return {
    name,
    arch,
    epoch,
    version,
    release,
    repo: state === 'installed' ? '@System' : repo,
    nevra,
    envra: nevra,
    yumstate: state,
  };
}
