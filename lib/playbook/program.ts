import type { Layer } from '../inventory/layer.ts';
import type { Module } from '../module.ts';
import type { Raw, Template } from '../template/values.ts';
import type { Span } from '../text/source.ts';
import type { VarLayer } from '../vars/scope.ts';
import type { MapNode, Node } from '../yaml/node.ts';
import type { Prompt } from './prompts.ts';

/** Compiled playbooks: every import resolved, every keyword checked, nothing looked at on a host yet. */
export interface Program {
  readonly plays: readonly Play[];
}

export interface Play {
  readonly name: string;
  readonly span: Span;
  /** Folder of the playbook file: where `files/`, `templates/`, `roles/` and group_vars are looked for. */
  readonly dir: string;
  readonly hosts: Raw;
  readonly hostsSpan: Span;
  /** As written; yes unless given. */
  readonly gatherFacts: Raw | undefined;
  readonly gatherSubset: Raw | undefined;
  readonly gatherTimeout: Raw | undefined;
  readonly factPath: Raw | undefined;
  /** Arguments that `module_defaults` gives to the gathering of facts. */
  readonly gatherDefaults: ReadonlyMap<string, ArgSource>;
  readonly serial: Raw | undefined;
  /** As written; linear unless given. */
  readonly strategy: Raw | undefined;
  /** As written; the inventory's unless given. */
  readonly order: Raw | undefined;
  readonly anyErrorsFatal: Raw | undefined;
  readonly maxFailPercentage: Raw | undefined;
  readonly forceHandlers: Raw | undefined;
  readonly vars: Layer;
  readonly prompts: readonly Prompt[];
  /** What was answered to the prompts: nothing before a run asks. */
  readonly prompted: VarLayer;
  readonly varsFiles: readonly VarsFile[];
  readonly roles: readonly Role[];
  /** pre_tasks, roles, tasks and post_tasks in order, with the places where handlers are flushed. */
  readonly body: readonly Item[];
  readonly handlers: readonly Task[];
  /** What the play itself says, for fact gathering. */
  readonly directives: Directives;
  readonly tags: readonly string[];
}

