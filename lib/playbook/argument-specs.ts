import { join } from 'node:path';
import { type Option, optionErrors, TYPES } from '../modules/shared/argument-spec.ts';
import { didYouMean } from '../text/near.ts';
import type { Span } from '../text/source.ts';
import {
  entryOf,
  kindName,
  type MapEntry,
  type MapNode,
  type Node,
  type ScalarNode,
  stringOf,
  valueOf,
} from '../yaml/node.ts';
import { plainOf } from '../yaml/plain.ts';
import { type ArgNode, givenOf, holdsLater } from './args.ts';
import type { Compiler } from './compiler.ts';

/** What of an option is checked; the others are for its readers. */
const CHECKED = ['type', 'required', 'choices', 'elements', 'default', 'no_log'];
const GROUPS = ['mutually_exclusive', 'required_together', 'required_one_of'];
const RULES = [...GROUPS, 'required_if', 'required_by'];

/**
 * The task that checks a role's variables when it starts, for the entry point that is the name of the file of tasks; as
 * Ansible it always runs. Written as a task in a playbook would be. Undefined for a role without a specification.
 */
export function validatingTask(rolePath: string, entryPoint: string, c: Compiler): MapNode | undefined {
  const specs = readSpecs(rolePath, c);
  const spec = specs === undefined ? undefined : valueOf(specs, entryPoint);
  const options = spec?.kind === 'map' ? entryOf(spec, 'options') : undefined;
  if (spec?.kind !== 'map' || options === undefined) return undefined;
  const about = stringOf(valueOf(spec, 'short_description'));
  const title = `Validating arguments against arg spec '${entryPoint}'${about === undefined ? '' : ` - ${about}`}`;
  const word = (value: string): ScalarNode => ({
    ...options.key,
    value,
    source: value,
    style: 'quoted',
    tag: '!unsafe',
  });
  const map = (entries: Readonly<Record<string, Node>>): MapNode => ({
    kind: 'map',
    span: options.key.span,
    entries: Object.entries(entries).map(([key, value]) => ({ key: word(key), value })),
  });
  const context = map({
    type: word('role'),
    name: word(rolePath.split('/').at(-1) ?? ''),
    path: word(rolePath),
    argument_spec_name: word(entryPoint),
  });
  const args = map({ argument_spec: checkedOptions(options.value, c), validate_args_context: context });
  return map({ name: word(title), validate_argument_spec: args, tags: word('always') });
}

/** Reports what a use of a role gives literally and its specification refuses: no host need be touched to know it. */
export function checkGiven(
  role: { readonly path: string; readonly entryPoint: string },
  use: MapNode,
  c: Compiler,
): void {
  const specs = readSpecs(role.path, c);
  const spec = specs === undefined ? undefined : valueOf(specs, role.entryPoint);
  const node = spec?.kind === 'map' ? valueOf(spec, 'options') : undefined;
  if (node?.kind !== 'map') return;
  const options = plainOf(node) as Readonly<Record<string, Option | null>>;
  const vars = valueOf(use, 'vars');
  for (const { key, value } of [...use.entries, ...(vars?.kind === 'map' ? vars.entries : [])]) {
    const option = Object.hasOwn(options, key.source) ? options[key.source] : undefined;
    const given = givenOf(value).value;
    if (!option || given === null || holdsLater(given)) continue;
    for (const message of optionErrors(key.source, { option, value: given, where: [] }))
      c.found.error('role-variables', message, {
        span: value.span,
        notes: [{ message: 'specified', span: spanIn(node, key) }],
      });
  }
}

function spanIn(options: MapNode, { source }: ScalarNode): Span {
  return options.entries.find(e => e.key.source === source)?.key.span ?? options.span;
}

/** As Ansible: of `meta/argument_specs.yml`, else of `meta/main.yml`. */
function readSpecs(rolePath: string, c: Compiler): MapNode | undefined {
  for (const name of ['argument_specs', 'main']) {
    const file = c.files.variant(join(rolePath, 'meta', name));
    const tree = file === undefined ? undefined : c.files.yaml(file);
    if (tree === undefined) continue;
    if (!tree.ok) {
      for (const e of tree.errors) c.found.add(e);
      continue;
    }
    const specs = tree.value.kind === 'map' ? valueOf(tree.value, 'argument_specs') : undefined;
    if (specs?.kind === 'map') return specs;
  }
  return undefined;
}

