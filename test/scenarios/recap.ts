import type { Played } from './play.ts';
import type { Scenario } from './scenario.ts';

/** How a scenario ended. */
export type Result =
  | { readonly kind: 'passed'; readonly played: readonly Played[]; readonly seconds: number }
  | { readonly kind: 'failed'; readonly step: string; readonly why: string; readonly seconds: number }
  | { readonly kind: 'skipped'; readonly why: string };

/** The line of a scenario, and for one that failed what happened. */
export function lineOf(scenario: Scenario, result: Result): string {
  const head = `${{ passed: 'ok  ', failed: 'FAIL', skipped: 'SKIP' }[result.kind]} ${scenario.name.padEnd(16)}`;
  if (result.kind === 'skipped') return `${head} ${result.why}`;
  const { length } = scenario.lab.hosts;
  const hosts = `${String(length).padStart(2)} ${length === 1 ? 'host' : 'hosts'}`;
  const seconds = `${result.seconds.toFixed(0).padStart(4)} s`;
  if (result.kind === 'failed') return `${head} ${hosts}  ${seconds}  in "${result.step}"\n${indented(result.why)}`;
  const sum = (of: (one: Played) => number | undefined) => result.played.reduce((all, one) => all + (of(one) ?? 0), 0);
  const tasks = `${String(sum(one => one.tasks)).padStart(4)} tasks`;
  const again = result.played.filter(one => one.again !== undefined).length;
  const dry = result.played.filter(one => one.agreement !== undefined).length;
  const second = again === 0 ? 'no second run' : `second run: ${sum(one => one.again)} changed (${again} runs)`;
  const said = `${sum(one => one.agreement?.changed)} changes, ${sum(one => one.agreement?.unknown)} unknown`;
  const check = dry === 0 ? 'no dry run' : `check: agreed (${dry} runs, ${said})`;
  return `${head} ${hosts} ${tasks} ${seconds}  ${second}  ${check}  passed`;
}

/** The last line. */
export function totals(results: readonly Result[]): string {
  const count = (kind: Result['kind']) => results.filter(result => result.kind === kind).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '     ');
}
