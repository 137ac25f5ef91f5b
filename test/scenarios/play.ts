import { type Agreement, compare } from './compare.ts';
import type { Ended, Ran } from './events.ts';
import type { Scenario, Step } from './scenario.ts';
import type { OpenStage } from './stage.ts';
import { differences, marksOf } from './tree.ts';

/** What one step came to. */
export interface Played {
  readonly tasks: number;
  /** Tasks and items that changed something in the second run, where there was one. */
  readonly again: number | undefined;
  readonly agreement: Agreement | undefined;
}

/** Plays one step; throws an Error that says all a person needs when something is not as it must be. */
export async function playStep(
  stage: OpenStage,
  { scenario, step, doing }: { scenario: Scenario; step: Step; doing(what: string): void },
): Promise<Played> {
  if (step.inventory !== undefined) stage.name(step.inventory(stage));
  await step.before?.(stage);
  const args = typeof step.play === 'function' ? step.play(stage) : step.play;
  if (args === undefined) {
    doing('looking');
    await step.verify?.(stage, { status: 0, ended: [], seconds: 0, text: '' });
    return { tasks: 0, again: undefined, agreement: undefined };
  }
  const once = step.expect === 'fails';
  if (!once && step.skipCheck === undefined) doing('dry run');
  const dry = once || step.skipCheck !== undefined ? undefined : await dryRun(stage, args, scenario.living ?? []);
  await step.beforeRun?.(stage);
  doing('run');
  const real = await stage.tplay(...args);
  judge(real, step, args);
  const agreement = dry === undefined ? undefined : compare(dry.ended, real.ended);
  if (agreement !== undefined && agreement.faults.length > 0)
    throw new Error(`the dry run and what then happened differ:\n  ${agreement.faults.join('\n  ')}`);
  doing('looking');
  await step.verify?.(stage, real);
  const tasks = real.ended.filter(one => one.item === undefined).length;
  if (once) return { tasks, again: undefined, agreement };
  if (step.skipSecond !== undefined) return { tasks, again: undefined, agreement };
  doing('second run');
  const again = await stage.tplay(...args);
  judge(again, { title: step.title }, args);
  const changed = again.ended.filter(one => one.status === 'changed' && !one.whole);
  if (changed.length > 0) throw new Error(`the second run changed:\n  ${changed.map(sentence).join('\n  ')}`);
  await step.verifySecond?.(stage, again);
  return { tasks, again: changed.length, agreement };
}

async function dryRun(stage: OpenStage, args: readonly string[], living: readonly string[]): Promise<Ran> {
  const before = marksOf(stage.lab, living);
  const ran = await stage.tplay(...args, '--check');
  if (ran.status !== 0) throw new Error(`the dry run ended with status ${ran.status}:\n${endOf(ran)}`);
  const touched = differences(before, marksOf(stage.lab, living));
  if (touched.length > 0) throw new Error(`the dry run changed on hosts:\n  ${touched.slice(0, 20).join('\n  ')}`);
  return ran;
}

function judge(ran: Ran, { expect = 'ok', says }: Step, args: readonly string[]): void {
  const typed = `tplay ${args.join(' ')}`;
  if (expect === 'ok' && ran.status !== 0) throw new Error(`${typed}: exit status ${ran.status}\n${endOf(ran)}`);
  if (expect === 'fails' && ran.status === 0) throw new Error(`${typed} must fail, and did not:\n${endOf(ran)}`);
  if (says !== undefined && !says.test(ran.text)) throw new Error(`${typed} does not say ${says}:\n${endOf(ran)}`);
}

function sentence({ host, title, item, place }: Ended): string {
  return `${host}: "${title}"${item === undefined ? '' : ` with ${item}`} (${place})`;
}

// what failed stands near the end, and what was skipped or fine tells little
function endOf({ text }: Ran): string {
  const lines = text.split('\n').filter(line => !/^\S+ (ok|skipped): /.test(line));
  return lines.slice(-60).join('\n');
}
