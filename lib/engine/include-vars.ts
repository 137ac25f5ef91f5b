import { dirname, extname, isAbsolute, join } from 'node:path';
import type { VarsFolder, VarsRequest } from '../module.ts';
import type { Outcome } from '../outcome.ts';
import type { Compiler } from '../playbook/compiler.ts';
import { candidates } from '../playbook/local-paths.ts';
import { readVarsNow } from '../playbook/roles.ts';
import { TemplateError } from '../template/index.ts';
import type { Value } from '../template/values.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import { formatDiagnostics } from '../text/frame.ts';
import type { VarEntry, VarLayer } from '../vars/scope.ts';
import type { TaskOn } from './attempt.ts';
import { findLocal } from './local-files.ts';

/** Reads the files of an include_vars: their variables, and what `register` gets; or its failure. */
export function includeVars(on: TaskOn, request: VarsRequest): { outcome: Outcome; included?: VarLayer } {
  const found = new Diagnostics();
  const c = on.at.run.compiler(on.at.play.dir, found);
  const files = 'file' in request.from ? fileOf(on, request.from.file) : folderFiles(on, request.from, c);
  if ('fault' in files) return failed('missing-file', files.fault);
  const read = new Map(files.paths.flatMap(path => [...readVarsNow(path, c)]));
  if (found.failed) return failed('bad-argument', formatDiagnostics(found.sorted).trimEnd());
  const included = request.into === undefined ? read : new Map([[request.into, together(read, on)]]);
  const ansible_included_var_files = files.paths;
  return {
    outcome: { status: 'ok', values: { ansible_included_var_files, ansible_facts: known(included, on) } },
    included,
  };
}

function failed(reason: 'missing-file' | 'bad-argument', message: string): { outcome: Outcome } {
  return { outcome: { status: 'failed', reason, message, ignored: false } };
}

function together(layer: VarLayer, { task }: TaskOn): VarEntry {
  const value = new Map([...layer].map(([name, entry]) => [name, entry.value])) as VarEntry['value'];
  return { value, span: task.action.span };
}

/** Their values now. One that needs what is not defined yet has none: it is rendered again wherever it is used. */
function known(layer: VarLayer, { scope }: TaskOn): Map<string, Value> {
  const inside = scope.with(layer);
  return new Map(
    [...layer.keys()].flatMap(name => {
      try {
        return [[name, inside.get(name) ?? null] as const];
      } catch (error) {
        if (error instanceof TemplateError && error.diagnostic.code === 'undefined-variable') return [];
        throw error;
      }
    }),
  );
}

type Paths = { readonly paths: readonly string[] } | { readonly fault: string };

function fileOf({ task, at }: TaskOn, name: string): Paths {
  const places = { role: task.role, dir: task.dir, playbookDir: at.play.dir };
  const path = findLocal(name, 'vars', places);
  if (path !== undefined) return { paths: [path] };
  return { fault: `there is no file of variables "${name}": looked at ${candidates(name, 'vars', places).join(', ')}` };
}

/** As Ansible: a folder of a role is one in its `vars/`, else it is looked for beside the file of the task. */
function folderFiles({ task }: TaskOn, from: VarsFolder, c: Compiler): Paths {
  const { role } = task;
  const inRole = from.dir.split('/')[0] === 'vars' ? from.dir : join('vars', from.dir);
  const beside = role === undefined ? join(task.dir, from.dir) : join(role.path, inRole);
  const root = isAbsolute(from.dir) ? from.dir : beside;
  if (!c.files.isDirectory(root)) return { fault: `there is no folder ${c.files.shown(root)}` };
  const names = [...below(root, { ...from, level: 1, c })].filter(path => taken(path, from));
  const stranger = names.find(path => !from.extensions.includes(extname(path).slice(1)));
  if (stranger === undefined || from.ignoreOthers)
    return { paths: names.filter(path => from.extensions.includes(extname(path).slice(1))) };
  return { fault: `${c.files.shown(stranger)} does not end in ${from.extensions.map(e => `.${e}`).join(', ')}` };
}

function* below(dir: string, at: { depth: number; level: number; c: Compiler }): Iterable<string> {
  const paths = at.c.files.list(dir).map(name => join(dir, name));
  yield* paths.filter(path => at.c.files.isFile(path));
  if (at.depth !== 0 && at.level >= at.depth) return;
  for (const path of paths.filter(p => at.c.files.isDirectory(p))) yield* below(path, { ...at, level: at.level + 1 });
}

function taken(path: string, { matching, ignored }: VarsFolder): boolean {
  const name = path.slice(dirname(path).length + 1);
  if (ignored.some(end => new RegExp(`${end}$`).test(name))) return false;
  return matching === undefined || new RegExp(matching).test(name);
}
