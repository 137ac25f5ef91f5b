import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

// The example of docs/releases.md, with a program that writes down which release it was started from.
const PLAYBOOK = `
- hosts: web
  gather_facts: false
  vars:
    path: "{{ playbook_dir }}/{{ inventory_hostname }}"
  tasks:
    - block:
        - name: use it
          release: { path: "{{ path }}", version: "{{ version }}", src: "{{ version }}.tgz", state: current }
          register: used
        - name: start it
          shell: cat {{ path }}/current/version >{{ path }}/running
          when: used is changed or used.state == 'current'
        - name: is it well
          command: grep -q well {{ path }}/current/health
          changed_when: false
        - name: keep it
          release: { path: "{{ path }}", version: "{{ version }}", state: permanent, keep: 1 }
      rescue:
        - name: go back
          release: { path: "{{ path }}", version: "{{ version }}", state: rolled_back }
        - name: start the old one
          shell: cat {{ path }}/current/version >{{ path }}/running
        - fail: { msg: "{{ version }} is not well on {{ inventory_hostname }}" }
`;

function pack(folder: Folder, version: string, health: string): void {
  const src = join(folder.path, `src-${version}`);
  mkdirSync(src);
  writeFileSync(join(src, 'version'), version);
  writeFileSync(join(src, 'health'), health);
  execFileSync('tar', ['-czf', join(folder.path, `${version}.tgz`), '-C', src, '.']);
}

interface Finished {
  readonly type: string;
  readonly task: { readonly name: string };
  readonly host: string;
  readonly outcome: { readonly status: string; readonly diff?: { readonly state: unknown } };
}

/** Runs it; what the release tasks did, and the host's files. */
async function deploy(folder: Folder, version: string, ...more: readonly string[]) {
  const argv = ['run', 'p.yml', '-i', 'hosts.yml', '-e', `version=${version}`, '--output', 'json', ...more];
  const ended = await folder.run(...argv);
  const events = ended.stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Finished);
  const tasks = events
    .filter(e => e.type === 'task-finished' && e.host === 'web1')
    .map(e => ({ name: e.task.name, status: e.outcome.status, diff: e.outcome.diff?.state }));
  return { status: ended.status, tasks, stories: tasks.map(t => `${t.name}: ${t.status}`), stderr: ended.stderr };
}

function state(folder: Folder, host: string) {
  const at = (name: string) => join(folder.path, host, name);
  const link = (name: string) => (existsSync(at(name)) ? readlinkSync(at(name)) : '');
  const releases = existsSync(at('releases')) ? readdirSync(at('releases')).sort() : [];
  const running = existsSync(at('running')) ? folder.text(`${host}/running`) : '';
  return { current: link('current'), permanent: link('permanent'), releases, running };
}

test('the example of docs/releases.md is a playbook, and lint has nothing against it', async () => {
  const text = readFileSync(new URL('../../../docs/releases.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(text) ?? [];
  using folder = new Folder({ 'p.yml': example, 'app-1.tgz': '' });
  const { status, stderr } = await folder.run('run', 'p.yml', '-i', 'hosts.yml', '-e', 'version=1', '--syntax-check');
  assert.is(status, 0, stderr);
  const lint = await folder.run('lint', 'p.yml');
  assert.is(lint.status, 0, lint.stdout + lint.stderr);
});

test('a release that is well becomes permanent, one that is not gives way to the last one that was', async () => {
  using folder = new Folder({ 'p.yml': PLAYBOOK });
  pack(folder, '1', 'well');
  pack(folder, '2', 'ill');
  pack(folder, '3', 'well');
  pack(folder, '4', 'well');

  const dry = await deploy(folder, '1', '--check');
  assert.is(dry.status, 0, dry.stderr);
  assert.equal(state(folder, 'web1'), { current: '', permanent: '', releases: [], running: '' });
  const first = await deploy(folder, '1');
  assert.is(first.status, 0, first.stderr);
  assert.equal(first.stories, ['use it: changed', 'start it: changed', 'is it well: ok', 'keep it: changed']);
  // what a dry run says of a task is what the task then does; of a later one, seen from where the host is now
  assert.equal(dry.stories, ['use it: changed', 'start it: unknown', 'is it well: unknown', 'keep it: changed']);
  assert.equal(dry.tasks[0], first.tasks[0]);
  const one = { current: 'releases/1', permanent: 'releases/1', releases: ['1'], running: '1' };
  assert.equal(state(folder, 'web1'), one);
  assert.equal(state(folder, 'web2'), one);

  const again = await deploy(folder, '1');
  assert.equal(again.stories, ['use it: ok', 'start it: skipped', 'is it well: ok', 'keep it: ok']);

  const dryBad = await deploy(folder, '2', '--check');
  const bad = await deploy(folder, '2');
  assert.is(bad.status, 2);
  assert.equal(dryBad.tasks[0], bad.tasks[0]);
  assert.equal(bad.stories.slice(2, 5), ['is it well: failed', 'go back: changed', 'start the old one: changed']);
  assert.equal(state(folder, 'web2'), { ...one, releases: ['1', '2'] });

  for (const version of ['3', '4']) {
    const dryNext = await deploy(folder, version, '--check');
    const next = await deploy(folder, version);
    assert.is(next.status, 0, next.stderr);
    assert.equal(dryNext.tasks[0], next.tasks[0]);
    // one old one: the last that was permanent, not the later one that was ill
    assert.equal(state(folder, 'web2').releases, version === '3' ? ['1', '3'] : ['3', '4']);
  }
  assert.equal(state(folder, 'web1'), {
    current: 'releases/4',
    permanent: 'releases/4',
    releases: ['3', '4'],
    running: '4',
  });
});

test('a run that was cut behind the switch is taken up by the next: it is started and looked at again', async () => {
  using folder = new Folder({ 'p.yml': PLAYBOOK });
  pack(folder, '1', 'well');
  pack(folder, '2', 'well');
  await deploy(folder, '1');
  // as a run leaves it that was killed before it started anything
  const cut = await folder.run(
    'exec',
    'web',
    '-i',
    'hosts.yml',
    '-m',
    'release',
    '-a',
    `path=${folder.path}/{{ inventory_hostname }} version=2 src=2.tgz state=current`,
  );
  assert.is(cut.status, 0, cut.stderr);
  assert.equal(state(folder, 'web1'), {
    current: 'releases/2',
    permanent: 'releases/1',
    releases: ['1', '2'],
    running: '1',
  });
  const next = await deploy(folder, '2');
  assert.equal(next.stories, ['use it: ok', 'start it: changed', 'is it well: ok', 'keep it: changed']);
  assert.equal(state(folder, 'web2'), {
    current: 'releases/2',
    permanent: 'releases/2',
    releases: ['1', '2'],
    running: '2',
  });
});

test.run();
