import type { Raw, Template } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { layerOf, toRaw } from '../vars/raw.ts';
import { type MapNode, type Node, valueOf } from '../yaml/node.ts';
import { expression } from './args.ts';
import { moduleDefaultsOf } from './module-defaults.ts';
import type { BecomeKeywords, Directives } from './program.ts';

/** Nothing said anywhere. */
export const NO_DIRECTIVES: Directives = {
  when: [],
  tags: [],
  vars: [],
  become: {},
  environment: [],
  ignoreErrors: undefined,
  ignoreUnreachable: undefined,
  anyErrorsFatal: undefined,
  checkMode: undefined,
  diff: undefined,
  noLog: undefined,
  delegateTo: undefined,
  delegateFacts: undefined,
  runOnce: undefined,
  connection: undefined,
  remoteUser: undefined,
  port: undefined,
  timeout: undefined,
  throttle: undefined,
  notify: [],
  moduleDefaults: [],
};

/** What a mapping of keywords says, on top of what is around it: the nearest wins; when, tags and vars add up. */
export function directivesOf(map: MapNode, around: Directives, found: Diagnostics): Directives {
  const raw = (name: string): Raw | undefined => {
    const node = valueOf(map, name);
    return node === undefined ? undefined : toRaw(node, found);
  };
  const environment = raw('environment');
  const vars = valueOf(map, 'vars');
  const defaults = valueOf(map, 'module_defaults');
  return {
    when: [...around.when, ...conditionsOf(valueOf(map, 'when'), found)],
    tags: [...new Set([...around.tags, ...wordsOf(valueOf(map, 'tags'))])],
    vars: vars?.kind === 'map' ? [...around.vars, layerOf(vars, found)] : around.vars,
    become: becomeOf(raw, around.become),
    environment:
      environment === undefined || environment === null ? around.environment : [...around.environment, environment],
    ignoreErrors: raw('ignore_errors') ?? around.ignoreErrors,
    ignoreUnreachable: raw('ignore_unreachable') ?? around.ignoreUnreachable,
    anyErrorsFatal: raw('any_errors_fatal') ?? around.anyErrorsFatal,
    checkMode: raw('check_mode') ?? around.checkMode,
    diff: raw('diff') ?? around.diff,
    noLog: raw('no_log') ?? around.noLog,
    delegateTo: raw('delegate_to') ?? around.delegateTo,
    delegateFacts: raw('delegate_facts') ?? around.delegateFacts,
    runOnce: raw('run_once') ?? around.runOnce,
    connection: raw('connection') ?? around.connection,
    remoteUser: raw('remote_user') ?? around.remoteUser,
    port: raw('port') ?? around.port,
    timeout: raw('timeout') ?? around.timeout,
    throttle: raw('throttle') ?? around.throttle,
    notify: notifyOf(valueOf(map, 'notify'), found) ?? around.notify,
    moduleDefaults:
      defaults === undefined ? around.moduleDefaults : [...around.moduleDefaults, ...moduleDefaultsOf(defaults, found)],
  };
}

function becomeOf(raw: (name: string) => Raw | undefined, around: BecomeKeywords): BecomeKeywords {
  return {
    become: raw('become') ?? around.become,
    user: raw('become_user') ?? around.user,
    method: raw('become_method') ?? around.method,
    exe: raw('become_exe') ?? around.exe,
    flags: raw('become_flags') ?? around.flags,
  };
}

function notifyOf(node: Node | undefined, found: Diagnostics): Directives['notify'] | undefined {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined;
  return (node.kind === 'seq' ? node.items : [node]).map(n => ({ raw: toRaw(n, found), span: n.span }));
}

/** Conditions: one expression or a list of them, all of which must hold. */
export function conditionsOf(node: Node | undefined, found: Diagnostics): readonly Template[] {
  if (node === undefined) return [];
  if (node.kind === 'seq') return node.items.flatMap(item => conditionsOf(item, found));
  return node.kind === 'scalar' && node.value !== null ? expression(node, found) : [];
}

/** Words of a list or of comma-separated text (tags, listen). As Ansible: those of a list stand as they are. */
export function wordsOf(node: Node | undefined): readonly string[] {
  if (node === undefined) return [];
  if (node.kind === 'seq') return node.items.flatMap(item => (item.kind === 'scalar' ? [item.source] : []));
  if (node.kind === 'map' || node.value === null) return [];
  return node.source
    .split(',')
    .map(w => w.trim())
    .filter(w => w !== '');
}
