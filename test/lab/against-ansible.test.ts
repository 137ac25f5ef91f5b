import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Lab, labDown, labMissing, labUp } from '../../lab/lab.ts';
import { readCases } from '../against-ansible/cases.ts';
import { againstRecord } from '../against-ansible/judge.ts';
import { tell } from '../against-ansible/story.ts';
import { byTplayHere } from '../against-ansible/tplay.ts';
import { holdTwins, TPLAY_TWINS } from '../against-ansible/twins.ts';
import { skipped } from '../skip.ts';

// Cases of test/against-ansible that need real hosts, held to what was recorded of ansible-playbook.
const test = suite('against ansible');
let lab: Lab;
let held: AsyncDisposable;

test.before(async () => {
  held = await holdTwins();
  lab = await labUp(TPLAY_TWINS);
});
test.after(async () => {
  await labDown(TPLAY_TWINS.name);
  await held[Symbol.asyncDispose]();
});

for (const given of readCases().filter(c => c.needs === 'hosts'))
  test(`as Ansible: ${given.title} (${given.feature})`, async () => {
    assert.is(againstRecord(given, await tell(given, byTplayHere, lab)).join('\n'), '');
  });

const missing = labMissing();
if (missing.length > 0) {
  skipped('cases of test/against-ansible that need hosts', missing.join('; '));
} else test.run();
