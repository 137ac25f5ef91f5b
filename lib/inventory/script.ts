import type { Raw } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { type SourceFile, sourceFile } from '../text/source.ts';
import { readJson } from '../yaml/json.ts';
import { entryOf, isSealed, kindName, type MapEntry, type MapNode, type Node } from '../yaml/node.ts';
import { isHostName } from './host-names.ts';
import type { SourceContext } from './sources.ts';
import { isGroupName, readGroupVars } from './syntax.ts';
import { type Compile, readVariables } from './variables.ts';

/**
 * Runs an executable inventory and adds what it says, as Ansible's script plugin: `--list` gives the groups, and where its
 * `_meta` has no `hostvars`, `--host NAME` the variables of each host. What it prints is data: no template is read from it.
 */
export function readScript(path: string, c: SourceContext): void {
  const root = outputOf(path, ['--list'], c);
  if (root === undefined) return;
  const meta = entryOf(root, '_meta')?.value;
  const hostvars = meta?.kind === 'map' ? entryOf(meta, 'hostvars')?.value : undefined;
  for (const node of [meta, hostvars])
    if (node !== undefined && node.kind !== 'map') wrongKind(node, 'this', 'a mapping', c.found);
  const compile = dataOnly(c.compile);
  const s: ScriptContext = { ...c, compile, source: path, hosts: new Map() };
  for (const entry of root.entries) if (entry.key.source !== '_meta') readGroup(entry, s);
  for (const [name, layers] of s.hosts) {
    const vars = hostvars === undefined ? outputOf(path, ['--host', name], c) : varsIn(hostvars, name, c.found);
    if (vars !== undefined && vars.entries.length > 0) layers.push(readVariables(vars, compile, c.found));
  }
  warnBraces(path, compile.braces, c.found);
}

interface ScriptContext extends SourceContext {
  readonly source: string;
  /** The layers of the hosts it named, in order. */
  readonly hosts: Map<string, Layers>;
}
type Layers = ReturnType<SourceContext['draft']['host']>['layers'];

/** What one call of the script prints; undefined when something was wrong with it, which is reported. */
function outputOf(path: string, args: readonly string[], { files, found }: SourceContext): MapNode | undefined {
  const call = [path, ...args].join(' ');
  const span = { file: sourceFile(path, ''), start: 0, end: 0 };
  const ran = files.runScript(path, args);
  const said = ran.stderr.trim();
  if (ran.failure !== undefined) {
    found.error('bad-value', `"${call}" ${ran.failure}${said === '' ? '' : `: ${said}`}`, { span });
    return undefined;
  }
  if (said !== '') found.warning('bad-value', `"${call}" says: ${said}`, { span });
  const file: SourceFile = sourceFile(call, ran.stdout, files.openText && { open: files.openText });
  const read = readJson(file);
  if (!read.ok) for (const e of read.errors) found.add(e);
  if (!read.ok) return undefined;
  if (read.value.kind === 'map') return read.value;
  wrongKind(read.value, 'what an inventory script prints', 'a mapping', found);
  return undefined;
}

function wrongKind(node: Node, what: string, kind: string, found: Diagnostics): void {
  found.error('wrong-type', `${what} must be ${kind}, not ${kindName(node)}`, { span: node.span });
}

function varsIn(hostvars: Node, host: string, found: Diagnostics): MapNode | undefined {
  const vars = hostvars.kind === 'map' ? entryOf(hostvars, host)?.value : undefined;
  if (vars === undefined || vars.kind === 'map') return vars;
  wrongKind(vars, `the variables of ${host}`, 'a mapping', found);
  return undefined;
}

const KEYS = ['hosts', 'vars', 'children'];

