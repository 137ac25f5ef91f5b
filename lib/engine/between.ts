import { isAbsolute, join } from 'node:path';
import type { ConvergeModule, LocalNeed, Locals } from '../module.ts';
import type { FilePlaces } from '../playbook/local-paths.ts';
import type { Connection, Session } from '../remote/session.ts';
import type { TaskOn } from './attempt.ts';
import type { Frames } from './drive/frame.ts';
import { readHost } from './host-tree.ts';
import { findLocal } from './local-files.ts';

/** This machine as a place that frames go to. */
const CONTROLLER: Connection = { name: 'localhost', transport: 'local', address: 'localhost' };

/** The two places of a task that is between them. */
export interface Between {
  /** Where the needs are read; undefined: on the controller. */
  readonly source: (() => Promise<Session>) | undefined;
  readonly target: () => Promise<Session>;
  /** The arguments, with `dest` as the place has it. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** Where such a module works; undefined for any other. `become` is about the host, as Ansible has it, never about the other place. */
export function betweenOf(module: object, args: Readonly<Record<string, unknown>>, on: TaskOn): Between | undefined {
  const { between } = module as Partial<ConvergeModule>;
  if (between === undefined) return undefined;
  const pull = between(args as never) === 'pull';
  const { sessions } = on.at.run;
  const open = async (to: Connection, become?: Parameters<typeof sessions.open>[1]) => {
    const session = await sessions.open(to, become, on.at.run.signal);
    // what goes to this machine is no round trip
    if (to !== CONTROLLER) on.sessions.add(session);
    return session;
  };
  const host = () => {
    const { connection, become } = on.ends.host();
    return open(connection, become);
  };
  const named = on.ends.other?.().connection;
  const other = named === undefined || named.transport === 'local' ? undefined : () => open(named);
  if (!pull) return { source: other, target: host, args };
  const dest = other === undefined ? { dest: destOf(String(args['dest']), on) } : {};
  return { source: host, target: other ?? (() => open(CONTROLLER)), args: { ...args, ...dest } };
}

/** As Ansible: a folder that is there is found as files are, else the path is seen from the playbook's folder. */
function destOf(path: string, { task, at }: TaskOn): string {
  if (isAbsolute(path) || path.startsWith('~')) return path;
  const places: FilePlaces = { role: task.role, dir: task.dir, playbookDir: at.play.dir };
  return findLocal(path, 'files', places) ?? join(at.play.dir, path);
}

/** What the needs are on a host. */
export async function hostNeeds(needs: readonly LocalNeed[], at: Frames): Promise<Locals> {
  const read = needs.map(async need => {
    if (need.kind !== 'tree') throw new Error(`internal: ${need.kind} is not read on hosts`);
    return [need.path, await readHost(need, at)] as const;
  });
  return new Map(await Promise.all(read));
}
