import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { hostNeeds } from '../../lib/engine/between.ts';
import { drive } from '../../lib/engine/drive/index.ts';
import { HostTreeFault } from '../../lib/engine/listing.ts';
import { readLocalArchive } from '../../lib/engine/local-archive.ts';
import { readLocal } from '../../lib/engine/local-files.ts';
import type { LocalData, LocalFile, LocalNeed, Module } from '../../lib/module.ts';
import { modules } from '../../lib/modules/index.ts';
import type { Outcome } from '../../lib/outcome.ts';
import { coerceArgs } from '../../lib/playbook/coerce.ts';
import type { Session } from '../../lib/remote/session.ts';
import { SqlPool } from '../../lib/remote/sql-pool.ts';
import type { Case, Expected, NamedCase } from './case.ts';
import { expectOutcome, expectPath, type Seen } from './expect.ts';
import { has, localPlace, type Place, SYSTEM } from './place.ts';
import { serve } from './web.ts';
import { World } from './world.ts';

type Driven = Exclude<Module, { kind: 'expand' | 'vars' }>;

/** Why the case cannot be run at the place, or undefined. */
export function missing({ case: c }: NamedCase, place: Place): string | undefined {
  if (c.hosts !== undefined && (place.kind === undefined || !c.hosts.includes(place.kind)))
    return `is for hosts of the kind ${c.hosts.join(', ')}`;
  for (const need of c.needs ?? []) {
    if (need === 'root' ? !place.root : need === 'gnu' ? !place.gnu : !has(place, need)) return `needs ${need}`;
  }
  // its shell runs what it has built in whatever PATH says
  const own = place.kind === 'busybox' ? Object.keys(c.shims ?? {}).find(name => has(place, name)) : undefined;
  return own === undefined ? undefined : `stands in for ${own}, which busybox has built in`;
}

/**
 * Runs a case at a place: dry run, for real, again; throws where something is not as expected. Resolves to the round trips
 * of the last run where that looked at state and found it right.
 */
export async function runCase({ module: name, case: c }: NamedCase, place: Place): Promise<number | undefined> {
  using world = new World(place, c);
  await using web = /\$(URL|LOGIN)/.test(JSON.stringify(c)) ? await serve(world.seen('.'), place.here) : undefined;
  world.url = web?.url ?? '';
  const module = await load(name);
  const given = coerceArgs(name, module.args, givenArgs(module, world.fill(c)));
  const fault = given.faults[0]?.message ?? module.check?.(given.args as never);
  if (c.bad !== undefined) {
    assert.ok(fault?.includes(c.bad), `the arguments should be refused with "${c.bad}", got ${fault ?? 'no fault'}`);
    return undefined;
  }
  assert.is(fault, undefined);
  let failed = true;
  try {
    if (c.before !== undefined) await world.run(c.before);
    const frames = await runThrice(module, given.args, { c, world });
    for (const [path, wanted] of Object.entries(c.after ?? {})) expectPath(world, path, wanted);
    if (c.verify !== undefined) await world.run(c.verify);
    assert.equal(world.leftovers(), [], 'temporary files were left behind');
    failed = false;
    return frames;
  } finally {
    const tidied = c.cleanup === undefined ? undefined : world.run(c.cleanup);
    // what went wrong first is told
    await (failed ? tidied?.catch(() => undefined) : tidied);
  }
}

async function runThrice(module: Module, args: unknown, { c, world }: { c: Case; world: World }) {
  await using opened = await world.open();
  // closed before the session, whose tunnels it uses
  await using sql = new SqlPool();
  const environment = world.fill(c.environment ?? {}) as Readonly<Record<string, string>>;
  const at = { world, session: opened.session, environment, sql };
  const state = () => [world.listing(), ...(c.hosts === undefined ? [] : [world.settings()])].join('\n');
  const before = state();
  const check = await runTask(module, args, { ...at, check: true });
  expectOutcome('check', check, c.check ?? (c.first?.failed === undefined ? {} : undefined), world);
  assert.is(state(), before, 'the dry run changed something');
  expectOutcome('first', await runTask(module, args, at), c.first ?? {}, world);
  if (c.between !== undefined) await world.run(c.between);
  if (c.first?.failed !== undefined && c.second === undefined) return undefined;
  const second = await runTask(module, args, at);
  expectOutcome('second', second, { ...quiet(second.module), ...c.second }, world);
  return looksFirst(second.module) && second.outcome.status === 'ok' ? second.frames : undefined;
}

