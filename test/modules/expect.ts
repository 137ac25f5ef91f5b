import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import type { Outcome } from '../../lib/outcome.ts';
import type { After, Expected } from './case.ts';
import type { World } from './world.ts';

/** What came of one run of a task. */
export interface Seen {
  readonly outcome: Outcome;
  readonly frames: number;
  readonly stored: { readonly path: string; readonly bytes: Uint8Array } | undefined;
}

/** Fails with a sentence where a run was not as wanted; `run` names it. */
export function expectOutcome(
  run: string,
  { outcome, frames, stored }: Seen,
  wanted: Expected | undefined,
  world: World,
): void {
  if (wanted === undefined) return;
  const said =
    outcome.status === 'failed' ? `failed: ${outcome.message}\n${outcome.reply?.stderr ?? ''}` : outcome.status;
  if (wanted.failed !== undefined) {
    const part = world.fill(wanted.failed);
    assert.ok(outcome.status === 'failed' && said.includes(part), `${run} should fail with "${part}", but ${said}`);
    return;
  }
  assert.ok(outcome.status !== 'failed', `${run} ${said}`);
  if (wanted.skipped !== undefined) assert.is(outcome.status === 'skipped', wanted.skipped, `${run}: ${said}`);
  if (wanted.unknown !== undefined) assert.is(outcome.status === 'unknown', wanted.unknown, `${run}: ${said}`);
  if (wanted.changed !== undefined) {
    const why = 'diff' in outcome ? ` ${JSON.stringify(outcome.diff?.state)}` : '';
    assert.is(outcome.status === 'changed', wanted.changed, `${run}: ${said}${why}`);
  }
  if (wanted.frames !== undefined) assert.is(frames, wanted.frames, `${run}: round trips`);
  if (wanted.values !== undefined)
    expectPart(`${run}: values`, 'values' in outcome ? outcome.values : {}, world.fill(wanted.values));
  if (wanted.diff !== undefined)
    assert.equal('diff' in outcome ? outcome.diff?.state : {}, world.fill(wanted.diff), `${run}: diff`);
  if (wanted.store !== undefined) {
    assert.is(stored?.path, world.fill(wanted.store.path), `${run}: path to store`);
    assert.is(Buffer.from(stored?.bytes ?? []).toString(), wanted.store.content, `${run}: content to store`);
  }
}

/** Every part that is wanted is there; lists are compared whole. */
function expectPart(where: string, actual: unknown, wanted: unknown): void {
  if (wanted !== null && typeof wanted === 'object' && !Array.isArray(wanted)) {
    assert.ok(actual !== null && typeof actual === 'object', `${where} is ${JSON.stringify(actual)}`);
    for (const [key, value] of Object.entries(wanted))
      expectPart(`${where}.${key}`, (actual as Record<string, unknown>)[key], value);
  } else if (typeof wanted === 'string' && wanted.startsWith('~'))
    assert.ok(
      new RegExp(wanted.slice(1), 's').test(String(actual)),
      `${where} is ${JSON.stringify(actual)}, not ${wanted}`,
    );
  else assert.equal(actual, wanted, where);
}

/** Fails where a path of the place is not as wanted. */
export function expectPath(world: World, path: string, wanted: After): void {
  const full = world.seen(path);
  const s = lstatSync(full, { throwIfNoEntry: false });
  if (wanted.absent) return assert.is(s, undefined, `${path} should be absent`);
  assert.ok(s, `${path} should be there`);
  if (s === undefined) return;
  const type = s.isSymbolicLink() ? 'link' : s.isDirectory() ? 'directory' : s.isFile() ? 'file' : 'other';
  if (wanted.type !== undefined) assert.is(type, wanted.type, `${path}: type`);
  if (wanted.mode !== undefined)
    assert.is((s.mode & 0o7777).toString(8).padStart(4, '0'), wanted.mode, `${path}: mode`);
  if (wanted.link !== undefined) assert.is(readlinkSync(full), world.fill(wanted.link), `${path}: link`);
  if (wanted.content !== undefined) assert.is(textOf(world, path), world.fill(wanted.content), `${path}: content`);
  if (wanted.contains !== undefined)
    assert.ok(textOf(world, path).includes(world.fill(wanted.contains)), `${path}: contains`);
  if (wanted.owner !== undefined) assert.is(nameOf(world, 'passwd', s.uid), wanted.owner, `${path}: owner`);
  if (wanted.group !== undefined) assert.is(nameOf(world, 'group', s.gid), wanted.group, `${path}: group`);
  if (wanted.names !== undefined) assert.equal(readdirSync(full).sort(), [...wanted.names].sort(), `${path}: names`);
}

/** What a path holds, through links as the place follows them. */
function textOf(world: World, path: string): string {
  const full = world.seen(path);
  if (!lstatSync(full).isSymbolicLink()) return readFileSync(full, 'utf8');
  return textOf(world, resolve(world.root, dirname(path), readlinkSync(full)));
}

/** The name of a number in the place's own table; as stat says it where there is none. */
function nameOf(world: World, table: 'passwd' | 'group', id: number): string {
  const lines = readFileSync(world.seen(`/etc/${table}`), 'utf8').split('\n');
  return lines.map(line => line.split(':')).find(fields => fields[2] === String(id))?.[0] ?? 'UNKNOWN';
}
