import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ssh2';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { $ } from 'zx';
import * as lab from '../../lab/lab.ts';
import { isInit } from '../../lab/processes.ts';

const missing = lab.labMissing();
if (missing.length > 0) process.stdout.write(`skipped, no lab here:\n  ${missing.join('\n  ')}\n`);
const onLab = missing.length > 0 ? test.skip : test;

const NAME = 'labtest';
const SUBNET = '10.79.0.0/24';
const spec: lab.LabSpec = {
  name: NAME,
  subnet: SUBNET,
  hosts: [
    { name: 'plain', kind: 'debian' },
    { name: 'person', kind: 'user' },
    { name: 'hidden', kind: 'debian', behind: 'plain' },
    { name: 'small', kind: 'busybox' },
  ],
  shares: [{ path: '/mnt/both', hosts: ['plain', 'small'] }],
};
const quiet = $({ quiet: true, nothrow: true });

async function on(host: string, command: string, input = '') {
  const ended = await quiet({ input })`${lab.sshArgv({ name: NAME }, host)} -o BatchMode=yes ${command}`;
  return { status: ended.exitCode, stdout: ended.stdout.trim(), stderr: ended.stderr.trim() };
}

async function inits(): Promise<(number | undefined)[]> {
  return (await lab.labStatus(NAME)).map(host => host.pid);
}

test.before(async () => {
  if (missing.length > 0) return;
  // of a run that was killed
  await lab.labDown(NAME);
  await lab.labUp(spec);
});

test.after(async () => {
  if (missing.length === 0) await lab.labDown(NAME);
});

onLab('each host is a machine of its own: name, address, systemd as PID 1', async () => {
  const host = await on(
    'plain',
    'hostname; cat /proc/1/comm; ip -4 -o address show eth0; systemctl is-system-running --wait',
  );
  assert.match(host.stdout, /^plain\nsystemd\n.*10\.79\.0\.11\/24.*\nrunning$/s);
  assert.is((await on('person', 'hostname; id -un')).stdout, 'person\ndeploy');
});

onLab('what one host writes into a shared folder, the other reads, and a third has no such folder', async () => {
  assert.is((await on('plain', 'echo from plain >/mnt/both/note')).status, 0);
  assert.is((await on('small', 'cat /mnt/both/note')).stdout, 'from plain');
  assert.is((await on('person', 'ls /mnt')).stdout, '');
});

onLab('a host has no Python', async () => {
  const found = await on('plain', 'command -v python python2 python3; ls /usr/lib | grep -i "^python"');
  assert.is(found.stdout, '');
});

onLab('each host has ssh keys and a cgroup of its own', async () => {
  const keys = ['plain', 'person'].map(name =>
    readFileSync(`${lab.hostRoot({ name: NAME }, name)}/etc/ssh/ssh_host_ed25519_key.pub`, 'utf8'),
  );
  assert.is.not(keys[0], keys[1]);
  await on('plain', 'systemctl stop cron');
  assert.is((await on('person', 'systemctl is-active cron')).stdout, 'active');
  await on('plain', 'systemctl start cron');
});

onLab('apt-get install works', async () => {
  await on('plain', 'apt-get -qq update');
  const installed = await on(
    'plain',
    'DEBIAN_FRONTEND=noninteractive apt-get -qq install -y hello >/dev/null 2>&1; hello -t',
  );
  assert.is(installed.stdout, 'hello, world');
});

onLab('the ways to root of a user host: sudo with a password, sudo without one, su', async () => {
  assert.is((await on('person', 'sudo -n id -u')).status, 1);
  assert.is((await on('person', "sudo -S -p '' id -u", `${lab.labPasswords.deploy}\n`)).stdout, '0');
  assert.is((await on('person', 'su -c "id -u"', `${lab.labPasswords.root}\n`)).stdout, '0');
  const ops = await quiet`${lab.sshArgv({ name: NAME }, 'person')} -l ops sudo -n id -u`;
  assert.is(ops.stdout, '0\n');
  const root = await quiet`${lab.sshArgv({ name: NAME }, 'person')} -l root -o BatchMode=yes true`;
  assert.is(root.exitCode, 255);
});

onLab('a user host lets deploy in by password', async () => {
  const client = new Client();
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).once('error', reject);
    client.connect({ host: '10.79.0.12', username: 'deploy', password: lab.labPasswords.deploy });
  });
  client.end();
});

onLab('a busybox host has sh and no tool of GNU, no bash, no sftp, no systemd, and reboots', async () => {
  const tools =
    'ls -l $(command -v sh ls base64 stat) | grep -vc busybox; command -v bash systemctl perl; find / -xdev -name "*sftp*"';
  assert.is((await on('small', tools)).stdout, '0');
  await on('small', 'touch /srv/kept');
  await lab.rebootHosts({ name: NAME }, ['small']);
  assert.is((await on('small', 'hostname; ls /srv')).stdout, 'small\nkept');
});

onLab('a host behind another is reached only through it', async () => {
  const direct = await quiet`bash -c ${'exec 3<>/dev/tcp/10.79.0.13/22'}`;
  assert.is.not(direct.exitCode, 0);
  assert.is((await on('hidden', 'hostname')).stdout, 'hidden');
});

