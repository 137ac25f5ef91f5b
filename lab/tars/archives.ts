import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { made } from './made.ts';
import { servers } from './servers.ts';

/** The servers that are published through the web: their archives hold what the web takes, too. */
const basic = new Set(['tarsstat', 'tarsproperty', 'tarsnotify', 'tarslog', 'tarsquerystat', 'tarsqueryproperty']);

/**
 * Makes `<S>.tgz` of each server, as `make <S>-tar` does: `<S>/bin/<S>` with conf and util, their placeholders still in
 * them; of a basic server also `<S>/<S>`. The same package gives the same bytes.
 */
export function makeArchives(packageDir: string, dir: string): void {
  mkdirSync(dir, { recursive: true });
  if (readdirSync(dir).length > 0) throw new Error(`${dir} is not empty: remove it first or name a new directory`);
  const work = mkdtempSync(join(tmpdir(), 'tars-tgz-'));
  try {
    for (const { name } of servers) {
      const home = join(work, name);
      const binary = join(packageDir, 'framework/servers', name, 'bin', name);
      copy(binary, join(home, 'bin', name));
      copy(join(packageDir, 'framework/conf', name, 'conf'), join(home, 'conf'));
      copy(join(packageDir, 'framework/util-linux', name, 'util'), join(home, 'util'));
      if (basic.has(name)) copy(binary, join(home, name));
      const options = ['--sort=name', `--mtime=@${made.getTime() / 1000}`, '--owner=0', '--group=0', '--numeric-owner'];
      const archive = join(dir, `${name}.tgz`);
      execFileSync('tar', ['-C', work, ...options, '--mode=u=rwX,go=rX', '-I', 'gzip -n', '-cf', archive, name]);
      chmodSync(archive, 0o644);
      utimesSync(archive, made, made);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}
