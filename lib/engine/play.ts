import { resolve } from 'node:path';
import pLimit from 'p-limit';
import type { Play, Task } from '../playbook/program.ts';
import { readVarsFile } from '../playbook/roles.ts';
import { render, TemplateError } from '../template/index.ts';
import { Unknown, type Value } from '../template/values.ts';
import { type Diagnostic, Diagnostics } from '../text/diagnostic.ts';
import type { LayeredScope, VarLayer } from '../vars/scope.ts';
import { batchesOf, inOrder } from './batches.ts';
import type { PlayRun, RunContext } from './context.ts';
import { Cursor } from './cursor.ts';
import { runFree } from './free.ts';
import { gatherFacts, hostsToGather } from './gather.ts';
import { Handlers } from './handlers.ts';
import { HostRun } from './host-run.ts';
import { Includes } from './include.ts';
import { runBeside, runLinear } from './linear.ts';
import { hostsOf, selectAgain } from './play-hosts.ts';
import { playSettings } from './play-settings.ts';
import { scopeFor } from './scopes.ts';
import { startsIn } from './start-at.ts';
import { plain } from './values.ts';

/**
 * A play with its hosts known, ready to run; or what is wrong with its `hosts`. A name that nobody has is an error, except
 * where an earlier play may make it.
 */
export function preparePlay(
  run: RunContext,
  play: Play,
  unknownNames: 'error' | 'warning',
): PlayRun | readonly Diagnostic[] {
  const settings = playSettings(play, staticScope(run, play), run.settings);
  if (!('pattern' in settings)) return settings;
  const selected = hostsOf(run, { text: settings.pattern, span: play.hostsSpan }, unknownNames);
  if (!selected.ok) return selected.errors;
  const hosts = selected.value;
  return {
    run,
    play,
    hosts,
    version: run.inventory.version,
    batch: hosts,
    limit: pLimit(run.settings.forks),
    throttles: new Map(),
    hostLayers: new Map(),
    varsFiles: new Map(),
    handlers: [],
    includes: new Includes(),
    settings,
    // As Ansible: what the play says is stronger than the command line.
    forceHandlers: settings.forceHandlers ?? run.settings.forceHandlers,
    ended: false,
    endPlay: false,
    startAt: undefined,
    stopped: undefined,
  };
}

/** What `hosts`, `serial` and prompts may use: extra variables and the play's own. */
export function staticScope(run: RunContext, play: Play): LayeredScope {
  return scopeFor(emptyRun(run, play), new HostRun(NOBODY));
}

const NOBODY = {
  name: 'localhost',
  vars: new Map(),
  layers: [],
  groups: [],
  source: undefined,
  span: undefined,
  implicit: true,
};

const NO_SETTINGS: PlayRun['settings'] = {
  pattern: '',
  gatherFacts: false,
  forceHandlers: false,
  serial: [],
  maxFail: undefined,
  strategy: 'linear',
  order: 'inventory',
};

function emptyRun(run: RunContext, play: Play): PlayRun {
  const never = {
    hosts: [],
    version: 0,
    batch: [],
    limit: pLimit(1),
    throttles: new Map(),
    hostLayers: new Map(),
    varsFiles: new Map(),
    handlers: [],
    includes: new Includes(),
    settings: NO_SETTINGS,
  };
  return {
    run,
    play,
    ...never,
    forceHandlers: false,
    ended: false,
    endPlay: false,
    startAt: undefined,
    stopped: undefined,
  };
}

/**
 * Runs a play on its hosts, batch by batch. False when the run ends with it: as Ansible, no further play starts when a
 * whole batch failed.
 */
export async function runPlay(at: PlayRun): Promise<boolean> {
  const { run, play } = at;
  await selectAgain(at);
  // As Ansible: a host that failed in one play is out of the following ones too.
  const hosts = at.hosts.filter(h => h.alive);
  for (const host of hosts) host.left = false;
  const inStep = at.settings.strategy === 'linear';
  run.emit({ type: 'play-started', play: play.name, hosts: hosts.map(h => h.name), inStep });
  const batches = batchesOf(inOrder(hosts, at.settings.order), at.settings.serial);
  for (const [index, all] of batches.entries()) {
    const batch = at.version === run.inventory.version ? all : all.filter(h => at.hosts.includes(h));
    if (at.endPlay) break;
    if (batch.length === 0) continue;
    at.batch = batch;
    at.ended = false;
    if (batches.length > 1)
      run.emit({ type: 'batch-started', hosts: batch.map(h => h.name), number: index + 1, of: batches.length });
    await runBatch(at);
    const why = at.stopped ?? (batch.every(h => !h.alive) ? 'every host of the batch failed' : undefined);
    if (why !== undefined) {
      run.emit({ type: 'play-ended', play: play.name, why });
      return false;
    }
  }
  run.emit({ type: 'play-ended', play: play.name });
  return true;
}

async function runBatch(at: PlayRun): Promise<void> {
  const handlers = new Handlers();
  for (const host of at.batch) {
    host.cursor = new Cursor(at.play.body);
    host.roleBegan.clear();
    host.rolesRun.clear(); // as Ansible: once is once a play
    host.publicRoles.clear();
    if (at.startAt !== undefined) host.cursor.goTo(at.startAt);
  }
  const through = async (hosts: readonly HostRun[]) => {
    // As Ansible: a play that --start-at-task passes over gathers no facts.
    const passedOver = at.startAt !== undefined && !startsIn(at.play, at.startAt);
    if (!passedOver) await gatherFacts(at, { hosts: hostsToGather(at, hosts), handlers });
    loadVarsFiles(at, hosts);
    await runLinear(at, hosts, handlers);
  };
  if (at.settings.strategy === 'linear') await through(at.batch);
  else await runFree(at, through);
  if (at.forceHandlers)
    await handlers.flush(
      at,
      at.batch.filter(h => !h.unreachable && h.notified.size > 0),
    );
  for (const host of at.batch) host.notified.clear();
}

/** Reads the files of vars_files, for each host those whose names need its variables. */
export function loadVarsFiles(at: PlayRun, hosts: readonly HostRun[]): void {
  const { play } = at;
  if (play.varsFiles.length === 0) return;
  for (const host of hosts) {
    const layers: VarLayer[] = [];
    at.varsFiles.set(host.name, layers);
    for (const file of play.varsFiles) {
      if (file.kind === 'loaded') layers.push(file.layer);
      else layers.push(...namedFile(at, host, file));
    }
  }
}

function namedFile(
  at: PlayRun,
  host: HostRun,
  file: { names: readonly unknown[]; dir: string; span: Diagnostic['span'] },
): readonly VarLayer[] {
  const found = new Diagnostics();
  const c = at.run.compiler(at.play.dir, found);
  for (const raw of file.names) {
    let name: Value;
    try {
      name = plain(render(raw as never, scopeFor(at, host)));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      failHost(at, host, error.message);
      return [];
    }
    if (name instanceof Unknown) continue;
    const path = resolve(file.dir, String(name));
    if (!c.files.isFile(path)) continue;
    const layer = readVarsFile(path, c);
    if (!found.failed) return [layer];
    failHost(at, host, found.sorted[0]?.message ?? 'cannot be read');
    return [];
  }
  failHost(at, host, 'none of the files of variables is there');
  return [];
}

function failHost(at: PlayRun, host: HostRun, why: string): void {
  host.failed = true;
  host.counts.failed++;
  at.run.emit({ type: 'message', host: host.name, text: `vars_files: ${why}` });
}