/** How hosts go through a play: in step, each at its own pace, each to its end before a further one starts. */
export const STRATEGIES = ['linear', 'free', 'host_pinned'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Which hosts of a play come first. */
export const ORDERS = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const;
export type Order = (typeof ORDERS)[number];

/** Variables of a file: read already, or when the play starts where its name is a template. */
export type VarsFile =
  | { readonly kind: 'loaded'; readonly layer: Layer }
  | { readonly kind: 'named'; readonly names: readonly Raw[]; readonly dir: string; readonly span: Span };

/** A role as used once: its files' contents and the parameters of this use. */
export interface Role {
  readonly name: string;
  readonly path: string;
  readonly defaults: Layer;
  readonly vars: Layer;
  readonly params: Layer;
  /** What tells this use from others: uses with the same text are the same. */
  readonly use: string;
  /** Whether it runs also where the same use ran before; else a use runs once on each host. */
  readonly again: boolean;
  /** JSON schema of its variables (`meta/schema.json` or `.yml`), checked for every host before the play starts. */
  readonly schema: RoleSchema | undefined;
  /** Names of the roles whose meta brought it, nearest first. */
  readonly parents: readonly string[];
  /** As Ansible's `ansible_parent_role_names`: the roles whose tasks included or imported it, nearest first. */
  readonly includedBy: readonly Role[];
}

export interface RoleSchema {
  readonly file: string;
  readonly schema: object;
}

export type Item = Task | Block | Flush;

/** Handlers notified so far run here. */
export interface Flush {
  readonly kind: 'flush';
  readonly id: number;
}

export interface Block {
  readonly kind: 'block';
  readonly id: number;
  readonly span: Span;
  readonly name: string | undefined;
  readonly tasks: readonly Item[];
  readonly rescue: readonly Item[];
  readonly always: readonly Item[];
}

/** How to become another user, as far as keywords say it; inventory variables override. */
export interface BecomeKeywords {
  readonly become?: Raw | undefined;
  readonly user?: Raw | undefined;
  readonly method?: Raw | undefined;
  readonly exe?: Raw | undefined;
  readonly flags?: Raw | undefined;
}

/** What a task has from itself and everything around it: the nearest wins, `when` and `tags` add up. */
export interface Directives {
  readonly when: readonly Template[];
  readonly tags: readonly string[];
  /** Block variables from outside in, then the task's own. */
  readonly vars: readonly Layer[];
  readonly become: BecomeKeywords;
  readonly environment: readonly Raw[];
  readonly ignoreErrors: Raw | undefined;
  readonly ignoreUnreachable: Raw | undefined;
  readonly anyErrorsFatal: Raw | undefined;
  readonly checkMode: Raw | undefined;
  readonly diff: Raw | undefined;
  readonly noLog: Raw | undefined;
  readonly delegateTo: Raw | undefined;
  readonly delegateFacts: Raw | undefined;
  readonly runOnce: Raw | undefined;
  readonly connection: Raw | undefined;
  readonly remoteUser: Raw | undefined;
  readonly port: Raw | undefined;
  readonly timeout: Raw | undefined;
  readonly throttle: Raw | undefined;
  /** Handlers or topics, each with its place. */
  readonly notify: readonly { readonly raw: Raw; readonly span: Span }[];
  /** By the module's short name: arguments, each with the place of its name; the outermost first. */
  readonly moduleDefaults: readonly ReadonlyMap<
    string,
    ReadonlyMap<string, { readonly key: Span; readonly node: Node }>
  >[];
}

export interface Loop {
  readonly over: Raw;
  /** The lookup that makes the items of `over` (`with_dict`: "dict"); undefined for `loop`, which takes a list as it is. */
  readonly lookup: string | undefined;
  readonly span: Span;
  readonly loopVar: Raw;
  readonly indexVar: Raw | undefined;
  readonly label: Raw | undefined;
  /** Seconds. */
  readonly pause: Raw | undefined;
  readonly extended: Raw | undefined;
  readonly extendedAllitems: Raw | undefined;
}

export interface Task {
  readonly kind: 'task';
  /** As it stands in its file, for lint; absent of what the engine makes itself. */
  readonly written?: MapNode;
  /** Its place in the program; ids of what an include brought are made when it runs. */
  readonly id: number;
  readonly span: Span;
  /** As written; the module's name where there is none. */
  readonly name: Raw;
  readonly role: Role | undefined;
  /** Folder of the file it stands in, for relative files. */
  readonly dir: string;
  readonly action: Action;
  readonly directives: Directives;
  readonly loop: Loop | undefined;
  readonly register: string | undefined;
  readonly until: readonly Template[];
  readonly retries: Raw | undefined;
  readonly delay: Raw | undefined;
  /** `async` and `poll`, in seconds, of a task that may run in the background. */
  readonly background?: { readonly limit: Raw; readonly poll: Raw | undefined } | undefined;
  readonly changedWhen: readonly Template[] | undefined;
  readonly failedWhen: readonly Template[] | undefined;
  /** Topics a handler listens to besides its name. */
  readonly listen: readonly string[];
  readonly handler: boolean;
  /** Of the check of a role's arguments, which is not the role's work. */
  readonly checksRole?: true;
}

/** A task's name as written, alone and behind its role's: how notify and --start-at-task may call it. */
export function taskNames(task: Task): readonly string[] {
  const name =
    typeof task.name === 'object' && task.name !== null && 'text' in task.name ? task.name.text : String(task.name);
  return task.role === undefined ? [name] : [name, `${task.role.name} : ${name}`];
}

export type Action = ModuleAction | MetaAction | IncludeTasksAction | IncludeRoleAction;

/** Arguments as written: each with its node, for the check after rendering. */
export interface ModuleAction {
  readonly kind: 'module';
  /** As written, without a collection's prefix. */
  readonly name: string;
  readonly module: Module;
  readonly args: ReadonlyMap<string, ArgSource>;
  readonly span: Span;
}

export interface ArgSource {
  readonly node: Node;
  readonly raw: Raw;
  /** Of an argument whose name is a template (set_fact: { "port_{{ item }}": 80 }). */
  readonly name?: Raw;
  /** Of an expression argument: its compiled expressions, in their order. */
  readonly expressions?: readonly Template[];
}

export const META_ACTIONS = [
  'flush_handlers',
  'noop',
  'end_play',
  'end_host',
  'end_batch',
  'clear_facts',
  'clear_host_errors',
  'reset_connection',
  'refresh_inventory',
] as const;
export type MetaName = (typeof META_ACTIONS)[number];

export interface MetaAction {
  readonly kind: 'meta';
  readonly name: MetaName;
}

export interface IncludeTasksAction {
  readonly kind: 'include_tasks';
  readonly file: Raw;
  readonly fileSpan: Span;
  readonly brings: Brings;
}

export interface IncludeRoleAction {
  readonly kind: 'include_role';
  readonly role: Raw;
  readonly roleSpan: Span;
  readonly from: RoleFrom;
  /** What tells this use from others of the same role. */
  readonly use: string;
  readonly brings: Brings;
  readonly public: boolean;
  /** False where it runs only on hosts on which the same use did not run before (`allow_duplicates`). */
  readonly again: boolean;
}

/**
 * What holds for the tasks that an include brings. As Ansible: what stands around the include, and its `apply`; the
 * include's own keywords are about itself, but its `vars` are parameters.
 */
export interface Brings {
  readonly around: Directives;
  readonly apply: Node | undefined;
  readonly vars: Layer | undefined;
}

/** Which files of a role an include or import takes. */
export interface RoleFrom {
  readonly tasks: string;
  readonly vars: string;
  readonly defaults: string;
  readonly handlers: string;
  /** False where the role's argument specification is not asked for (`rolespec_validate`). */
  readonly validate?: false;
}
