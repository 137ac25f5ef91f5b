import type { Diagnostics } from '../text/diagnostic.ts';
import { sourceFile } from '../text/source.ts';
import { type MapNode, type Node, type ScalarNode, textNode } from '../yaml/node.ts';
import { readYaml } from '../yaml/read.ts';
import { loadModule, shortName } from './modules.ts';

/** A task on the command line: a module with its arguments as typed, on the hosts of a pattern. */
export interface AdHoc {
  readonly pattern: string;
  readonly module: string;
  /** `k=v` words, free text where the module takes it, or a mapping as YAML or JSON; undefined where none are given. */
  readonly args: string | undefined;
  /** Seconds it may take in the background, and between two looks at it. */
  readonly background?: { readonly seconds: number; readonly poll: string } | undefined;
}

/**
 * The task as a play of one task, for the same checks as a playbook's; its texts are the files `pattern`, `-m` and `-a`, so
 * that what is wrong is shown where it was typed. As Ansible: no facts are gathered.
 */
export async function adHocPlay({ pattern, module, args, background }: AdHoc, found: Diagnostics): Promise<MapNode> {
  const value = args === undefined ? nothing() : await argsNode(args, module, found);
  const task = mapOf([
    [word('-m', module), value],
    ...(background === undefined
      ? []
      : [
          [word('', 'async'), { ...word('-B', String(background.seconds)), value: background.seconds }] as const,
          [word('', 'poll'), word('-P', background.poll)] as const,
        ]),
  ]);
  return playOf(pattern, [task]);
}

/** A play without tasks of its own on the hosts of a pattern, which gathers facts where told and has this role. */
export function emptyPlay(pattern: string, { gatherFacts = false, role }: EmptyPlay = {}): MapNode {
  const play = playOf(pattern, [], gatherFacts);
  if (role === undefined) return play;
  const name = word('--role', role);
  const roles = { key: word('', 'roles'), value: { kind: 'seq' as const, items: [name], span: name.span } };
  return { ...play, entries: [...play.entries, roles] };
}

interface EmptyPlay {
  readonly gatherFacts?: boolean;
  readonly role?: string | undefined;
}

function playOf(pattern: string, tasks: readonly Node[], gatherFacts = false): MapNode {
  const hosts = word('pattern', pattern);
  return mapOf([
    [word('', 'hosts'), hosts],
    [word('', 'gather_facts'), { ...word('', String(gatherFacts)), value: gatherFacts }],
    [word('', 'tasks'), { kind: 'seq', items: tasks, span: hosts.span }],
  ]);
}

function word(file: string, text: string): ScalarNode {
  return textNode(sourceFile(file, text));
}

function nothing(): ScalarNode {
  return { ...word('-a', ''), value: null };
}

function mapOf(entries: readonly (readonly [ScalarNode, Node])[]): MapNode {
  const [first] = entries;
  if (first === undefined) throw new Error('internal: a mapping of nothing');
  return { kind: 'map', entries: entries.map(([key, value]) => ({ key, value })), span: first[0].span };
}

/** Text that begins as a mapping is one, but `echo: x` of a module that takes free text is text. */
async function argsNode(text: string, module: string, found: Diagnostics): Promise<Node> {
  const file = sourceFile('-a', text);
  const free = (await loadModule(shortName(module)))?.args.freeForm !== undefined;
  if (!/^\s*\{(?!\{)/.test(text) && (free || !/^\s*[A-Za-z_]\w*:(\s|$)/.test(text))) return textNode(file);
  const tree = readYaml(file);
  if (tree.ok) return tree.value;
  for (const e of tree.errors) found.add(e);
  return nothing();
}