onLab('a file made in a host is in its root here, survives a reboot, and goes with a reset', async () => {
  const file = `${lab.hostRoot({ name: NAME }, 'plain')}/srv/here`;
  await on('plain', 'touch /srv/here');
  const boot = await on('plain', 'cat /proc/sys/kernel/random/boot_id');
  await lab.rebootHosts({ name: NAME }, ['plain']);
  assert.is.not((await on('plain', 'cat /proc/sys/kernel/random/boot_id')).stdout, boot.stdout);
  assert.ok(existsSync(file));
  await lab.resetHosts({ name: NAME }, ['plain']);
  assert.is((await on('plain', 'ls /srv')).stdout, '');
  assert.not.ok(existsSync(file));
});

onLab('reboot works when a person types it', async () => {
  const boot = await on('plain', 'cat /proc/sys/kernel/random/boot_id; systemctl reboot');
  const until = Date.now() + 30_000;
  let now = boot.stdout;
  while (now === '' || boot.stdout.startsWith(now)) {
    assert.ok(Date.now() < until, 'plain did not come back');
    await sleep(200);
    now = (await on('plain', 'cat /proc/sys/kernel/random/boot_id')).stdout;
  }
});

onLab('up twice is harmless and quick', async () => {
  const before = await inits();
  const began = Date.now();
  await lab.labUp(spec);
  assert.equal(await inits(), before);
  assert.ok(Date.now() - began < 10_000, `took ${Date.now() - began} ms`);
});

onLab('up repairs a host whose systemd-nspawn was killed, and only that one', async () => {
  await on('plain', 'touch /srv/kept; sync');
  const before = await inits();
  process.kill(Number(readFileSync(`/proc/${before[0]}/stat`, 'utf8').split(' ')[3]), 'SIGKILL');
  await sleep(200);
  assert.is((await lab.labStatus(NAME))[0]?.up, false);
  await lab.labUp(spec);
  const after = await inits();
  assert.is.not(after[0], before[0]);
  assert.equal(after.slice(1), before.slice(1));
  assert.is((await on('plain', 'ls /srv')).stdout, 'kept');
});

onLab('up repairs a lab of which a dead session left only the mounts', async () => {
  for (const pid of await inits()) if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await sleep(300);
  await quiet`ip link delete ${`t-${NAME}-11`}`;
  await quiet`ip link delete ${`t-${NAME}`}`;
  await lab.labUp(spec);
  assert.ok((await lab.labStatus(NAME)).every(host => host.up));
  assert.is((await on('hidden', 'hostname')).stdout, 'hidden');
});

onLab('up with another list removes the hosts that are not on it', async () => {
  const less = await lab.labUp({ ...spec, hosts: spec.hosts.slice(0, 2), shares: [] });
  assert.equal(
    less.hosts.map(host => host.name),
    ['plain', 'person'],
  );
  assert.equal(
    (await lab.labStatus(NAME)).map(status => status.up),
    [true, true],
  );
  assert.is((await quiet`iptables -S OUTPUT`).stdout.includes('10.79.0.13'), false);
});

onLab('down leaves no mount, namespace, link, rule, cgroup, process or file', async () => {
  const pids = await inits();
  await lab.labDown(NAME);
  assert.not.match(readFileSync('/proc/mounts', 'utf8'), NAME);
  assert.not.ok(readdirSync('/run/netns').some(name => name.includes(NAME)));
  assert.not.ok(readdirSync('/sys/class/net').some(name => name.includes(NAME)));
  assert.not.match((await quiet`iptables-save`).stdout, NAME);
  assert.not.match(readFileSync('/proc/mounts', 'utf8'), `tplay-lab/${NAME}`);
  assert.is((await quiet`find /sys/fs/cgroup -maxdepth 3 -name ${NAME}`).stdout, '');
  assert.not.ok(pids.some(pid => existsSync(`/proc/${pid}/root/etc`)));
  assert.not.ok(existsSync(`/var/lib/tplay-lab/${NAME}`));
  assert.equal(await lab.labStatus(NAME), []);
  assert.is(lab.labOpen(NAME), undefined);
});

test('the first process of a container within a host is not taken for that of the host', () => {
  const status = (numbers: string) => `Name:\tinit\nNSpid:\t${numbers}\nNSpgid:\t1\n`;
  assert.equal(
    ['812\t1', '700\t340\t1', '813\t17', '1'].map(n => isInit(status(n))),
    [true, false, false, false],
  );
});

test('a spec that cannot be is refused with what to change', async () => {
  const up = (change: Partial<lab.LabSpec>) =>
    lab.labUp({ ...spec, shares: [], ...change }).then(
      () => 'no error',
      (error: Error) => error.message,
    );
  assert.match(await up({ name: 'much-too-long' }), /lab name "much-too-long" is not 1 to 9/);
  assert.match(await up({ subnet: '10.79.0.0/16' }), /subnet 10\.79\.0\.0\/16 is not like/);
  assert.match(await up({ hosts: [{ name: 'a', kind: 'debian', behind: 'b' }] }), /behind b, which is no host/);
  const twice = [{ name: 'a', kind: 'debian' } as const, { name: 'a', kind: 'user' } as const];
  assert.match(await up({ hosts: twice }), /two hosts of the lab have the name a/);
  assert.match(await up({ shares: [{ path: '/srv/x', hosts: ['b'] }] }), /\/srv\/x is shared with b, which is no host/);
  assert.match(await up({ shares: [{ path: '/srv/../x', hosts: [] }] }), /"\/srv\/\.\.\/x" is not an absolute path/);
  assert.match(
    await up({ hosts: [{ name: 'a', kind: 'debian', address: '10.80.0.1' }] }),
    /address 10\.80\.0\.1 of a is not/,
  );
});

test.run();