/** A group: a mapping of hosts, vars and children, or the list of its hosts. */
function readGroup({ key, value }: MapEntry, s: ScriptContext): void {
  if (!isGroupName(key, s)) return;
  const group = s.draft.group(key.source);
  group.span ??= key.span;
  if (value.kind === 'seq') return readHosts(key.source, value, s);
  if (value.kind === 'scalar')
    return wrongKind(value, `the group "${key.source}"`, 'a mapping or a list of hosts', s.found);
  if (!value.entries.some(e => KEYS.includes(e.key.source))) return readLoneHost(key.source, value, s);
  for (const { key: part, value: node } of value.entries) {
    if (part.source === 'hosts') readHosts(key.source, node, s);
    else if (part.source === 'children') readChildren(key.source, node, s);
    else if (part.source === 'vars') readVars(key.source, node, s);
    else
      s.found.warning(
        'unknown-inventory-keyword',
        `the group "${key.source}" has a key "${part.source}", which is ignored`,
        {
          span: part.span,
          suggestion: 'a group has hosts, vars and children',
        },
      );
  }
}

/** As Ansible: a mapping without any of the three keys is a host of the group's own name, and its variables. */
function readLoneHost(name: string, node: MapNode, s: ScriptContext): void {
  s.found.warning(
    'wrong-shape',
    `"${name}" has neither hosts nor vars nor children: it is a host and a group of its own`,
    {
      span: node.span,
    },
  );
  addHost(name, name, node, s);
  readVars(name, node, s);
}

function readHosts(group: string, node: Node, s: ScriptContext): void {
  if (node.kind !== 'seq') return wrongKind(node, `the hosts of "${group}"`, 'a list of names', s.found);
  for (const item of node.items) {
    if (item.kind === 'scalar' && typeof item.value === 'string') addHost(group, item.value, item, s);
    else wrongKind(item, 'the name of a host', 'a text', s.found);
  }
}

/** As Ansible: a name is taken as it is, without ranges and ports. */
function addHost(group: string, name: string, node: Node, s: ScriptContext): void {
  if (!isHostName(name)) return s.found.error('bad-value', `"${name}" is not a name for a host`, { span: node.span });
  const host = s.draft.host(name, { span: node.span, source: s.source });
  s.draft.group(group).hosts.add(name);
  s.hosts.set(name, host.layers);
}

/** As Ansible: a child that nothing else names is a group without hosts. */
function readChildren(parent: string, node: Node, s: ScriptContext): void {
  if (node.kind !== 'seq') return wrongKind(node, `the children of "${parent}"`, 'a list of names', s.found);
  for (const item of node.items) {
    if (item.kind !== 'scalar') wrongKind(item, 'the name of a group', 'a text', s.found);
    else if (isGroupName(item, s)) s.draft.child(s.draft.group(parent), s.draft.group(item.source), item.span);
  }
}

function readVars(group: string, node: Node, s: ScriptContext): void {
  if (node.kind !== 'map') return wrongKind(node, `the variables of "${group}"`, 'a mapping', s.found);
  readGroupVars(s.draft.group(group), node, s);
}

/** Makes values that are never rendered, and counts the texts that look as if they were meant to be. */
function dataOnly(usual: Compile): Compile & { readonly braces: Node[] } {
  const braces: Node[] = [];
  const compile = (node: Node, found: Diagnostics): Raw => {
    if (node.kind === 'seq') return node.items.map(item => compile(item, found));
    if (node.kind === 'map') return new Map(node.entries.map(e => [e.key.source, compile(e.value, found)]));
    if (isSealed(node)) return usual(node, found);
    if (typeof node.value === 'string' && node.tag !== '!unsafe' && /\{[{%]/.test(node.value)) braces.push(node);
    return node.value;
  };
  return Object.assign(compile, { braces });
}

function warnBraces(path: string, braces: readonly Node[], found: Diagnostics): void {
  const [first] = braces;
  if (first === undefined) return;
  const more = braces.length === 1 ? '' : ` (and ${braces.length - 1} more)`;
  found.warning('bad-value', `what ${path} prints is data: the braces in this text stay as they are${more}`, {
    span: first.span,
    suggestion: 'put what is a template into group_vars or host_vars',
  });
}
