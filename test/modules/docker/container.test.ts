import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../../skip.ts';
import { faultOf, type Given, Podman, podmanMissing, type Ran } from './podman.ts';

const test = suite('docker_container');
const why = podmanMissing();
let podman: Podman;

const image = 'localhost/tiny:1';
const status = ({ outcome }: Ran) => (outcome.status === 'failed' ? outcome.message : outcome.status);
const changes = ({ outcome }: Ran) => (outcome.status === 'changed' ? Object.keys(outcome.diff?.state ?? {}) : []);

/** Dry, changed and then right in one round trip. */
async function reaches(given: Given): Promise<Ran> {
  const { check, first, second } = await podman.task('docker_container', { name: 'c', image, ...given });
  assert.is(status(check), 'changed');
  assert.is(status(first), 'changed');
  assert.is(status(second), 'ok', JSON.stringify(second.outcome));
  assert.is(second.frames, 1);
  assert.equal(changes(check), changes(first));
  return first;
}

if (why !== undefined) skipped('containers by podman', why);
else {
  test.before(() => {
    podman = new Podman();
  });
  test.after(async () => await podman[Symbol.asyncDispose]());
  test.after.each(() => void podman.run('rm', '-a', '-f', '-t', '0'));

  test('a container is made, started, stopped and removed', async () => {
    await reaches({});
    assert.is(podman.inspect('c').State.Status, 'running');
    await reaches({ state: 'stopped', stop_timeout: 0 });
    await reaches({ state: 'absent' });
    assert.is(podman.run('ps', '-aq'), '');
  });

  test('every option that inspect shows is compared', async () => {
    const all = {
      state: 'present',
      auto_remove: false,
      blkio_weight: 0,
      cap_drop: ['mknod'],
      capabilities: ['NET_ADMIN'],
      command: 'sh -c "echo \'a b\'"',
      cpu_shares: 512,
      devices: ['/dev/null:/dev/x:r'],
      dns_opts: ['ndots:1'],
      dns_search_domains: ['example.org'],
      dns_servers: ['192.0.2.1'],
      entrypoint: ['/bin/busybox', 'time'],
      env: { A: 'x y', B: 'q\'"$(touch /tmp/no)', LINES: 'a\nb\n', EMPTY: '', NUMBER: 5, YES: true },
      etc_hosts: { db: '192.0.2.2' },
      exposed_ports: ['99', '98/udp'],
      groups: ['7'],
      healthcheck: { test: ['CMD', 'true', 'a b'], interval: '1m30s', timeout: '5s', retries: 2, start_period: '1s' },
      hostname: 'h',
      init: false,
      interactive: true,
      labels: { a: 'b c', 'x.y/z': '"' },
      log_driver: 'k8s-file',
      memory: '64M',
      memory_swap: '128M',
      mounts: [
        { type: 'bind', source: '/usr', target: '/u', read_only: true },
        { type: 'tmpfs', target: '/m' },
      ],
      network_mode: 'bridge',
      oom_score_adj: 5,
      pids_limit: 50,
      privileged: false,
      read_only: true,
      restart_policy: 'on-failure',
      restart_retries: 3,
      security_opts: ['no-new-privileges'],
      shm_size: '32M',
      stop_signal: 'SIGINT',
      stop_timeout: 3,
      sysctls: { 'kernel.shm_rmid_forced': 1 },
      tmpfs: ['/t:size=1m'],
      tty: true,
      ulimits: ['nofile:100:200'],
      user: '1:2',
      volumes: ['/tmp:/data:ro', 'vol:/v', '/anonymous'],
      working_dir: '/bin/',
    };
    await reaches(all);
    for (const [name, value] of Object.entries({
      hostname: 'g',
      memory: '65M',
      env: { A: 'other' },
      volumes: ['/tmp:/data'],
      restart_policy: 'always',
      command: ['sh'],
      ulimits: ['nofile:100:201'],
      labels: { a: 'c' },
      sysctls: { 'kernel.shm_rmid_forced': 0 },
    })) {
      const { restart_retries, ...others } = all;
      const given = name === 'restart_policy' ? others : { ...others, restart_retries };
      const ran = await podman.once('docker_container', { name: 'c', image, ...given, [name]: value }, true);
      assert.equal(changes(ran).includes(name), true, name);
    }
  });

  test('published ports are compared with ranges and addresses', async () => {
    const ports = ['18080:80', '127.0.0.1:18100-18102:90-92/udp', '70'];
    await reaches({ state: 'present', network_mode: 'bridge', published_ports: ports });
    const other = { name: 'c', image, state: 'present', network_mode: 'bridge', published_ports: ['18081:80'] };
    assert.equal(changes(await podman.once('docker_container', other, true)), ['published_ports']);
    const fewer = { ...other, published_ports: ['18080:80'] };
    assert.is(status(await podman.once('docker_container', fewer, true)), 'ok');
    const strict = { ...fewer, comparisons: { published_ports: 'strict' } };
    assert.is(status(await podman.once('docker_container', strict, true)), 'changed');
  });

  test('another option makes it anew, and one that cannot be leaves the old one running', async () => {
    await reaches({ env: { A: '1' } });
    const { Id } = podman.inspect('c');
    const bad = await podman.once('docker_container', {
      name: 'c',
      image,
      env: { A: '2' },
      security_opts: ['nonsense=1'],
    });
    assert.is(bad.outcome.status, 'failed');
    assert.is(podman.inspect('c').Id, Id);
    assert.is(podman.inspect('c').State.Status, 'running');
    await reaches({ env: { A: '2' } });
    assert.is.not(podman.inspect('c').Id, Id);
    assert.is(podman.inspect('c').State.Status, 'running');
  });

  test('the beginning of an id is no name', async () => {
    podman.run('create', '--name', 'other', image);
    const name = String(podman.inspect('other').Id).slice(0, 2);
    assert.is(status(await podman.once('docker_container', { name, state: 'absent' })), 'ok');
    assert.is(podman.run('ps', '-a', '--format', '{{.Names}}'), 'other\n');
    const short = String(podman.inspect('other').Id).slice(0, 12);
    assert.is(status(await podman.once('docker_container', { name: short, state: 'absent' })), 'changed');
  });

  test('an empty command or entrypoint leaves what the image runs', async () => {
    await reaches({ state: 'present', command: ['sleep', '5'] });
    await reaches({ state: 'present', command: [] });
    await reaches({ state: 'present', entrypoint: ['sh', '-c'], command: ['sleep 5'] });
    await reaches({ state: 'present', entrypoint: [] });
    assert.equal([podman.inspect('c')['Path'], podman.inspect('c')['Args']], ['/bin/sleep', ['1000']]);
    const given = { name: 'c', image: 'localhost/none:1', state: 'present', entrypoint: [] };
    assert.match(status(await podman.once('docker_container', given)), /needs "command"/);
  });

  test('a variable that is given comes on top of those of the image', async () => {
    await reaches({ state: 'present', env: { FROM: 'me' } });
    await reaches({ state: 'present', env: { A: '1' } });
    const strict = { name: 'c', image, state: 'present', env: { A: '1' }, comparisons: { env: 'strict' } };
    for (const image_comparison of ['desired-image', 'current-image'])
      assert.is(status(await podman.once('docker_container', { ...strict, image_comparison }, true)), 'ok');
  });

  test('in a strict comparison the image has ports, volumes and labels of its own', async () => {
    podman.makeImage('localhost/more:1', 'EXPOSE 70', 'VOLUME /kept');
    const given = { image: 'localhost/more:1', state: 'present', network_mode: 'bridge' };
    const wanted = { exposed_ports: ['71'], volumes: ['/tmp:/t'], labels: { a: 'b' }, published_ports: ['18090:72'] };
    const comparisons = { exposed_ports: 'strict', volumes: 'strict', labels: 'strict' };
    await reaches({ ...given, ...wanted, comparisons });
    const fewer = { ...given, ...wanted, exposed_ports: [], comparisons };
    assert.equal(changes(await podman.once('docker_container', { name: 'c', ...fewer }, true)), ['exposed_ports']);
  });

  test('a look at the health is taken away', async () => {
    await reaches({ state: 'present', healthcheck: { test: ['CMD', 'true'], interval: '1m' } });
    await reaches({ state: 'present', healthcheck: { test: ['NONE'], interval: '1m' } });
  });

  test('stop_timeout is compared where comparisons say so, and swap without limit is one', async () => {
    await reaches({ state: 'present', memory: '64M', memory_swap: '-1', stop_timeout: 3 });
    const other = { name: 'c', image, state: 'present', stop_timeout: 4 };
    assert.is(status(await podman.once('docker_container', other)), 'ok');
    assert.is(status(await podman.once('docker_container', { ...other, comparisons: { '*': 'strict' } })), 'changed');
  });

  test('what a cut run left is removed', async () => {
    podman.run('create', '--name', 'c.tplay-new', image);
    await reaches({ state: 'present' });
    assert.is(podman.run('ps', '-a', '--format', '{{.Names}}'), 'c\n');
  });

  test('drift is repaired: a container of somebody else with other options', async () => {
    podman.run('run', '-d', '--name', 'c', '--hostname', 'other', image);
    const first = await reaches({ hostname: 'mine' });
    assert.equal(changes(first), ['hostname']);
  });

  test('a newer image makes it anew unless it is ignored', async () => {
    podman.makeImage('localhost/moving:1');
    await reaches({ image: 'localhost/moving:1', state: 'present' });
    podman.makeImage('localhost/moving:1', 'ENV NEW=1');
    const given = { name: 'c', image: 'localhost/moving:1', state: 'present' };
    assert.is(
      status(await podman.once('docker_container', { ...given, comparisons: { image: 'ignore' } }, true)),
      'ok',
    );
    assert.is(status(await podman.once('docker_container', { ...given, ignore_image: true }, true)), 'ok');
    await reaches(given);
  });

  test('a process is waited for, and its failure is one of the task', async () => {
    const run = { name: 'c', image, detach: false, command: ['sh', '-c', 'echo "out $A"; exit 3'], env: { A: 'v' } };
    const failed = await podman.once('docker_container', run);
    assert.match(status(failed), /c ended with 3: out v/);
    const good = await podman.once('docker_container', { ...run, command: ['sh', '-c', 'echo "$A"'], cleanup: true });
    assert.is(good.outcome.status, 'changed');
    const { container, status: code } = ('values' in good.outcome ? good.outcome.values : {}) as Given;
    assert.equal([(container as Given)['Output'], code], ['v\n', 0]);
    assert.is(podman.run('ps', '-aq'), '');
  });

  test('restart and recreate are done each time', async () => {
    await reaches({});
    const { Id } = podman.inspect('c');
    const restarted = await podman.once('docker_container', {
      name: 'c',
      restart: true,
      stop_timeout: 0,
    });
    assert.is(status(restarted), 'changed');
    assert.is(podman.inspect('c').Id, Id);
    assert.is(
      status(await podman.once('docker_container', { name: 'c', image, recreate: true, force_kill: true })),
      'changed',
    );
    assert.is.not(podman.inspect('c').Id, Id);
  });

  test('no value of the environment is an argument of a program, or shown', async () => {
    const env = { SECRET: 'hunter2', LINES: 'hunter3\nx' };
    const ran = await reaches({ state: 'present', env });
    assert.not.match(JSON.stringify(ran.outcome), /hunter/);
    const { outcome } = await podman.once('docker_container', { name: 'c', image, state: 'present', env });
    const { container } = ('values' in outcome ? outcome.values : {}) as { container: { Config: { Env: string[] } } };
    assert.equal(container.Config.Env.filter(line => /^(SECRET|LINES|FROM)=/.test(line)).sort(), [
      'FROM=image',
      'LINES=***',
      'SECRET=***',
    ]);
    const made = podman.inspect('c') as { Config?: { CreateCommand?: readonly string[]; Env?: readonly string[] } };
    assert.not.match(JSON.stringify(made.Config?.CreateCommand), /hunter/);
    assert.ok(made.Config?.Env?.includes('SECRET=hunter2'));
  });

  test('env_file is read on the host, and env is stronger', async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${podman.folder}/env`, '# a comment\nA=file\nB=file\n\n');
    const ran = await reaches({ state: 'present', env_file: `${podman.folder}/env`, env: { B: 'own' } });
    assert.not.match(JSON.stringify(ran.outcome), /=file|=own/);
  });

  test('there is no container, and no image to make it of', async () => {
    const none = await podman.once('docker_container', { name: 'gone' });
    assert.match(status(none), /there is no container gone: give the image/);
    assert.is(status(await podman.once('docker_container', { name: 'gone', state: 'absent' })), 'ok');
  });

  test('a daemon that does not answer is no container that is absent', async () => {
    const ran = await podman.once('docker_container', {
      name: 'c',
      state: 'absent',
      docker_host: `unix://${podman.folder}/nowhere`,
    });
    assert.match(status(ran), /connect/);
    const image = await podman.once('docker_image', {
      name: 'c',
      state: 'absent',
      docker_host: `unix://${podman.folder}/nowhere`,
    });
    assert.match(status(image), /connect/);
  });

  test('a host without docker and podman says what to install', async () => {
    const ran = await podman.once('docker_container', {
      name: 'c',
      image,
      engine: 'docker',
      docker_host: 'unix:///nowhere',
    });
    assert.is(ran.outcome.status, 'failed');
  });
}

const refused: readonly (readonly [Given, RegExp])[] = [
  [{ kernel_memory: '1G' }, /kernel_memory/],
  [{ memory: 'much' }, /memory: "much" is no size/],
  [{ published_ports: ['a:b'] }, /"a:b" is no port/],
  [{ volumes: ['./a:/b'] }, /from the root on/],
  [{ restart_retries: 3 }, /restart_retries needs/],
  [{ comparisons: { envv: 'strict' } }, /no option "envv"/],
  [{ comparisons: { hostname: 'allow_more_present' } }, /hostname is strict or ignore/],
  [{ cleanup: true }, /cleanup needs detach: false/],
  [{ timeout: 5 }, /use the keyword "timeout"/],
  [{ healthcheck: { tests: 'x' } }, /healthcheck has no "tests"/],
  [{ mounts: [{ type: 'bind', target: '/x' }] }, /a bind has an absolute path/],
  [{ env: { 'a b': '' } }, /"a b" is no name of a variable/],
  [{ name: '-rf' }, /a name has letters/],
];
for (const [given, message] of refused)
  test(`${JSON.stringify(given)} is refused`, async () => {
    assert.match((await faultOf('docker_container', { name: 'c', image, ...given })) ?? '', message);
  });

test.run();
