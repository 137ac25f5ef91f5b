import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTarsPackage } from '../tars/make.ts';

const here = fileURLToPath(new URL('../../../lab/build', import.meta.url));

/** Where the repositories are on the host they are put on; the submodule is known by its path there. */
export const repositories = '/srv/git';

/**
 * Writes an archive of three bare repositories: TarsFramework.git with the submodule tarscpp.git, and TarsWeb.git. The
 * framework has the tag v1, and v2 of a later package.
 */
export function makeSources(file: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'tars-sources-'));
  try {
    const work = (name: string) => join(folder, 'work', name);
    const packageOf = (version: string) => makeTarsPackage({ dir: work(`package-${version}`), version });
    packageOf('3.0.17');
    packageOf('3.0.18');

    cpSync(join(here, 'tarscpp'), work('tarscpp'), { recursive: true });
    commit(work('tarscpp'), 'v1');
    renameSync(join(work('package-3.0.17'), 'web'), work('TarsWeb'));
    commit(work('TarsWeb'), 'v1');
    rmSync(join(work('package-3.0.18'), 'web'), { recursive: true });

    const framework = work('TarsFramework');
    cpSync(join(here, 'source'), framework, { recursive: true });
    cpSync(work('package-3.0.17'), join(framework, 'deploy'), { recursive: true });
    git(framework, 'init', '-q');
    git(framework, '-c', 'protocol.file.allow=always', 'submodule', '-q', 'add', work('tarscpp'), 'tarscpp');
    const modules = `[submodule "tarscpp"]\n\tpath = tarscpp\n\turl = file://${repositories}/tarscpp.git\n`;
    writeFileSync(join(framework, '.gitmodules'), modules);
    commit(framework, 'v1');
    cpSync(work('package-3.0.18'), join(framework, 'deploy'), { recursive: true });
    commit(framework, 'v2');

    const bare = join(folder, 'bare');
    mkdirSync(bare);
    for (const name of ['tarscpp', 'TarsWeb', 'TarsFramework'])
      git(folder, 'clone', '-q', '--bare', work(name), join(bare, `${name}.git`));
    execFileSync('tar', ['--owner=0', '--group=0', '-czf', file, '-C', bare, '.']);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function commit(dir: string, tag: string): void {
  git(dir, 'init', '-q');
  git(dir, 'add', '-A', '-f');
  git(dir, 'commit', '-q', '-m', `The state of ${tag}`);
  git(dir, 'tag', tag);
}

function git(dir: string, ...args: string[]): void {
  const who = ['-c', 'user.name=lab', '-c', 'user.email=lab@localhost'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  execFileSync('git', ['-C', dir, ...who, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}
