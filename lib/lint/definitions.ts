import type { Layer } from '../inventory/layer.ts';
import type { Raw } from '../template/values.ts';
import type { Span } from '../text/source.ts';
import { valueOf } from '../yaml/node.ts';
import type { Book, Site } from './book.ts';

/** Where a playbook or role gives a variable a value. */
export interface Definition {
  readonly name: string;
  readonly span: Span;
  /** As written; undefined of what only a run knows. */
  readonly value: Raw | undefined;
  /** The head of its task, where it stands in one. */
  readonly task?: Span;
}

/** All of them: vars of plays, roles and tasks, register, set_fact and loop variables. The inventory's are not here. */
export function definitionsIn({ plays, roles, sites }: Book): readonly Definition[] {
  return [
    ...plays.flatMap(play => [
      ...ofLayer(play.vars),
      ...play.varsFiles.flatMap(file => (file.kind === 'loaded' ? ofLayer(file.layer) : [])),
    ]),
    ...roles.flatMap(role => [role.defaults, role.vars, role.params].flatMap(layer => ofLayer(layer))),
    ...sites.flatMap(ofTask),
  ];
}

function ofLayer(layer: Layer, task?: Span): readonly Definition[] {
  return [...layer].flatMap(([name, { value, span }]) =>
    span === undefined ? [] : [{ name, span, value, ...(task && { task }) }],
  );
}

function ofTask({ task, map }: Site): readonly Definition[] {
  const at = { task: task.span, value: undefined };
  const register = valueOf(map, 'register');
  const control = valueOf(map, 'loop_control');
  const loopVars = ['loop_var', 'index_var'].flatMap(key => {
    const node = control?.kind === 'map' ? valueOf(control, key) : undefined;
    return node?.kind === 'scalar' ? [{ name: node.source, span: node.span, ...at }] : [];
  });
  const facts = task.action.kind === 'module' && task.action.name === 'set_fact' ? [...task.action.args] : [];
  return [
    ...task.directives.vars.flatMap(layer => ofLayer(layer, task.span)),
    ...(task.register === undefined || register === undefined
      ? []
      : [{ name: task.register, span: register.span, ...at }]),
    ...loopVars,
    ...facts
      .filter(([name]) => name !== 'cacheable')
      .map(([name, { node, raw }]) => ({ name, span: node.span, value: raw, task: task.span })),
  ];
}
