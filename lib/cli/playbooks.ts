import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { compilePlaybooks } from '../playbook/compile.ts';
import { FileStore } from '../playbook/load.ts';
import { didYouMean } from '../text/near.ts';
import type { At, Source } from './prepare.ts';

/** Playbook files as the plays of a run; by name where the short form of the command line gives names. */
export function playbookSource(playbooks: readonly string[], { byName, ...at }: At & { byName: boolean }): Source {
  const paths = byName ? playbooks.flatMap(name => findPlaybook(name, at)) : playbooks;
  return { names: paths, playbooks: paths, program: compile => compilePlaybooks(paths, compile) };
}

/** A playbook by its name: a path, one of ./playbooks, or one of the package. */
function findPlaybook(name: string, { cwd, found }: At): readonly string[] {
  const direct = resolve(cwd, name);
  if (/\.ya?ml$/.test(name) && existsSync(direct)) return [direct];
  const folders = [join(cwd, 'playbooks'), join(packageRoot, 'playbooks')];
  const path = folders.flatMap(f => ['.yml', '.yaml', ''].map(end => join(f, name + end))).find(existsSync);
  if (path !== undefined) return [path];
  const files = new FileStore(cwd);
  const known = [...new Set(folders.flatMap(f => files.list(f)).map(f => f.replace(/\.ya?ml$/, '')))];
  const suggestion = didYouMean(name, known) ?? (known.length > 0 ? `there are ${known.join(', ')}` : undefined);
  found.error('missing-file', `there is no playbook "${name}"`, { ...(suggestion && { suggestion }) });
  return [];
}
