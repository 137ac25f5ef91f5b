import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDirectory, lock } from '../../lab/state.ts';
import { has, type Place } from './place.ts';

const PM2 = '5.4.3';

/**
 * Gives a host this machine's Node and npm, and pm2 as this machine's npm installs it (kept with the lab's bases). Where
 * npm is not a folder of its own, as Debian's is not, the host gets none, and says so.
 */
export async function installNode(place: Place, say: (line: string) => void): Promise<void> {
  if (has(place, 'pm2')) return;
  const npm = npmFolder();
  if (npm === undefined) return say(`${place.kind}: no npm and pm2, since this machine's npm is not in one folder`);
  const pm2 = await pm2Folder();
  const into = join(place.tree, 'usr/local');
  cpSync(process.execPath, join(into, 'bin/node'));
  const give = (from: string, name: string, main: string) => {
    cpSync(from, join(into, 'lib/node_modules', name), { recursive: true, verbatimSymlinks: true });
    symlinkSync(`../lib/node_modules/${name}/bin/${main}`, join(into, 'bin', name));
  };
  give(npm, 'npm', 'npm-cli.js');
  give(join(pm2, 'lib/node_modules/pm2'), 'pm2', 'pm2');
  say(`${place.kind}: node ${process.version}, npm and pm2 ${PM2} copied`);
}

/** npm's folder, with all that it needs in it. */
function npmFolder(): string | undefined {
  const link = (process.env['PATH'] ?? '').split(':').find(folder => existsSync(join(folder, 'npm')));
  if (link === undefined) return undefined;
  const folder = dirname(dirname(realpathSync(join(link, 'npm'))));
  return existsSync(join(folder, 'node_modules')) ? folder : undefined;
}

/** A prefix with pm2 in it, made once. */
async function pm2Folder(): Promise<string> {
  const folder = join(cacheDirectory, `pm2-${PM2}`);
  await using _held = await lock('pm2');
  if (existsSync(folder)) return folder;
  const half = join(cacheDirectory, `.half-pm2-${process.pid}`);
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  const flags = ['--prefix', half, '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--global', ...flags, `pm2@${PM2}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  renameSync(half, folder);
  return folder;
}
