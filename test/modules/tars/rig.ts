import * as assert from 'uvu/assert';
import { driveApi } from '../../../lib/engine/drive/api.ts';
import { readLocal } from '../../../lib/engine/local-files.ts';
import type { Module } from '../../../lib/module.ts';
import { modules } from '../../../lib/modules/index.ts';
import type { Outcome } from '../../../lib/outcome.ts';
import { coerceArgs } from '../../../lib/playbook/coerce.ts';
import { makeSessions } from '../../../lib/remote/sessions.ts';

export type Args = Readonly<Record<string, unknown>>;

/** The module and its arguments as the engine gives them, or what is wrong with them. */
export async function checked(name: string, args: Args) {
  const module = (await modules[name]?.())?.default as Extract<Module, { kind: 'api' }>;
  const given = coerceArgs(name, module.args, new Map(Object.entries(args).map(([k, value]) => [k, { value }])));
  return { module, args: given.args as never, fault: given.faults[0]?.message ?? module.check?.(given.args as never) };
}

/** Runs one task from a session on this machine. */
export async function run(
  name: string,
  given: Args,
  how: { check?: boolean; timeoutMs?: number } = {},
): Promise<Outcome> {
  const { module, args, fault } = await checked(name, given);
  assert.is(fault, undefined);
  await using sessions = makeSessions();
  const session = await sessions.open({ name: 'web1', transport: 'local', address: 'localhost' }, undefined);
  const locals = new Map((module.needs?.(args) ?? []).map(n => [n.path, readLocal(n.path, {})]));
  const { check = false, timeoutMs } = how;
  return await driveApi(module, args, { session, locals, check, diff: false, timeoutMs });
}

export const failure = (outcome: Outcome): string => (outcome.status === 'failed' ? outcome.message : outcome.status);
