import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endOf, Folder } from './program.ts';

const SLOW = `
- hosts: web1
  gather_facts: false
  tasks:
    - { name: waits, command: sleep 30 }
    - { name: never comes, command: echo }
`;

/** Starts a run and waits until its first task is told. */
async function started(folder: Folder) {
  const child = folder.start('run', 'p.yml', '-i', 'hosts.yml');
  const end = endOf(child);
  await new Promise<void>(resolve => {
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
      if (text.includes('TASK [waits]')) resolve();
    });
  });
  return { child, end };
}

test('an interrupt ends the run with its recap and status 130', async () => {
  using folder = new Folder({ 'p.yml': SLOW });
  const begin = Date.now();
  const { child, end } = await started(folder);
  child.kill('SIGINT');
  const { status, stdout, stderr } = await end;
  assert.is(status, 130);
  assert.match(stderr, 'stopping');
  assert.match(stdout, 'PLAY RECAP');
  assert.match(stdout, 'interrupted');
  assert.not.match(stdout, 'never comes');
  assert.ok(Date.now() - begin < 15_000, 'it waited for the command to end');
});

test('a reader that goes away is no error', async () => {
  using folder = new Folder({
    'p.yml':
      '- hosts: all\n  gather_facts: false\n  tasks: [{ debug: { msg: x }, loop: "{{ range(2000) | list }}" }]\n',
  });
  const child = folder.start('run', 'p.yml', '-i', 'hosts.yml');
  const end = endOf(child);
  child.stdout.once('data', () => child.stdout.destroy());
  const { status, stderr } = await end;
  assert.is(status, 0);
  assert.is(stderr, '');
});

test.run();
