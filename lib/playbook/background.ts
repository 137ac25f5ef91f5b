import type { Module } from '../module.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { toRaw } from '../vars/raw.ts';
import { entryOf, type MapNode, type Node, valueOf } from '../yaml/node.ts';
import type { Compiler } from './compiler.ts';
import type { Task } from './program.ts';

/** As Ansible (releases are ours): modules that do part of their work on the controller cannot be left alone on a host. */
const NOT_ALONE: readonly string[] =
  'assemble async_status copy erlang_release fetch release script synchronize template unarchive'.split(' ');

/** What `async` and `poll` say; as Ansible, `poll` alone says nothing. */
export function backgroundOf(map: MapNode, found: Diagnostics): Task['background'] {
  const limit = valueOf(map, 'async');
  const poll = valueOf(map, 'poll');
  if (limit === undefined) return undefined;
  return { limit: toRaw(limit, found), poll: poll && toRaw(poll, found) };
}

/** Says where a task with `async` cannot be one in the background. */
export function checkBackground(map: MapNode, module: Module, { found }: Compiler): void {
  const limit = entryOf(map, 'async');
  if (limit === undefined || isZero(limit.value)) return;
  const { span } = limit.key;
  if (module.kind === 'local' || module.kind === 'connection' || NOT_ALONE.includes(module.name))
    found.error('unsupported', `async is not supported for ${module.name}: its work is not on the host alone`, {
      span,
      suggestion: 'leave async out; as Ansible, which refuses it while the play runs',
    });
  const poll = valueOf(map, 'poll');
  if ((module.kind === 'sql' || module.kind === 'api') && poll !== undefined && isZero(poll))
    found.error(
      'unsupported',
      `${module.name} cannot be left in the background: its ${module.kind === 'sql' ? 'statements' : 'requests'} are sent from here`,
      {
        span,
        suggestion: 'give poll another number than 0',
      },
    );
}

/** As Ansible: what brings tasks, and meta, is not run on a host. */
export function refuseBackground(map: MapNode, action: string, { found }: Compiler): void {
  for (const { key } of [entryOf(map, 'async'), entryOf(map, 'poll')].filter(e => e !== undefined))
    found.error('unsupported', `${action} cannot have "${key.source}": it is not run on a host`, {
      span: key.span,
      suggestion: 'give it to the tasks that shall run in the background',
    });
}

function isZero(node: Node): boolean {
  return node.kind === 'scalar' && Number(node.value) === 0;
}