/** An unchanged task is told so, in one round trip where state is looked at. */
function quiet(module: Driven): Expected {
  return looksFirst(module) ? { changed: false, frames: 1 } : {};
}

function looksFirst(module: Driven): boolean {
  return module.kind === 'converge' || module.kind === 'edit' || module.kind === 'plan';
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
  readonly sql: SqlPool;
  readonly check?: boolean;
}

interface Ran extends Seen {
  readonly module: Driven;
}

async function runTask(module: Module, args: unknown, at: At): Promise<Ran> {
  if (module.kind === 'converge' && module.between?.(args as never) === 'pull') return runPull(module, args, at);
  const locals = await localsOf('needs' in module ? (module.needs?.(args as never) ?? []) : [], at.world);
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
    local: {
      sleep: (ms: number) => new Promise(resolve => setTimeout(resolve, ms)),
      say: () => undefined,
      verbosity: 0,
    },
    // what is a change of the inventory is tested with the engine
    grow: () => ({ changed: true }),
    keepStats: () => undefined,
    sql: at.sql,
  } as unknown as Parameters<typeof drive>[2]);
  return { module, outcome, frames: at.session.frames - start, stored: watched.stored() };
}

/** Files go from the place to this machine, to what is there the same temp folder. */
async function runPull(module: Driven & { kind: 'converge' }, args: unknown, at: At): Promise<Ran> {
  const { place } = at.world;
  const shims = at.world.seen(join(at.world.base, 'shims'));
  const own = { PATH: `${shims}:${SYSTEM}`, TMPDIR: at.world.seen(at.world.env['TMPDIR'] ?? '') };
  await using here = await (place.kind === undefined ? at.world.open() : localPlace('dash').open('/bin/sh', own, 0));
  const start = at.session.frames;
  const { environment, session } = at;
  const given = args as { src: string; dest: string };
  const dest = given.dest.replace(/^.*?(?=\/?$)/, path => at.world.seen(path));
  try {
    const locals = await hostNeeds(module.needs?.(args as never) ?? [], { environment, session });
    const how = { check: at.check ?? false, diff: false, environment, locals, session: async () => here.session };
    const outcome = await drive(module, { ...given, dest }, how as unknown as Parameters<typeof drive>[2]);
    return { module, outcome, frames: session.frames - start, stored: undefined };
  } catch (error) {
    if (!(error instanceof HostTreeFault)) throw error;
    return { module, outcome: failure(error.message), frames: session.frames - start, stored: undefined };
  }
}

/** Writing on the controller is the engine's part: here only what the module asks for is looked at. */
function watch(module: Driven) {
  let stored: Ran['stored'];
  if (module.kind !== 'query' || module.store === undefined) return { module, stored: () => stored };
  const { store, parse } = module;
  const seen = (reply: never, args: never) => {
    const file = store(args, reply, 'case');
    stored = file?.bytes === undefined ? undefined : { path: file.path, bytes: file.bytes };
    return parse(reply, args);
  };
  return { module: { ...module, parse: seen, store: undefined } as unknown as Driven, stored: () => stored };
}

function failure(message: string): Outcome {
  return { status: 'failed', reason: 'bad-argument', message, ignored: false };
}

/** Files of the controller are in the same temp folder, wherever the place has that. */
async function localsOf(needs: readonly LocalNeed[], world: World): Promise<ReadonlyMap<string, LocalData>> {
  const here = (need: LocalNeed) =>
    need.path.startsWith(world.base) ? { ...need, path: world.seen(need.path) + (/\/$/.exec(need.path) ?? '') } : need;
  return new Map(await Promise.all(needs.map(async need => [need.path, await read(here(need))] as const)));
}

async function read(need: LocalNeed): Promise<LocalData> {
  if (need.kind === 'archive') return await readLocalArchive(need.path, { sum: need.sum });
  const { inPieces, skip } = need.kind === 'tree' ? need : {};
  if (inPieces) return readLocal(need.path, { inPieces, skip, follow: need.kind === 'tree' && need.follow });
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
