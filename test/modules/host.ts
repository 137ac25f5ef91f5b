import { relative } from 'node:path';
import pLimit from 'p-limit';
import type { NamedCase } from './case.ts';
import type { Place } from './place.ts';
import { missing, runCase } from './run.ts';
import type { Result } from './table.ts';

/** So many cases of a host at a time; dropbear loses a connection on which many programs start at once. */
const atOnce = (kind: Place['kind']) => (kind === 'busybox' ? 2 : 4);
/** A case that takes longer hangs. */
const LONGEST_MS = 10 * 60_000;

/** Runs all cases of a host, a few at a time; then those that change the host itself, each alone. */
export async function runHost(
  place: Place,
  cases: readonly NamedCase[],
  say: (line: string) => void,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = new Map<string, number>();
  for (const { module } of cases) left.set(module, (left.get(module) ?? 0) + 1);
  const run = async (c: NamedCase) => {
    const result = await oneCase(c, place);
    results.push(result);
    if (result.failed !== undefined) say(`FAIL ${place.kind} ${c.module}/${c.name}`);
    left.set(c.module, (left.get(c.module) ?? 0) - 1);
    if (left.get(c.module) === 0) say(lineOf(place, c.module, results));
  };
  const limit = pLimit(atOnce(place.kind));
  await Promise.all(cases.filter(c => c.case.hosts === undefined).map(c => limit(() => run(c))));
  for (const c of cases.filter(c => c.case.hosts !== undefined)) await run(c);
  return results;
}

async function oneCase(c: NamedCase, place: Place): Promise<Result> {
  const real = c.case.shims === undefined && c.case.first?.failed === undefined;
  const result = {
    module: c.module,
    kind: place.kind ?? 'debian',
    file: relative(process.cwd(), c.file),
    real,
  } as const;
  const lacking = missing(c, place) ?? otherShell(c, place);
  if (lacking !== undefined) return { ...result, skipped: lacking };
  try {
    return { ...result, frames: await within(runCase(c, place)) };
  } catch (error) {
    return { ...result, failed: error instanceof Error ? `${error.message}${detailsOf(error)}` : String(error) };
  }
}

function otherShell({ case: c }: NamedCase, { shell }: Place): string | undefined {
  return c.shells === undefined || c.shells.includes(shell) ? undefined : `is for ${c.shells.join(', ')}`;
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${LONGEST_MS / 60_000} minutes`)), LONGEST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function lineOf(place: Place, module: string, results: readonly Result[]): string {
  const mine = results.filter(r => r.module === module);
  const count = (of: 'failed' | 'skipped') => mine.filter(r => r[of] !== undefined).length;
  const [failed, skipped] = [count('failed'), count('skipped')];
  const ran = mine.length - skipped;
  return `${place.kind} ${module} ${ran - failed}/${ran}${skipped === 0 ? '' : ` -${skipped}`}`;
}

/** What uvu says beside the message: the two values. */
function detailsOf(error: Error): string {
  const details = 'details' in error && typeof error.details === 'string' ? error.details : '';
  return details === '' ? '' : `\n${details}`;
}
