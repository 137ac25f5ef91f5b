import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../../skip.ts';
import { faultOf, type Given, Podman, podmanMissing, type Ran } from './podman.ts';

const test = suite('docker_image');
const why = podmanMissing();
let podman: Podman;

const status = ({ outcome }: Ran) => (outcome.status === 'failed' ? outcome.message : outcome.status);

async function reaches(given: Given): Promise<void> {
  const { check, first, second } = await podman.task('docker_image', given);
  assert.is(status(check), 'changed');
  assert.is(status(first), 'changed');
  assert.is(status(second), 'ok', JSON.stringify(second.outcome));
  assert.is(second.frames, 1);
}

if (why !== undefined) skipped('images by podman', why);
else {
  test.before(() => {
    podman = new Podman();
  });
  test.after(async () => await podman[Symbol.asyncDispose]());

  test('an image is saved, removed, loaded and named', async () => {
    const archive = join(podman.folder, 'tiny $(x) .tar');
    await reaches({ name: 'localhost/tiny', tag: '1', source: 'local', archive_path: archive });
    assert.ok(existsSync(archive));
    await reaches({ name: 'localhost/tiny:1', state: 'absent' });
    await reaches({ name: 'localhost/tiny:1', source: 'load', load_path: archive });
    const again = { name: 'localhost/tiny:1', source: 'load', load_path: archive, force_source: true };
    assert.is(status(await podman.once('docker_image', again)), 'ok');
    await podman.once('docker_image', { name: 'localhost/tiny:1', state: 'absent' });
    const loaded = await podman.once('docker_image', again);
    assert.is(status(loaded), 'changed');
    const { image } = ('values' in loaded.outcome ? loaded.outcome.values : {}) as { image: Given };
    assert.match(String(image['Id']), /^[0-9a-f]{64}$/);
    await reaches({ name: 'localhost/tiny:1', repository: 'localhost/other:2' });
    podman.makeImage('localhost/tiny:1', 'ENV NEW=1');
    const named = { name: 'localhost/tiny:1', repository: 'localhost/other:2' };
    assert.is(status(await podman.once('docker_image', named)), 'ok');
    await reaches({ ...named, force_tag: true });
    await reaches({ name: 'localhost/other:2', state: 'absent', force_absent: true });
    podman.makeImage('localhost/tiny:1');
  });

  test('an image is built, and its arguments are no arguments of a program', async () => {
    const folder = join(podman.folder, 'context');
    mkdirSync(folder);
    writeFileSync(join(folder, 'Containerfile'), 'FROM localhost/tiny:1\nARG WHO\nENV BUILT=$WHO\nCMD ["/bin/true"]\n');
    const build = { path: folder, dockerfile: 'Containerfile', args: { WHO: 'it\'s "me"' } };
    await reaches({ name: 'localhost/built', source: 'build', build });
    const [made] = JSON.parse(podman.run('image', 'inspect', 'localhost/built:latest'));
    assert.ok(made.Config.Env.includes('BUILT=it\'s "me"'), JSON.stringify(made.Config.Env));
    const same = await podman.once('docker_image', {
      name: 'localhost/built',
      source: 'build',
      build,
      force_source: true,
    });
    assert.is(status(same), 'ok');
  });

  test('what is missing is said', async () => {
    const given = { name: 'localhost/gone' };
    assert.match(
      status(await podman.once('docker_image', given)),
      /there is no image localhost\/gone:latest: say by "source"/,
    );
    assert.match(status(await podman.once('docker_image', { ...given, source: 'local' })), /there is no image/);
    assert.is((await podman.once('docker_image', given, true)).outcome.status, 'unknown');
    assert.is(status(await podman.once('docker_image', { ...given, state: 'absent' })), 'ok');
    const load = { ...given, source: 'load', load_path: '/nowhere/x.tar' };
    assert.is((await podman.once('docker_image', load)).outcome.status, 'failed');
  });
}

const refused: readonly (readonly [Given, RegExp])[] = [
  [{ source: 'build' }, /needs "path" in "build"/],
  [{ source: 'load' }, /needs "load_path"/],
  [{ build: { path: '/x', nosuch: 1 } }, /build has no "nosuch"/],
  [{ timeout: 5 }, /use the keyword "timeout"/],
];
for (const [given, message] of refused)
  test(`${JSON.stringify(given)} is refused`, async () => {
    assert.match((await faultOf('docker_image', { name: 'i', ...given })) ?? '', message);
  });

test.run();