/** The options with only what is checked; what is wrong with the specification itself is reported. */
function checkedOptions(node: Node, c: Compiler): MapNode {
  if (node.kind !== 'map') {
    if (node.kind !== 'scalar' || node.value !== null)
      c.found.error('wrong-shape', `options are a mapping, this is ${kindName(node)}`, { span: node.span });
    return { kind: 'map', span: node.span, entries: [] };
  }
  return { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: checkedOption(value, c) })) };
}

function checkedOption(node: Node, c: Compiler): MapNode {
  if (node.kind !== 'map') {
    if (node.kind !== 'scalar' || node.value !== null)
      c.found.error('wrong-shape', `an option is a mapping, this is ${kindName(node)}`, { span: node.span });
    return { kind: 'map', span: node.span, entries: [] };
  }
  for (const name of ['type', 'elements']) checkType(valueOf(node, name), c);
  for (const entry of node.entries) checkRule(entry, c);
  const entries = node.entries.filter(e => [...CHECKED, ...RULES].includes(e.key.source));
  const sub = entryOf(node, 'options');
  return {
    ...node,
    entries: sub === undefined ? entries : [...entries, { ...sub, value: checkedOptions(sub.value, c) }],
  };
}

const RULE_SHAPES: Readonly<Record<string, string>> = {
  required_if:
    'a list of lists: the option, its value, the options it then needs, and true where one of them is enough',
  required_by: 'a mapping: the option, and one or a list of options that it needs',
};

/** Reports a rule about several options that has not the shape of one. */
function checkRule({ key, value }: MapEntry, c: Compiler): void {
  if (!RULES.includes(key.source)) return;
  const plain = plainOf(value);
  const right =
    key.source === 'required_if' ? isIfs(plain) : key.source === 'required_by' ? isBy(plain) : isGroups(plain);
  if (right) return;
  const shape = RULE_SHAPES[key.source] ?? 'a list of lists of options';
  c.found.error('wrong-shape', `"${key.source}" is ${shape}`, { span: value.span });
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(v => typeof v === 'string');
}

function isGroups(value: unknown): boolean {
  return isNames(value) || (Array.isArray(value) && value.every(isNames));
}

function isIfs(value: unknown): boolean {
  const isIf = (v: unknown) =>
    Array.isArray(v) && [3, 4].includes(v.length) && typeof v[0] === 'string' && isNames(v[2]);
  return Array.isArray(value) && value.every(isIf);
}

function isBy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(v => typeof v === 'string' || isNames(v));
}

function checkType(node: Node | undefined, c: Compiler): void {
  if (node === undefined || (node.kind === 'scalar' && Object.hasOwn(TYPES, node.source))) return;
  const names = Object.keys(TYPES);
  const given = node.kind === 'scalar' ? node.source : kindName(node);
  const suggestion = didYouMean(given, names) ?? `the types are ${names.join(', ')}`;
  c.found.error('bad-value', `"${given}" is no type of an option`, { span: node.span, suggestion });
}

/** The arguments of a validate_argument_spec with the values of the variables that it is about, as Ansible takes them. */
export function withVariables(given: ReadonlyMap<string, ArgNode>, c: Compiler): ReadonlyMap<string, ArgNode> {
  const spec = given.get('argument_spec');
  const own = given.get('provided_arguments');
  if (spec === undefined || (own !== undefined && own.node.kind !== 'map')) return given;
  if (spec.node.kind !== 'map') {
    const message = 'the names of the variables are known before anything runs, so the specification is a mapping';
    if (own === undefined)
      c.found.error('unsupported', message, { span: spec.node.span, suggestion: 'or give provided_arguments' });
    return given;
  }
  const written = own?.node.kind === 'map' ? own.node.entries : [];
  const others = spec.node.entries.filter(e => !written.some(w => w.key.source === e.key.source));
  const entries = [...written, ...others.map(({ key }) => ({ key, value: variable(key) }))];
  const node: MapNode = { kind: 'map', span: spec.key, entries };
  return new Map([...given, ['provided_arguments', { key: spec.key, node }]]);
}

/** The variable of this name; nothing where it is not defined. */
function variable(key: ScalarNode): ScalarNode {
  const text = `{{ vars['${key.source.replaceAll("'", '')}'] | default(omit) }}`;
  return { kind: 'scalar', value: text, source: text, style: 'quoted', span: key.span, offsetAt: () => key.span.start };
}
