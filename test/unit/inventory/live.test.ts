import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Addition } from '../../../lib/inventory/additions.ts';
import { LiveInventory } from '../../../lib/inventory/live.ts';
import { Secret } from '../../../lib/template/values.ts';
import { formatDiagnostics } from '../../../lib/text/frame.ts';
import { sourceFile } from '../../../lib/text/source.ts';
import { namesOf, valueOf, varsOf, withFiles } from './fixture.ts';

const span = { file: sourceFile('play.yml', ''), start: 0, end: 0 };
const host = (
  name: string,
  groups: readonly string[] = [],
  vars: Readonly<Record<string, unknown>> = {},
): Addition => ({
  kind: 'host',
  host: name,
  groups,
  vars: new Map(Object.entries(vars).map(([key, value]) => [key, { value: value as string, span }])),
  span,
});
const group = (name: string, key: string, ...parents: readonly string[]): Addition => ({
  kind: 'group',
  host: name,
  group: key,
  parents: parents.length === 0 ? ['all'] : parents,
  span,
});

/** Checks and adds; whether it was a change. */
function add(inventory: LiveInventory, addition: Addition): boolean {
  const checked = inventory.check(addition);
  if ('error' in checked) throw new Error(checked.error);
  inventory.add(addition);
  return checked.changed;
}

function error(inventory: LiveInventory, addition: Addition): string {
  const checked = inventory.check(addition);
  return 'error' in checked ? checked.error : 'no error';
}

const HOSTS = 'web:\n  hosts: {w1: , w2: {v: 1}}\n';

test('what is added is seen from commit on', () =>
  withFiles({ 'h.yml': HOSTS }, services => {
    const inventory = valueOf(LiveInventory.open(['h.yml'], services));
    assert.ok(add(inventory, host('new', ['web', 'made'], { v: 2 })));
    assert.equal(namesOf(inventory.hosts), ['w1', 'w2']);
    const { version } = inventory;
    inventory.commit();
    assert.ok(inventory.version > version);
    assert.equal(namesOf(inventory.hosts), ['new', 'w1', 'w2']);
    assert.equal(inventory.groups.get('web')?.hosts, ['w1', 'w2', 'new']);
    assert.equal(varsOf(inventory.layersOf('new')), { v: 2 });
    inventory.commit();
    assert.is(inventory.version, version + 1, 'without additions it stays the same');
  }));

test('of two hosts that make the same group at the same time the first has changed it', () =>
  withFiles({ 'h.yml': HOSTS }, services => {
    const inventory = valueOf(LiveInventory.open(['h.yml'], services));
    const both = ['w1', 'w2'].map(name => inventory.check(group(name, 'web', 'top')));
    assert.equal(both, [{ changed: true }, { changed: false }]);
  }));

test('another secret is a change, the same one is none', () =>
  withFiles({ 'h.yml': HOSTS }, services => {
    const inventory = valueOf(LiveInventory.open(['h.yml'], services));
    const changes = ['a', 'a', 'b'].map(text => add(inventory, host('w1', [], { p: new Secret(text) })));
    assert.equal(changes, [true, false, true]);
  }));

test('names that no pattern could name, and groups in themselves, are refused', () =>
  withFiles({ 'h.yml': `${HOSTS}top: {children: {web: }}\n` }, services => {
    const inventory = valueOf(LiveInventory.open(['h.yml'], services));
    assert.is(error(inventory, host('a b')), '"a b" is not a name for a host');
    assert.match(error(inventory, host('a', ['x y'])), '"x y" is not a name for a group');
    assert.match(error(inventory, group('w1', 'a:b')), '"a:b" is not a name for a group');
    assert.is(error(inventory, group('w1', 'all')), 'every host is in the group "all" already');
    assert.is(error(inventory, group('w1', 'web', 'web')), 'the group "web" would contain itself: "web" is in it');
    assert.is(error(inventory, group('w1', 'top', 'web')), 'the group "top" would contain itself: "web" is in it');
  }));

test('a wrong file of variables of a new group is an error with its place', () =>
  withFiles({ 'h.yml': HOSTS, 'group_vars/made.yml': 'a: [' }, services => {
    const inventory = valueOf(LiveInventory.open(['h.yml'], services));
    assert.match(error(inventory, group('w1', 'made')), 'group_vars/made.yml:1:5 error yaml-syntax');
  }));

test('variables beside a playbook are read for what is added', () =>
  withFiles({ 'inv/h.yml': HOSTS, 'host_vars/new.yml': 'x: 1', 'inv/host_vars/new.yml': 'y: 2' }, services => {
    const inventory = valueOf(LiveInventory.open(['inv/h.yml'], services));
    assert.equal(inventory.readPlaybook('.', '.'), []);
    add(inventory, host('new'));
    inventory.commit();
    const levels = [
      inventory.layersOf('new'),
      inventory.varsFiles.layersOf('new'),
      inventory.playbookVars('.').layersOf('new'),
    ];
    assert.equal(varsOf(...levels), { x: 1, y: 2 });
  }));

test('reading again takes what the sources say now, and keeps what was added', () =>
  withFiles({ 'h.yml': HOSTS, 'host_vars/w2.yml': 'z: 1' }, (services, folder) => {
    const inventory = valueOf(LiveInventory.open(['h.yml'], services));
    add(inventory, host('new', ['made'], { n: 1 }));
    add(inventory, group('w2', 'grouped', 'up'));
    inventory.commit();
    writeFileSync(join(folder, 'h.yml'), 'web:\n  hosts: {w2: {v: 2}, w3: }\n');
    writeFileSync(join(folder, 'host_vars/w2.yml'), 'z: 2');
    assert.equal(inventory.refresh(), []);
    assert.equal(namesOf(inventory.hosts), ['new', 'w2', 'w3']);
    assert.equal(inventory.groups.get('up')?.hosts, ['w2']);
    assert.equal(varsOf(inventory.layersOf('w2'), inventory.varsFiles.layersOf('w2')), { v: 2, z: 2 });
    assert.is(inventory.host('w1'), undefined);
  }));

test('what is wrong when it is read again is said, and the inventory stays as it was', () =>
  withFiles({ 'h.yml': HOSTS }, (services, folder) => {
    const inventory = valueOf(LiveInventory.open(['h.yml'], services));
    writeFileSync(join(folder, 'h.yml'), 'web:\n  hots: {w2: }\n');
    assert.match(formatDiagnostics(inventory.refresh()), 'a group has no keyword "hots"');
    assert.equal(namesOf(inventory.hosts), ['w1', 'w2']);
  }));

test.run();
