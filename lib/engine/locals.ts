import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { basename, dirname, relative, resolve } from 'node:path';
import type { LocalData, LocalNeed, Locals } from '../module.ts';
import { candidates, type Folder } from '../playbook/local-paths.ts';
import type { Task } from '../playbook/program.ts';
import { compileTemplateFile, TemplateError, type TemplateOptions } from '../template/index.ts';
import { type Scope, Unknown, type Value } from '../template/values.ts';
import { didYouMean } from '../text/near.ts';
import { sourceFile } from '../text/source.ts';
import { dataLayer, type LayeredScope, type VarLayer } from '../vars/scope.ts';
import { readLocalArchive } from './local-archive.ts';
import { findLocal, readLocal, type Secrets } from './local-files.ts';
import { plain } from './values.ts';

/** A file of the controller that a task names and that is not there. */
export class MissingLocal extends Error {}

interface Needing extends Secrets {
  readonly task: Task;
  readonly scope: LayeredScope;
  readonly playbookDir: string;
}

/** Reads what a module needs of the controller's files. Throws MissingLocal, ClosedFile or TemplateError. */
export async function loadLocals(needs: readonly LocalNeed[], at: Needing): Promise<Locals> {
  return new Map(await Promise.all(needs.map(async need => [need.path, await load(need, at)] as const)));
}

async function load(need: LocalNeed, at: Needing): Promise<LocalData> {
  const folder: Folder = need.kind === 'template' ? 'templates' : 'files';
  const places = { role: at.task.role, dir: at.task.dir, playbookDir: at.playbookDir };
  const path = findLocal(need.path, folder, places);
  if (path === undefined) throw new MissingLocal(missing(need.path, candidates(need.path, folder, places)));
  const closed = need.kind !== 'template' && need.decrypt === false;
  const how = { vault: closed ? undefined : at.vault, large: at.large };
  const data =
    need.kind === 'archive'
      ? await readLocalArchive(path, { ...how, archives: at.archives, sum: need.sum })
      : readLocal(path, { ...how, ...(need.kind === 'tree' && need) });
  const made = need.kind === 'template' ? rendered(data, need, at.scope.with(templateNames(need, data))) : data;
  for (const file of made.files)
    if (file.secret && isUtf8(file.bytes)) at.hide(Buffer.from(file.bytes).toString('utf8'));
  return made;
}

function missing(name: string, looked: readonly string[]): string {
  const folders = [...new Set(looked.map(p => dirname(p)))].filter(existsSync);
  const suggestion = didYouMean(
    basename(name),
    folders.flatMap(f => readdirSync(f)),
  );
  const where = folders.map(f => relative(process.cwd(), f) || '.').join(', ');
  return `there is no file "${name}" on the controller${where ? ` in ${where}` : ''}${suggestion ? `: ${suggestion}` : ''}`;
}

/** As Ansible: what a template is told of itself, for a line that says where a file comes from. */
function templateNames({ dest }: LocalNeed & { kind: 'template' }, { path }: LocalData): VarLayer {
  const { uid, mtime } = statSync(path);
  return dataLayer([
    ['template_path', path],
    ['template_fullpath', resolve(path)],
    ['template_host', hostname()],
    ['template_uid', uid === process.getuid?.() ? userInfo().username : uid],
    [
      'template_mtime',
      mtime
        .toISOString()
        .replace(/\.\d+Z$/, '')
        .replace('T', ' '),
    ],
    ...(dest === undefined ? [] : [['template_destpath', dest()] as const]),
  ] satisfies readonly (readonly [string, Value])[]);
}

function rendered(data: LocalData, need: LocalNeed & { kind: 'template' }, scope: Scope): LocalData {
  const [file] = data.files;
  if (file === undefined || file.path !== '') throw new MissingLocal(`${data.path} is a folder, not a template`);
  const { secret } = file;
  const text = Buffer.from(file.bytes).toString('utf8');
  const source = sourceFile(relative(process.cwd(), data.path), text, { ...(secret && { secret }) });
  const made = compileTemplateFile(source, (need.options ?? {}) as TemplateOptions);
  if (!made.ok) throw new TemplateError(made.errors[0] as (typeof made.errors)[number]);
  const value = plain(made.value.render(scope));
  if (value instanceof Unknown) throw new UnknownLocal(value);
  return { path: data.path, files: [{ ...file, bytes: Buffer.from(String(value)) }] };
}

/** A template whose text is not known in a dry run. */
export class UnknownLocal extends Error {
  readonly unknown: Unknown;
  constructor(unknown: Unknown) {
    super(unknown.why);
    this.unknown = unknown;
  }
}
