import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { drive } from '../../lib/engine/drive/index.ts';
import { readLocal } from '../../lib/engine/local-files.ts';
import type { LocalData, LocalFile, LocalNeed, Module } from '../../lib/module.ts';
import { modules } from '../../lib/modules/index.ts';
import type { Outcome } from '../../lib/outcome.ts';
import { coerceArgs } from '../../lib/playbook/coerce.ts';
import type { Session } from '../../lib/remote/session.ts';
import { makeSessions } from '../../lib/remote/sessions.ts';
import type { After, Expected, NamedCase, Shell } from './case.ts';
import { serve } from './web.ts';
import { World } from './world.ts';

type Driven = Exclude<Module, { kind: 'expand' | 'vars' }>;

/** What this machine lacks for the case, or undefined. */
export function missing(c: NamedCase): string | undefined {
  for (const need of c.case.needs ?? []) {
    if (need === 'root') {
      if (process.getuid?.() !== 0) return 'needs root';
    } else if (!has(need)) return `needs ${need}`;
  }
  return undefined;
}

function has(tool: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', tool], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a case in one shell: dry run, for real, again; throws where something is not as expected. */
export async function runCase({ module: name, case: c }: NamedCase, shell: Shell): Promise<void> {
  using world = new World(shell, c);
  await using web = /\$(URL|LOGIN)/.test(JSON.stringify(c)) ? await serve(world.root) : undefined;
  world.url = web?.url ?? '';
  if (c.before !== undefined) world.run(c.before);
  const module = await load(name);
  const given = coerceArgs(name, module.args, givenArgs(module, world.fill(c)));
  const fault = given.faults[0]?.message ?? module.check?.(given.args as never);
  if (c.bad !== undefined) {
    assert.ok(fault?.includes(c.bad), `the arguments should be refused with "${c.bad}", got ${fault ?? 'no fault'}`);
    return;
  }
  assert.is(fault, undefined);
  {
    await using sessions = makeSessions({ env: world.env, home: world.root });
    const to = {
      name: 'case',
      transport: 'local',
      address: 'localhost',
      connectTimeoutMs: 10_000,
      retries: 0,
      shell: world.shell,
    } as const;
    const session = await sessions.open(to, undefined);
    const at = { world, session, environment: world.fill(c.environment ?? {}) as Readonly<Record<string, string>> };
    const before = world.listing();
    const check = await runTask(module, given.args, { ...at, check: true });
    expectOutcome('check', check, c.check ?? (c.first?.failed === undefined ? {} : undefined), world);
    assert.is(world.listing(), before, 'the dry run changed something');
    expectOutcome('first', await runTask(module, given.args, at), c.first ?? {}, world);
    if (c.between !== undefined) world.run(c.between);
    if (c.first?.failed === undefined || c.second !== undefined) {
      const second = await runTask(module, given.args, at);
      expectOutcome('second', second, { ...quiet(second.module), ...c.second }, world);
    }
  }
  for (const [path, wanted] of Object.entries(c.after ?? {})) expectPath(world, path, wanted);
  assert.equal(world.leftovers(), [], 'temporary files were left behind');
}

/** An unchanged task is told so, in one round trip where state is looked at. */
function quiet(module: Driven): Expected {
  return module.kind === 'converge' || module.kind === 'edit' ? { changed: false, frames: 1 } : {};
}

async function load(name: string): Promise<Module> {
  const found = await modules[name]?.();
  if (found === undefined) throw new Error(`there is no module ${name}: run node dist/dev/gen-modules.js`);
  return found.default;
}

function givenArgs(module: Module, c: { free?: string; args?: Readonly<Record<string, unknown>> }) {
  const free = c.free === undefined ? [] : [[module.args.freeForm ?? '', c.free] as const];
  return new Map([...free, ...Object.entries(c.args ?? {})].map(([name, value]) => [name, { value }]));
}

interface At {
  readonly world: World;
  readonly session: Session;
  readonly environment: Readonly<Record<string, string>>;
  readonly check?: boolean;
}

interface Ran {
  readonly module: Driven;
  readonly outcome: Outcome;
  readonly frames: number;
  readonly stored: { readonly path: string; readonly bytes: Uint8Array } | undefined;
}

async function runTask(module: Module, args: unknown, at: At): Promise<Ran> {
  const locals = localsOf('needs' in module ? (module.needs?.(args as never) ?? []) : []);
  if (module.kind === 'expand') {
    const made = module.expand(args as never, locals, at.session.tools);
    if ('error' in made) return { module: module as never, outcome: failure(made.error), frames: 0, stored: undefined };
    const next = await load(made.module);
    const given = new Map(Object.entries(made.args).map(([name, value]) => [name, { value }]));
    return runTask(next, coerceArgs(made.module, next.args, given).args, at);
  }
  if (module.kind === 'vars')
    throw new Error(`${module.name} is about variables alone: its effects are in test/engine`);
  const start = at.session.frames;
  const watched = watch(module);
  const outcome = await drive(watched.module, args, {
    check: at.check ?? false,
    diff: false,
    environment: at.environment,
    session: async () => at.session,
    locals,
    local: { sleep: (ms: number) => new Promise(resolve => setTimeout(resolve, ms)), verbosity: 0 },
    // what is a change of the inventory is tested with the engine
    grow: () => ({ changed: true }),
    // no module with cases here talks to a database
  } as unknown as Parameters<typeof drive>[2]);
  return { module, outcome, frames: at.session.frames - start, stored: watched.stored() };
}

/** Writing on the controller is the engine's part: here only what the module asks for is looked at. */
function watch(module: Driven) {
  let stored: Ran['stored'];
  if (module.kind !== 'query' || module.store === undefined) return { module, stored: () => stored };
  const { store, parse } = module;
  const seen = (reply: never, args: never) => {
    stored = store(args, reply, 'case');
    return parse(reply, args);
  };
  return { module: { ...module, parse: seen, store: undefined } as unknown as Driven, stored: () => stored };
}

function failure(message: string): Outcome {
  return { status: 'failed', reason: 'bad-argument', message, ignored: false };
}

function localsOf(needs: readonly LocalNeed[]): ReadonlyMap<string, LocalData> {
  return new Map(needs.map(need => [need.path, read(need)]));
}

function read(need: LocalNeed): LocalData {
  const data = readLocal(need.path, {});
  if (need.kind !== 'tree' || !need.follow) return data;
  // a link stands for what it leads to
  const files = data.files.flatMap((file): readonly LocalFile[] => {
    if (file.type !== 'link') return [file];
    const target = readLocal(join(need.path, file.path), {}).files;
    const folder = { path: file.path, type: 'directory', mode: 0o755, bytes: new Uint8Array() } as const;
    if (target.some(t => t.path === '')) return target.map(t => ({ ...t, path: file.path }));
    return [folder, ...target.map(t => ({ ...t, path: `${file.path}/${t.path}` }))];
  });
  return { ...data, files };
}

function expectOutcome(
  run: string,
  { outcome, frames, stored }: Ran,
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

function expectPath(world: World, path: string, wanted: After): void {
  const full = join(world.root, path);
  const s = lstatSync(full, { throwIfNoEntry: false });
  if (wanted.absent) return assert.is(s, undefined, `${path} should be absent`);
  assert.ok(s, `${path} should be there`);
  if (s === undefined) return;
  const type = s.isSymbolicLink() ? 'link' : s.isDirectory() ? 'directory' : s.isFile() ? 'file' : 'other';
  if (wanted.type !== undefined) assert.is(type, wanted.type, `${path}: type`);
  if (wanted.mode !== undefined)
    assert.is((s.mode & 0o7777).toString(8).padStart(4, '0'), wanted.mode, `${path}: mode`);
  if (wanted.link !== undefined) assert.is(readlinkSync(full), world.fill(wanted.link), `${path}: link`);
  if (wanted.content !== undefined)
    assert.is(readFileSync(full, 'utf8'), world.fill(wanted.content), `${path}: content`);
  if (wanted.contains !== undefined)
    assert.ok(readFileSync(full, 'utf8').includes(world.fill(wanted.contains)), `${path}: contains`);
  if (wanted.owner !== undefined) assert.is(statOf(full, '%U'), wanted.owner, `${path}: owner`);
  if (wanted.group !== undefined) assert.is(statOf(full, '%G'), wanted.group, `${path}: group`);
  if (wanted.names !== undefined) assert.equal(readdirSync(full).sort(), [...wanted.names].sort(), `${path}: names`);
}

function statOf(path: string, format: string): string {
  return execFileSync('stat', ['-c', format, '--', path], { encoding: 'utf8' }).trim();
}
