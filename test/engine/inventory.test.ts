import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatDiagnostics } from '../../lib/text/frame.ts';
import { type Ended, play, type RigOptions, start } from './rig.ts';

const said = ({ events }: Ended) =>
  events.flatMap(e => (e.type === 'diagnostic' ? [formatDiagnostics([e.diagnostic]).split('\n')[0]] : []));
const failed = (text: string, options: RigOptions = {}) => start(text, options).then(() => 'no error', String);

const SEE = '  tasks: [{ name: see, debug: { msg: x } }]\n';
const ADD = '- hosts: all\n  gather_facts: false\n  tasks: [{ name: add, add_host: { name: new, groups: made } }]\n';

test('a group that no play can have made is an error before any host is touched', async () => {
  assert.match(await failed(`- hosts: made\n${SEE}${ADD}`), 'unknown host or group "made" in hosts');
  assert.match(await failed(`${ADD}`, { args: ['-l', 'made'] }), '--limit leaves no host');
  assert.is(await failed(`${ADD}`, { args: ['-l', 'made:web1'] }), 'no error');
});

test('a name that is still unknown when its play starts is a warning', async () => {
  const ended = await play(`${ADD}- hosts: made:maed\n  gather_facts: false\n${SEE}`);
  assert.equal(said(ended), ['play.yml:4:10 warning unknown-host: unknown host or group "maed" in hosts']);
  assert.equal(ended.story, ['web1 add: changed', 'new see: ok']);
});

test('a host that cannot be added fails its task', async () => {
  const ended = await play(ADD.replace('name: new', 'name: "a b"'));
  assert.equal(ended.story, ['web1 add: failed']);
});

test('what a role demands is checked for hosts that are added, before their play', async () => {
  const files = {
    'roles/r/meta/schema.yml': 'properties: { port: { type: integer } }\nrequired: [port]\n',
    'roles/r/tasks/main.yml': '- { name: in the role, debug: { msg: x } }\n',
  };
  const ended = await play(`${ADD}- hosts: made\n  gather_facts: false\n  roles: [r]\n`, { files });
  assert.match(said(ended).join(''), 'the role r needs the variable "port"');
  assert.equal(ended.story, ['web1 add: changed']);
  assert.is(ended.recap['new']?.failed, 1);
  assert.is(ended.status, 2);
});

const REFRESH = `
- hosts: all
  gather_facts: false
  tasks:
    - { name: change, command: x, run_once: true }
    - meta: refresh_inventory
    - { name: see, debug: { msg: x } }
- hosts: all
  gather_facts: false
  tasks: [{ name: next, debug: { msg: x } }]
`;

/** Runs it with an inventory that is another one behind the first task. */
async function refreshed(inventory: string): Promise<Ended> {
  const run = await start(REFRESH);
  const frame = await run.host('web1').nextFrame();
  run.write('hosts.yml', inventory);
  frame.reply({});
  return run.ended;
}

test('hosts that the sources no longer name leave the play, new ones come with the next', async () => {
  const { story } = await refreshed('all: { hosts: { web1: , web3: , web4: } }\n');
  assert.equal(story, [
    'web1 change: changed',
    'web1 see: ok',
    'web3 see: ok',
    'web1 next: ok',
    'web3 next: ok',
    'web4 next: ok',
  ]);
});

test('sources that are wrong when they are read again fail the hosts', async () => {
  const ended = await refreshed('all: { hsots: { web1: } }\n');
  assert.match(said(ended).join(''), 'a group has no keyword "hsots"');
  assert.equal(ended.story, ['web1 change: changed']);
  assert.is(ended.status, 2);
});

test.run();
