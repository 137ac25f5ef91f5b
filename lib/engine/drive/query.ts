import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Locals, QueryModule, Values } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import type { Mode } from './converge.ts';
import { type Frames, runFrame } from './frame.ts';
import { asksForRelay, relay } from './relay.ts';

/** Where and for whom a module stores a file on the controller. */
export interface StorePlace {
  readonly host: string;
  /** Folder of the playbook: relative paths start there. */
  readonly dir: string;
}

/** Looks: one frame, in a dry run too, unless it waits for what a dry run does not do. */
export async function driveQuery(
  module: QueryModule,
  args: never,
  at: Frames & Mode & { readonly locals: Locals; readonly store: StorePlace },
): Promise<Outcome> {
  if (at.check && module.inCheck === 'unknown')
    return { status: 'unknown', why: `${module.name} is not done in a dry run`, values: {} };
  const how = { ...at, timeoutMs: at.timeoutMs ?? module.timeoutMs?.(args) };
  let reply = await runFrame(module.probe(args, at.locals), how);
  if (asksForRelay(reply)) {
    const relayed = await relay(module.relay?.(args, at.locals), at);
    if ('failed' in relayed) return failure(`${module.name}: ${relayed.failed}`);
    reply = await runFrame(module.probe(args, relayed), how);
  }
  const result = module.parse(reply, args);
  if ('failed' in result) {
    const { rc, stderr } = reply;
    const values = result.values ?? {};
    const shown = { rc, stdout: '', stderr };
    return { status: 'failed', reason: 'exit-status', message: result.failed, values, reply: shown, ignored: false };
  }
  const stored = module.store?.(args, reply, at.store.host);
  if (stored !== undefined) return store(stored, result.values, at);
  return { status: result.changed ? 'changed' : 'ok', values: result.values };
}

function failure(message: string): Outcome {
  return { status: 'failed', reason: 'exit-status', message, ignored: false };
}

/** Writes a file on the controller, if it has other bytes there: beside it first, then renamed. */
function store(
  file: { path: string; bytes: Uint8Array },
  values: Values,
  at: Mode & { readonly store: StorePlace },
): Outcome {
  const path = resolve(at.store.dir, file.path);
  const all = { ...values, dest: path };
  try {
    if (existing(path)?.equals(file.bytes)) return { status: 'ok', values: all };
    if (!at.check) {
      mkdirSync(dirname(path), { recursive: true });
      const beside = `${path}.tplay-${process.pid}`;
      writeFileSync(beside, file.bytes);
      renameSync(beside, path);
    }
    return { status: 'changed', values: all };
  } catch (error) {
    const message = `cannot write ${path} on the controller: ${(error as Error).message}`;
    return { status: 'failed', reason: 'exit-status', message, values: all, ignored: false };
  }
}

function existing(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
