import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AskOptions, ConnectionModule, HostDoor, Lost, Reply } from '../../lib/module.ts';
import reboot from '../../lib/modules/reboot.ts';
import waitForConnection from '../../lib/modules/wait_for_connection.ts';
import { coerceArgs } from '../../lib/playbook/coerce.ts';

// A host of the test's own: every question has a prepared answer, and the clock goes on only while somebody waits.

type Answer = string | number | 'lost' | 'other key';

interface Asked {
  readonly script: string;
  readonly options: AskOptions;
}

class FakeHost implements HostDoor {
  readonly local: boolean = false;
  readonly asked: Asked[] = [];
  readonly drops: (boolean | undefined)[] = [];
  #clock = 0;
  readonly #answers: Answer[];

  constructor(...answers: readonly Answer[]) {
    this.#answers = [...answers];
  }

  /** A text is what was printed, a number the exit status. The last answer is given again and again. */
  async ask(script: { reveal(): string }, options: AskOptions = {}): Promise<Reply | Lost> {
    this.asked.push({ script: script.reveal(), options });
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    if (answer === 'lost') return { lost: 'connection refused', phase: 'connect' };
    if (answer === 'other key') return { lost: 'another key', phase: 'host-key' };
    const stdout = typeof answer === 'string' ? answer : '';
    return { rc: typeof answer === 'number' ? answer : 0, stdout, stderr: '', bytes: new TextEncoder().encode(stdout) };
  }
  async drop(how?: { restarts: boolean }): Promise<void> {
    this.drops.push(how?.restarts);
  }
  async sleep(ms: number): Promise<void> {
    this.#clock += ms;
  }
  now(): number {
    return this.#clock;
  }
}

async function run(module: unknown, host: HostDoor, given: Readonly<Record<string, unknown>> = {}) {
  const { name, args, run } = module as ConnectionModule;
  const { args: checked, faults } = coerceArgs(
    name,
    args,
    new Map(Object.entries(given).map(([n, value]) => [n, { value }])),
  );
  assert.equal(faults, []);
  return await run(checked as never, host);
}

test('a host that restarts tells another boot id, and then its test_command succeeds', async () => {
  const host = new FakeHost('one\n', 0, 'one\n', 'lost', 'lost', 'two\n', 1, 0);
  const result = await run(reboot, host, { test_command: 'uptime | grep -q up', connect_timeout: 3 });
  assert.equal(result, { values: { rebooted: true, elapsed: 4 }, changed: true });
  assert.equal(host.drops, [true, true]);
  assert.match(host.asked[1]?.script ?? '', 'shutdown');
  assert.match(host.asked.at(-1)?.script ?? '', 'uptime | grep -q up');
  assert.is(host.asked.at(-1)?.options.connectMs, 3000);
});

test('a message that begins with a dash is no option of shutdown', async () => {
  const host = new FakeHost('one', 0, 'two', 0);
  await run(reboot, host, { msg: '-h now' });
  assert.match(host.asked[1]?.script ?? '', `-r -- 0 '-h now'`);
});

test('a connection that is lost while the command runs is what a restart looks like', async () => {
  const result = await run(reboot, new FakeHost('one', 'lost', 'lost', 'two', 0));
  assert.is('changed' in result && result.changed, true);
});

test('a host that never goes down, or never comes back, is told after reboot_timeout', async () => {
  const still = await run(reboot, new FakeHost('one', 0, 'one'), { reboot_timeout: 30 });
  assert.match('failed' in still ? still.failed : '', 'did not restart within 30 s: it is still the old start');
  assert.equal('failed' in still && still.values, { rebooted: false, elapsed: 30 });
  const gone = await run(reboot, new FakeHost('one', 0, 'lost'), { reboot_timeout: 30 });
  assert.match('failed' in gone ? gone.failed : '', 'connection refused');
});

test('a delay before the restart is waited for too', async () => {
  const host = new FakeHost('one', 0, 'one');
  const result = await run(reboot, host, { reboot_timeout: 30, pre_reboot_delay: 130 });
  assert.equal('failed' in result && result.values, { rebooted: false, elapsed: 150 });
  assert.match(host.asked[1]?.script ?? '', '-r -- 2 ');
});

test('a host with another key is not waited for', async () => {
  const host = new FakeHost('one', 0, 'other key');
  const result = await run(reboot, host);
  assert.match('failed' in result ? result.failed : '', 'another key');
  assert.is(host.asked.length, 3);
});

test('a host that is back but fails its test_command was restarted', async () => {
  const result = await run(reboot, new FakeHost('one', 0, 'two', 1), { reboot_timeout: 20 });
  assert.match('failed' in result ? result.failed : '', 'test_command did not succeed within 20 s');
  assert.is('failed' in result && result.values?.['changed'], true);
});

test('a command that fails, or does not say when the host was started, restarts nothing', async () => {
  const failed = await run(reboot, new FakeHost('one', 1));
  assert.match('failed' in failed ? failed.failed : '', 'the reboot command failed');
  const host = new FakeHost(1);
  const mute = await run(reboot, host);
  assert.match('failed' in mute ? mute.failed : '', 'boot_time_command');
  assert.is(host.asked.length, 1);
});

test('a host that cannot be reached at first is unreachable', async () => {
  assert.equal(await run(reboot, new FakeHost('lost')), { lost: 'connection refused', phase: 'connect' });
});

test('the machine that tplay runs on is not restarted', async () => {
  const host = new (class extends FakeHost {
    override readonly local = true;
  })('one');
  assert.match(JSON.stringify(await run(reboot, host)), 'the machine that tplay runs on');
  assert.equal(host.asked, []);
});

test("reboot_command is found in search_paths, a path is taken as it is, and the host's shell reads its words", async () => {
  const named = new FakeHost('one', 0, 'two', 0);
  await run(reboot, named, { reboot_command: "halt --x 'a b'", search_paths: ['/opt/it'], pre_reboot_delay: 60 });
  assert.match(named.asked[1]?.script ?? '', 'tp_in halt ||');
  const path = new FakeHost('one', 0, 'two', 0);
  await run(reboot, path, { reboot_command: '/opt/halt' });
  assert.match(path.asked[1]?.script ?? '', 'tp_found=/opt/halt');
});

test('wait_for_connection logs in anew, again and again', async () => {
  const host = new FakeHost('lost', 'lost', 0);
  const result = await run(waitForConnection, host, { delay: 5, sleep: 2, connect_timeout: 7 });
  assert.equal(result, { values: { elapsed: 9 }, changed: false });
  assert.is(host.drops[0], undefined);
  assert.is(host.asked[0]?.options.connectMs, 7000);
  assert.is(host.asked.length, 3);
});

test('wait_for_connection gives up after its timeout', async () => {
  const result = await run(waitForConnection, new FakeHost('lost'), { timeout: 10 });
  assert.match('failed' in result ? result.failed : '', 'no connection within 10 s: connection refused');
  assert.equal('failed' in result && result.values, { elapsed: 10 });
});

test.run();
