import pLimit from 'p-limit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Lab, labDown, labMissing, labUp } from '../../lab/lab.ts';
import { type Case, readCases } from '../against-ansible/cases.ts';
import { againstRecord } from '../against-ansible/judge.ts';
import { tell } from '../against-ansible/story.ts';
import { byTplayHere } from '../against-ansible/tplay.ts';
import { ANSIBLE_TWINS, holdTwins, TPLAY_TWINS } from '../against-ansible/twins.ts';
import { skipped } from '../skip.ts';

// Cases of test/against-ansible that need real hosts, held to what was recorded of ansible-playbook.
const test = suite('against ansible');
const cases = readCases().filter(c => c.needs === 'hosts');
const features = [...new Set(cases.map(c => c.feature))];
const ofFeature = (feature: string) => cases.filter(c => c.feature === feature);
/** What differs in each case of a feature, or what went wrong. */
type Played = ReadonlyMap<Case, string | Error>;
const played = new Map<string, Promise<Played>>();
let held: AsyncDisposable;

// Cases wait for packages and services most of the time: each pair of hosts takes the next feature when it is free.
test.before(async () => {
  held = await holdTwins();
  const free = await Promise.all([ANSIBLE_TWINS, TPLAY_TWINS].map(twins => labUp(twins)));
  const limit = pLimit(free.length);
  const largest = features.toSorted((a, b) => ofFeature(b).length - ofFeature(a).length);
  for (const feature of largest)
    played.set(
      feature,
      limit(async () => {
        const lab = free.pop() as Lab;
        const said = new Map<Case, string | Error>();
        for (const given of ofFeature(feature)) said.set(given, await compared(given, lab));
        free.push(lab);
        return said;
      }),
    );
});
test.after(async () => {
  await Promise.all([ANSIBLE_TWINS, TPLAY_TWINS].map(({ name }) => labDown(name)));
  await held[Symbol.asyncDispose]();
});

async function compared(given: Case, lab: Lab): Promise<string | Error> {
  try {
    return againstRecord(given, await tell(given, byTplayHere, lab)).join('\n');
  } catch (error) {
    return error as Error; // told by the test of this case
  }
}

for (const given of cases)
  test(`as Ansible: ${given.title} (${given.feature})`, async () => {
    const said = (await played.get(given.feature))?.get(given);
    if (said instanceof Error) throw said;
    assert.is(said, '');
  });

const missing = labMissing();
if (missing.length > 0) {
  skipped('cases of test/against-ansible that need hosts', missing.join('; '));
} else test.run();
