import { basename, dirname } from 'node:path';
import type { LocalNeed, Module } from '../module.ts';
import { didYouMean } from '../text/near.ts';
import type { Span } from '../text/source.ts';
import type { ArgNode } from './args.ts';
import { LATER } from './coerce.ts';
import type { Compiler } from './compiler.ts';
import { candidates } from './local-paths.ts';
import type { Directives, Role } from './program.ts';

interface FilesOf {
  /** The module's name in the task. */
  readonly span: Span;
  readonly args: Readonly<Record<string, unknown>>;
  readonly given: ReadonlyMap<string, ArgNode>;
  readonly directives: Directives;
  readonly around: { readonly role: Role | undefined; readonly dir: string };
}

/**
 * Reports files of the controller that a task names and that are not there. Only what is sure is said: not of a task that
 * may not run or may fail, nor behind one that may have made a file on the controller.
 */
export function checkFiles(module: Module, at: FilesOf, c: Compiler): void {
  const { directives } = at;
  const pulls = fromHost(module, at.args, undefined);
  const elsewhere = pulls || fromHost(module, at.args, directives.delegateTo);
  if (!elsewhere && !c.shared.filesMayAppear && directives.when.length === 0 && directives.ignoreErrors === undefined)
    for (const need of needsOf(module, at.args)) checkNeed(need, at, c);
  const local = directives.connection !== undefined && directives.connection !== 'ssh';
  if (module.name === 'fetch' || pulls || directives.delegateTo !== undefined || local) c.shared.filesMayAppear = true;
}

/** What a task needs on the controller; a file of variables is read by the engine, not for a module. */
type Need = LocalNeed | { readonly kind: 'vars'; readonly path: string };

const FOLDERS = { file: 'files', tree: 'files', archive: 'files', template: 'templates', vars: 'vars' } as const;

function checkNeed(need: Need, at: FilesOf, c: Compiler): void {
  const { around } = at;
  const paths = candidates(need.path, FOLDERS[need.kind], { ...around, playbookDir: c.playbookDir });
  const there = paths.find(p => c.files.isFile(p) || c.files.isDirectory(p));
  if (there !== undefined) return checkClosed(there, need, { at, c });
  const folders = [...new Set(paths.map(p => dirname(p)))].filter(d => c.files.isDirectory(d));
  const near = didYouMean(
    basename(need.path),
    folders.flatMap(d => c.files.list(d)),
  );
  const looked = folders.map(d => c.files.shown(d)).join(', ');
  const what = { file: 'file', tree: 'file', archive: 'file', template: 'template', vars: 'file of variables' }[
    need.kind
  ];
  const message = `there is no ${what} "${need.path}" on the controller${looked && ` in ${looked}`}`;
  c.found.error('missing-file', message, { span: namedAt(need, at), ...(near && { suggestion: near }) });
}

function namedAt(need: Need, { given, span }: FilesOf): Span {
  const named = [...given.values()].find(a => a.node.kind === 'scalar' && a.node.source.startsWith(need.path));
  return named?.node.span ?? span;
}

/** An encrypted file that no vault password opens; those in folders are opened when their task runs. */
function checkClosed(path: string, need: Need, { at, c }: { at: FilesOf; c: Compiler }): void {
  if (('decrypt' in need && need.decrypt === false) || !c.files.isFile(path)) return;
  const fault = c.files.closed(path);
  if (fault === undefined) return;
  const { code, message, suggestion } = fault;
  c.found.error(code, `${c.files.shown(path)}: ${message}`, {
    span: namedAt(need, at),
    ...(suggestion !== undefined && { suggestion }),
  });
}

/** Whether what a task between two places needs is on a host, or may be. */
function fromHost(module: Module, args: Args, delegate: Directives['delegateTo']): boolean {
  if (module.kind !== 'converge' || module.between === undefined) return false;
  return delegate !== undefined || askedOf(args, known => module.between?.(known)) !== 'push';
}

type Args = Readonly<Record<string, unknown>>;

/** What a module needs, as far as it does not hang on values that only a template will give. */
function needsOf(module: Module, args: Args): readonly Need[] {
  if (module.kind === 'vars') return typeof args['file'] === 'string' ? [{ kind: 'vars', path: args['file'] }] : [];
  if (!('needs' in module) || module.needs === undefined) return [];
  return askedOf(args, known => module.needs?.(known)) ?? [];
}

class NotKnown extends Error {}

/** What a module says of its arguments; undefined where it asks for one that is not known yet. */
function askedOf<T>(args: Args, ask: (known: never) => T): T | undefined {
  const known = new Proxy(args, {
    get(target, name) {
      const value = target[String(name)];
      if (value === LATER) throw new NotKnown();
      return value;
    },
  });
  try {
    return ask(known as never);
  } catch (error) {
    if (error instanceof NotKnown) return undefined;
    throw error;
  }
}
