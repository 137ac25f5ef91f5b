import type { Adds, LocalContext, Locals, Module, Stats } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import { driveApi } from './api.ts';
import { driveCommand } from './command.ts';
import { type ConnectionDoor, driveConnection } from './connection.ts';
import { driveConverge, type Mode } from './converge.ts';
import { driveEdit } from './edit.ts';
import type { Frames } from './frame.ts';
import { withHostPaths } from './host-paths.ts';
import { driveLocal, type Grown } from './local.ts';
import { drivePlan } from './plan.ts';
import { driveQuery } from './query.ts';
import { driveSql, type SqlDoor } from './sql.ts';
import type { StorePlace } from './store.ts';

/** What a module may need: a session only where its kind runs on a host. */
export interface Drive extends Mode, Omit<Frames, 'session'> {
  readonly session: () => Promise<Frames['session']>;
  readonly locals: Locals;
  readonly local: LocalContext;
  readonly sql: SqlDoor;
  /** The way to the host, for what makes it anew. */
  readonly door: ConnectionDoor;
  /** Checks what a module adds to the inventory, and keeps it for when the task has ended well. */
  grow(adds: Adds): Grown;
  /** Takes values for the end of the run. */
  keepStats(stats: Stats): void;
  /** The host's name and the playbook's folder, for what a module stores on the controller. */
  readonly store: StorePlace;
}

/**
 * Runs one module with checked arguments on one host. `expand` modules were replaced by what they stand for, those of
 * kind `vars` are about variables alone (`include-vars.ts`).
 */
export async function drive(
  module: Exclude<Module, { kind: 'expand' | 'vars' }>,
  args: unknown,
  at: Drive,
): Promise<Outcome> {
  // The arguments were checked by this module's schema: the only thing the drivers' types cannot say.
  const checked = (await withHostPaths(module, args as Readonly<Record<string, unknown>>, at)) as never;
  switch (module.kind) {
    case 'converge':
      return driveConverge(module, checked, { ...at, session: await at.session() });
    case 'edit':
      return driveEdit(module, checked, { ...at, session: await at.session() });
    case 'command':
      return driveCommand(module, checked, { ...at, session: await at.session() });
    case 'query':
      return driveQuery(module, checked, { ...at, session: await at.session() });
    case 'sql':
      return driveSql(module, checked, { ...at, session: await at.session() });
    case 'api':
      return driveApi(module, checked, { ...at, session: await at.session() });
    case 'connection':
      return driveConnection(module, checked, at);
    case 'plan':
      return drivePlan(module, checked, { ...at, session: await at.session() });
    case 'local':
      return driveLocal(module, checked, at);
    default:
      throw new Error(`internal: unknown kind ${JSON.stringify(module satisfies never)}`);
  }
}
