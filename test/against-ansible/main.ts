import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { type Lab, labDown, labMissing, labUp } from '../../lab/lab.ts';
import { byAnsible } from './ansible.ts';
import { type Case, features, here, type Lines, type Recorded, readCases, readRecorded } from './cases.ts';
import { judge, type Verdict } from './judge.ts';
import { askAnsible, openDifferences, recordOptions } from './options-check.ts';
import { tell } from './story.ts';
import { byTplay } from './tplay.ts';
import { ANSIBLE_TWINS, holdTwins, TPLAY_TWINS } from './twins.ts';

/**
 * `npm run test:ansible -- [words] [--record]`: runs the cases by both tools and prints where they are equal. With
 * `--record` what ansible-playbook did becomes what the tests hold tplay to; without words only of cases that are new or
 * have changed.
 */
interface Result {
  readonly given: Case;
  readonly ansible: Lines;
  readonly tplay: Lines;
  readonly verdict: Verdict;
}

const recording = process.argv.includes('--record');
const words = process.argv.slice(2).filter(w => w !== '--record');
if (words.length === 1 && words[0] === 'options') {
  const asked = askAnsible();
  if (recording) recordOptions(asked);
  const open = await openDifferences(asked);
  process.stdout.write(`${open.map(line => `${line}\n`).join('')}${open.length} open differences of arguments\n`);
  process.exit(open.length === 0 || recording ? 0 : 1);
}
const cases = readCases(words).filter(given => !recording || words.length > 0 || !isRecorded(given));
if (spawnSync('ansible-playbook', ['--version']).status !== 0) {
  process.stderr.write('ansible-playbook is not here: as root on Debian npm run test:ansible installs it\n');
  process.exit(1);
}
const limit = pLimit(availableParallelism());
let done = 0;
const isLocal = (given: Case) => given.needs === undefined;
const results = [
  ...(await Promise.all(cases.filter(isLocal).map(given => limit(() => runBoth(given))))),
  ...(await runOnHosts(cases.filter(c => !isLocal(c)))),
];
if (recording) for (const feature of features()) record(feature);
process.stdout.write(table(results));
process.exitCode = (results.length > 0 || recording) && results.every(r => r.verdict.kind !== 'other') ? 0 : 1;

function isRecorded(given: Case): boolean {
  const recorded = readRecorded(given.feature)[given.title];
  return recorded?.case === given.hash && (given.meant !== undefined) === (recorded.tplay !== undefined);
}

/** Each tool has hosts of its own, alike; one case after the other. */
async function runOnHosts(cases: readonly Case[]): Promise<readonly Result[]> {
  if (cases.length === 0) return [];
  const missing = labMissing();
  if (missing.length > 0) {
    process.stderr.write(`${cases.length} cases need hosts and are left out: ${missing.join(', ')}\n`);
    return [];
  }
  await using _held = await holdTwins();
  try {
    const hosts = [await labUp(ANSIBLE_TWINS), await labUp(TPLAY_TWINS)];
    const all: Result[] = [];
    for (const given of cases) all.push(await runBoth(given, hosts));
    return all;
  } finally {
    await Promise.all([labDown(ANSIBLE_TWINS.name), labDown(TPLAY_TWINS.name)]);
  }
}

/** A case by both tools; now and then says how far it is: all cases take minutes. */
async function runBoth(given: Case, [ansibles, ours]: readonly Lab[] = []): Promise<Result> {
  const ansible = await tell(given, byAnsible, ansibles);
  const tplay = await tell(given, byTplay, ours);
  const verdict = judge(given, { ansible, tplay }, recording ? undefined : readRecorded(given.feature)[given.title]);
  if (verdict.kind === 'other')
    process.stdout.write(`${given.feature}: ${given.title}\n${verdict.why.map(w => `  ${w}\n`).join('')}\n`);
  if (++done % 25 === 0) process.stderr.write(`${done} of ${cases.length} cases\n`);
  return { given, ansible, tplay, verdict };
}

/** Cases that were not run keep what was recorded of them; cases that are gone lose it. */
function record(feature: string): void {
  const before = readRecorded(feature);
  const own = readCases().filter(c => c.feature === feature);
  const all = own.flatMap(({ title }): readonly (readonly [string, Recorded])[] => {
    const result = results.find(r => r.given.feature === feature && r.given.title === title);
    if (result === undefined) return before[title] === undefined ? [] : [[title, before[title]]];
    const { given, ansible, tplay } = result;
    return [[title, { case: given.hash, ansible, ...(given.meant !== undefined && { tplay }) }]];
  });
  writeFileSync(`${here}recorded/${feature}.json`, `${JSON.stringify(Object.fromEntries(all), undefined, 1)}\n`);
}

function table(all: readonly Result[]): string {
  const names = [...new Set(all.map(r => r.given.feature))];
  const row = (name: string, of: readonly Result[]) => {
    const count = (kind: Verdict['kind']) => of.filter(r => r.verdict.kind === kind).length;
    return [name, of.length, count('equal'), count('meant'), count('other')].map(String);
  };
  const head = ['feature', 'cases', 'equal', 'meant differences', 'other differences'];
  const rows = [
    head,
    ...names.map(n =>
      row(
        n,
        all.filter(r => r.given.feature === n),
      ),
    ),
    row('all', all),
  ];
  const widths = head.map((_, i) => Math.max(...rows.map(r => r[i]?.length ?? 0)));
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0));
  return rows.map(r => `${r.map(pad).join('  ')}\n`).join('');
}
