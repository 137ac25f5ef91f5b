import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { labDown, labMissing, labUp } from '../../lab/lab.ts';
import { lock } from '../../lab/state.ts';
import { type Played, playStep } from './play.ts';
import { type Progress, progress } from './progress.ts';
import { lineOf, type Result, totals } from './recap.ts';
import type { Scenario } from './scenario.ts';
import { openStage } from './stage.ts';

/**
 * `npm run test:scenarios -- [words] [--keep]`: plays what is described in docs/guides on hosts of a lab, one scenario
 * after the other, each on hosts as new. With words only those whose names begin with one. `--keep` leaves the labs up.
 */
const here = fileURLToPath(new URL('./', import.meta.url));
const keep = process.argv.includes('--keep');
const words = process.argv.slice(2).filter(word => word !== '--keep');
const interrupt = new AbortController();
const show = progress(process.stdout);

process.on('SIGINT', stop).on('SIGTERM', stop);

const scenarios = await readScenarios();
const results: Result[] = [];
for (const scenario of scenarios) {
  if (interrupt.signal.aborted) break;
  const result = await play(scenario);
  results.push(result);
  show.line(lineOf(scenario, result));
}
show.line(`\n${totals(results)}${interrupt.signal.aborted ? ', interrupted' : ''}`);
if (scenarios.length === 0) show.line(`no scenario begins with ${words.join(' or ')}`);
const fine = scenarios.length > 0 && results.every(result => result.kind !== 'failed');
process.exitCode = interrupt.signal.aborted ? 130 : fine ? 0 : 1;

async function readScenarios(): Promise<readonly Scenario[]> {
  const names = readdirSync(here)
    .filter(name => name.endsWith('.scenario.js'))
    .filter(name => words.length === 0 || words.some(word => name.startsWith(word)))
    .sort();
  return Promise.all(names.map(async name => ((await import(`./${name}`)) as { default: Scenario }).default));
}

async function play(scenario: Scenario): Promise<Result> {
  const missing = [...labMissing(), ...(scenario.missing?.() ?? [])];
  if (missing.length > 0) return { kind: 'skipped', why: missing.join('; ') };
  const began = performance.now();
  const at = { step: 'the lab' };
  try {
    const played = await onStage(scenario, { show, at });
    return { kind: 'passed', played, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    const why = interrupt.signal.aborted ? 'interrupted' : inTurn(error).map(wordsOf).join('\nand then: ');
    return { kind: 'failed', step: at.step, why, seconds: (performance.now() - began) / 1000 };
  }
}

async function onStage(
  scenario: Scenario,
  { show, at }: { show: Progress; at: { step: string } },
): Promise<readonly Played[]> {
  const { lab: spec, name, steps } = scenario;
  show.step(`${name}: lab of ${spec.hosts.length} hosts`);
  // two at once on one lab would spoil each other's hosts
  await using _held = await lock(`scenario-${spec.name}`, () => show.part('waiting for another process that plays it'));
  await labDown(spec.name); // of a run that was killed
  const played: Played[] = [];
  // not in `finally`: what fails there would be told in the place of the step's own error
  await using _lab = atEnd(async () => (keep ? undefined : labDown(spec.name)));
  const lab = await labUp(spec, { report: line => show.part(line) });
  await using stage = openStage(lab, interrupt.signal);
  await using _finish = atEnd(async () => scenario.finish?.(stage));
  stage.name(scenario.inventory(stage));
  await scenario.prepare?.(stage);
  for (const [index, step] of steps.entries()) {
    interrupt.signal.throwIfAborted();
    at.step = step.title;
    show.step(`${name} ${index + 1}/${steps.length} ${step.title}`);
    played.push(await playStep(stage, { scenario, step, doing: show.part }));
  }
  return played;
}

function atEnd(work: () => Promise<unknown>): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await work();
    },
  };
}

/** What went wrong, the first first: an error and those of what had to be ended after it. */
function inTurn(error: unknown): readonly unknown[] {
  // by name: Node 20 has no class of it
  if (!(error instanceof Error) || error.name !== 'SuppressedError') return [error];
  const { suppressed, error: later } = error as Error & { readonly suppressed: unknown; readonly error: unknown };
  return [...inTurn(suppressed), ...inTurn(later)];
}

/** An error of the scenario's own code is of use only with its place. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split('\n').find(line => line.includes('.scenario.'));
  return place === undefined ? error.message : `${error.message}\n${place.trim()}`;
}

function stop(): void {
  if (interrupt.signal.aborted) process.exit(130);
  show.line('interrupted: ending what runs and taking the lab down (again: leave all as it is)');
  interrupt.abort();
}
