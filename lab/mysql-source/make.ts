import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../lab/mysql-source/source', import.meta.url));

export interface MysqlArchive {
  /** Where it is written, a .tar.gz. */
  readonly file: string;
  /** Its own; the server tells it as `@@report_host`. */
  readonly version: string;
  /** `tarball`: as its makers build it, with `bin/mysqld --initialize-insecure` and no script that makes tables. */
  readonly kind: 'source' | 'tarball';
}

/** Writes an archive of a server as MySQL's makers publish it, with one folder at its top. */
export function makeMysqlArchive({ file, version, kind }: MysqlArchive): void {
  const top = `mysql-${version}${kind === 'source' ? '' : '-linux-x86_64'}`;
  const folder = mkdtempSync(join(tmpdir(), 'mysql-archive-'));
  try {
    const tree = join(folder, top);
    if (kind === 'source') cpSync(source, tree, { recursive: true });
    else cpSync(join(source, 'client'), join(tree, 'include'), { recursive: true });
    writeFileSync(join(tree, 'VERSION'), `${version}\n`);
    if (kind === 'tarball') writeBuilt(tree, version);
    execFileSync('tar', ['--owner=0', '--group=0', '-czf', file, '-C', folder, top]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeBuilt(tree: string, version: string): void {
  cpSync(join(source, 'support-files'), join(tree, 'support-files'), { recursive: true });
  for (const name of readdirSync(source).filter(n => n.endsWith('.in'))) {
    const program = join(tree, 'bin', name.slice(0, -3));
    cpSync(join(source, name), program);
    writeFileSync(program, readFileSync(program, 'utf8').replaceAll('@MYSQL_VERSION@', version));
    chmodSync(program, 0o755);
  }
}
