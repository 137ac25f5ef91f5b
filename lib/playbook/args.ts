import type { ArgSchema, ArgsSchema, Module } from '../module.ts';
import { compileExpression, isTemplate } from '../template/index.ts';
import { Float, type Template } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { originOf, toVariable } from '../vars/raw.ts';
import { isSealed, kindName, type Node, type ScalarNode } from '../yaml/node.ts';
import { type ArgFault, canonicalArg, coerceArgs, type Given, LATER } from './coerce.ts';
import { readFreeForm } from './free-form.ts';
import type { ArgSource } from './program.ts';

/** An argument as written: its value, and where its name stands. */
export interface ArgNode {
  readonly key: Span;
  /** The name, where it may be a template. */
  readonly name?: ScalarNode;
  readonly node: Node;
}

/** Reads the value behind a module's name (mapping, text, nothing) and the `args` keyword to one map of nodes. */
export function readArgs(
  module: { readonly name: string; readonly args: ArgsSchema },
  nodes: { readonly value: Node; readonly args: Node | undefined },
  found: Diagnostics,
): ReadonlyMap<string, ArgNode> {
  const { value } = nodes;
  const given = new Map<string, ArgNode>();
  for (const map of [nodes.args, value])
    if (map?.kind === 'map')
      for (const e of map.entries) given.set(e.key.source, { key: e.key.span, name: e.key, node: e.value });
  if (value.kind === 'map') return given;
  if (value.kind === 'seq')
    found.error('wrong-shape', `${module.name} takes a mapping of arguments, not a list`, { span: value.span });
  else if (value.value !== null) {
    if (isSealed(value) && module.args.freeForm !== undefined)
      return given.set(module.args.freeForm, { key: value.span, node: value });
    const read = readFreeForm(value, module.args, found);
    if ('stray' in read) {
      const names = Object.keys(module.args.properties).slice(0, 3).join(', ');
      found.error(
        'wrong-shape',
        `${module.name} takes arguments, not the text ${kindName(value) === 'a string' ? `"${read.stray.source}"` : read.stray.source}`,
        {
          span: read.stray.span,
          suggestion: `write a mapping under it: ${names}, ...`,
        },
      );
    } else for (const [name, arg] of read) given.set(name, arg);
  }
  return given;
}

/** Compiles and checks a module's arguments as far as they are known before they are rendered. */
export function compileArgs(
  module: Module,
  given: ReadonlyMap<string, ArgNode>,
  at: { readonly span: Span; readonly found: Diagnostics },
): CompiledArgs {
  const sources = new Map<string, ArgSource>();
  const known = new Map<string, Given>();
  for (const [written, { node, name: key }] of given) {
    const name = canonicalArg(module.args, written);
    const schema = name === undefined ? undefined : module.args.properties[name];
    if (schema?.expression) {
      sources.set(name ?? written, { node, raw: null, expressions: expressionsOf(node, at.found) });
      known.set(written, { value: LATER });
      continue;
    }
    const raw = toVariable(node, at.found);
    // As Ansible: names of variables to set may be templates.
    if (name === undefined && module.args.additional && key !== undefined && isTemplate(written)) {
      sources.set(written, { node, raw, name: toVariable(key, at.found) });
      known.set(written, { value: LATER });
      continue;
    }
    sources.set(name ?? written, { node, raw });
    known.set(written, givenOf(node));
  }
  const { args, faults } = coerceArgs(module.name, module.args, known);
  reportFaults(faults, given, at);
  const bad = faults.length === 0 && !holdsLater(args) ? module.check?.(args as never) : undefined;
  if (bad !== undefined) at.found.error('conflicting-arguments', bad, { span: at.span });
  return { sources, known: faults.length === 0 && bad === undefined ? args : undefined };
}

export interface CompiledArgs {
  readonly sources: ReadonlyMap<string, ArgSource>;
  /** The arguments as far as they are known (LATER where not); undefined when something is wrong with them. */
  readonly known: Readonly<Record<string, unknown>> | undefined;
}

/** Reports faults of arguments at their nodes; an unknown argument at its key. */
export function reportFaults(
  faults: readonly ArgFault[],
  given: ReadonlyMap<string, ArgNode>,
  at: { readonly span: Span; readonly found: Diagnostics },
): void {
  for (const fault of faults) {
    const arg = fault.arg === undefined ? undefined : given.get(fault.arg);
    const span = arg === undefined ? at.span : fault.code === 'unknown-argument' ? arg.key : arg.node.span;
    at.found.error(fault.code, fault.message, {
      span,
      ...(fault.suggestion !== undefined && { suggestion: fault.suggestion }),
    });
  }
}

function expressionsOf(node: Node, found: Diagnostics): readonly Template[] {
  const nodes = node.kind === 'seq' ? node.items : [node];
  return nodes.flatMap(item => {
    if (item.kind !== 'scalar') {
      found.error('wrong-type', `expected an expression, found ${kindName(item)}`, { span: item.span });
      return [];
    }
    return expression(item, found);
  });
}

/** One expression written as a YAML scalar; `true` and numbers are expressions too. */
export function expression(node: ScalarNode, found: Diagnostics): readonly Template[] {
  const text = typeof node.value === 'boolean' ? (node.value ? 'true' : 'false') : node.source;
  const made = compileExpression(text, originOf(node));
  if (made.ok) return [made.value];
  for (const e of made.errors) found.add(e);
  return [];
}

/** What is known of a value before rendering. */
export function givenOf(node: Node): Given {
  return {
    value: staticValue(node),
    source: node.kind === 'scalar' && node.style === 'plain' ? node.source : undefined,
    ...(node.kind === 'scalar' &&
      /\bomit\b/.test(node.source) &&
      staticValue(node) === LATER && { mayBeOmitted: true }),
  };
}

function staticValue(node: Node): unknown {
  if (node.kind === 'seq') return node.items.map(staticValue);
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(e => [e.key.source, staticValue(e.value)]));
  if (node.value instanceof Float) return node.value.value;
  if (isSealed(node)) return LATER;
  return typeof node.value === 'string' && node.tag !== '!unsafe' && isTemplate(node.value) ? LATER : node.value;
}

/** Whether a value has parts that only a template will give. */
export function holdsLater(value: unknown): boolean {
  if (value === LATER) return true;
  if (Array.isArray(value)) return value.some(holdsLater);
  return value !== null && typeof value === 'object' && Object.values(value).some(holdsLater);
}
