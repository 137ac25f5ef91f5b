import * as assert from 'node:assert/strict';
import { type Asked, Client } from '../../lab/zato/client.ts';
import { components, makeCluster, publish } from '../../lab/zato/cluster.ts';
import type { Scenario, Stage } from './scenario.ts';

/** A cluster of three servers behind HAProxy is updated while a client asks all the time; see docs/guides/zato.md. */
let client: Client | undefined;
let pids: readonly string[] = [];
let since = 0;

const servers = (name: string, path = name) =>
  `{ zato_servers: [{ name: ${name}, path: /opt/zato/env/${path}, port: 17010 }] }`;

const inventory = `all:
  vars:
    zato_version_file: VERSION
    zato_balancer_socket: /opt/zato/env/load-balancer/admin.sock
  children:
    zato-web-admin: { hosts: { admin1: } }
    zato-servers:
      hosts:
        srv1: ${servers('server1')}
        srv2: ${servers('server2')}
        srv3: ${servers('server3')}
    zato-balancer: { hosts: { lb1: } }
    zato-scheduler: { hosts: { sched1: } }
`;

interface Typed {
  readonly at: number;
  readonly component: string;
  readonly words: string;
}

/** What was typed for all components since the step began, in order. */
async function typed(stage: Stage): Promise<readonly Typed[]> {
  const all = await Promise.all(
    components.map(async ({ host, name }) => {
      const log = await stage.on(host, `cat /opt/zato/env/${name}/commands.log`);
      return log
        .trim()
        .split('\n')
        .map(line => ({ at: Number(line.split(' ')[0]) * 1000, component: name, words: line.replace(/^\S+ /, '') }));
    }),
  );
  return all
    .flat()
    .filter(one => one.at > since)
    .sort((a, b) => a.at - b.at);
}

/** Which process each component is. */
async function running(stage: Stage): Promise<readonly string[]> {
  return Promise.all(
    components.map(async ({ host, name }) => {
      const pid = await stage.on(host, `p=$(cat /opt/zato/env/${name}/pidfile) && kill -0 $p && echo $p`);
      return `${name} ${pid.trim()}`;
    }),
  );
}

/** The versions that the client and each server say. */
async function versions(stage: Stage): Promise<readonly string[]> {
  const all = await Promise.all(
    components
      .filter(one => one.name.startsWith('server'))
      .map(({ host }) =>
        stage.on('lb1', `printf 'GET /work HTTP/1.0\\r\\n\\r\\n' | socat -t 10 - TCP:${stage.address(host)}:17010`),
      ),
  );
  return all.map(text => text.trim().split('\n').at(-1)?.split(' ')[0] ?? '');
}

async function remember(stage: Stage): Promise<void> {
  pids = await running(stage);
  since = Date.now();
}

async function asBefore(stage: Stage): Promise<void> {
  assert.deepEqual(await running(stage), pids, 'no component was restarted');
  assert.deepEqual(await typed(stage), []);
}

/** Requests fail at most while the load balancer itself is stopped and started, as the guide has it. */
function judge(asked: readonly Asked[], commands: readonly Typed[]): void {
  const balancer = commands.filter(one => one.component === 'load-balancer');
  const from = balancer[0]?.at ?? Number.POSITIVE_INFINITY;
  const to = (balancer.at(-1)?.at ?? 0) + 500;
  const failed = asked.filter(one => one.fault !== undefined);
  const lost = failed.filter(one => one.ended < from || one.began > to);
  assert.deepEqual(lost.slice(0, 5), [], `${lost.length} of ${asked.length} requests failed`);
  assert.ok(asked.filter(one => one.ended < from).length > 200, `only ${asked.length} requests`);
}

function order(commands: readonly Typed[], names: readonly string[]): void {
  const expected = names.flatMap(name => {
    const sync = name.startsWith('server') ? ' --sync-internal' : '';
    const path = `/opt/zato/env/${name}`;
    return [`stop ${path}`, 'done stop', `start ${path}${sync}`, 'done start'].map(words => `${name}: ${words}`);
  });
  assert.deepEqual(
    commands.map(one => `${one.component}: ${one.words}`),
    expected,
  );
}

function zato(what: 'start' | 'stop', name: string): string {
  return `runuser -u zato -- /opt/zato/current/bin/zato ${what} /opt/zato/env/${name}`;
}

const ALL = components.map(one => one.name);

export default {
  name: 'zato',
  lab: {
    name: 'zato',
    subnet: '10.90.0.0/24',
    hosts: components.map(({ host }) => ({ name: host, kind: 'debian' as const })),
  },
  inventory: () => inventory,
  prepare: stage => makeCluster(stage.lab, stage.on, stage.root),
  async finish() {
    await client?.stop();
  },
  // the sample's own notes and sockets
  living: components.map(({ name }) => `/opt/zato/env/${name}`),
  steps: [
    {
      title: 'nothing new: nothing is restarted',
      before: async stage => {
        await stage.until('all components run', 60, async () => (await running(stage).catch(() => [])).length > 0);
        await stage.until(
          'the servers answer',
          60,
          async () => (await versions(stage).catch(() => ['']))[2] === '3.2.0',
        );
        await remember(stage);
      },
      play: ['zato-update'],
      verify: asBefore,
      verifySecond: asBefore,
    },
    {
      title: 'an update restarts one component after the other, and no request fails',
      async before(stage) {
        await publish(stage.on, '3.2.1');
        await remember(stage);
      },
      async beforeRun(stage) {
        await asBefore(stage);
        client = new Client(`http://${stage.address('lb1')}:11223/work`);
      },
      play: ['zato-update'],
      async verify(stage) {
        const asked = (await client?.stop()) ?? [];
        const commands = await typed(stage);
        order(commands, ALL);
        judge(asked, commands);
        assert.deepEqual(await versions(stage), ['3.2.1', '3.2.1', '3.2.1']);
        await remember(stage);
      },
      verifySecond: asBefore,
    },
    {
      title: 'a run that was cut before the update was installed is finished by the next one',
      async before(stage) {
        await publish(stage.on, '3.2.2');
        await remember(stage);
        await stage.cut('Read what is installed', 'zato-update');
        await asBefore(stage);
      },
      play: ['zato-update'],
      async verify(stage) {
        order(await typed(stage), ALL);
        assert.deepEqual(await versions(stage), ['3.2.2', '3.2.2', '3.2.2']);
      },
    },
    {
      title: 'a run that was cut while a server was down is finished by the next one',
      async before(stage) {
        await publish(stage.on, '3.2.3');
        await remember(stage);
        await stage.cut('Start the server', 'zato-update');
        since = Date.now();
      },
      play: ['zato-update'],
      async verify(stage) {
        assert.deepEqual(await versions(stage), ['3.2.3', '3.2.3', '3.2.3']);
        const started = (await typed(stage)).filter(one => one.words.startsWith('start ')).map(one => one.component);
        assert.deepEqual(started, ALL.slice(1), 'the web-admin was restarted by the run that was cut');
        await remember(stage);
      },
      verifySecond: asBefore,
    },
    {
      title: 'files that somebody changed on a host are named, and nothing is restarted',
      async before(stage) {
        await publish(stage.on, '3.2.4');
        await stage.on('srv2', 'echo mine >>/opt/zato/current/code/server.pl');
        await remember(stage);
      },
      play: ['zato-update'],
      expect: 'fails',
      says: /srv2 failed.*\n.*local modifications in \/opt\/zato\/current: code\/server\.pl/,
      async verify(stage) {
        await asBefore(stage);
        await stage.on('srv2', 'runuser -u zato -- git -C /opt/zato/current checkout -q -- .');
      },
    },
    {
      title: 'a server that is down stops the run before another one is stopped',
      async before(stage) {
        await publish(stage.on, '3.2.5');
        assert.equal((await stage.tplay('zato-update', '-l', 'srv3')).status, 0);
        await stage.on('srv3', zato('stop', 'server3'));
        since = Date.now();
      },
      play: ['zato-update'],
      expect: 'fails',
      says: /server3 of srv3 does not answer/,
      async verify(stage) {
        order(await typed(stage), ['web-admin']);
        await stage.on('srv3', zato('start', 'server3'));
      },
    },
    {
      title: 'when it is up again the other servers are restarted, with -t servers only they',
      before: stage =>
        stage.until('server3 answers', 30, async () => (await versions(stage).catch(() => []))[2] === '3.2.5'),
      async beforeRun() {
        since = Date.now();
      },
      play: ['zato-update', '-t', 'servers'],
      verify: async stage => order(await typed(stage), ['server1', 'server2']),
    },
    {
      title: 'an update that cannot be installed restarts nothing',
      async before(stage) {
        await publish(stage.on, '3.2.6', "printf '#!/bin/sh\\necho no space left >&2\\nexit 1\\n' >update.sh");
        await remember(stage);
      },
      play: ['zato-update'],
      expect: 'fails',
      says: /no space left/,
      verify: asBefore,
    },
    {
      title: 'another major version is no update: the code stays as it is',
      async before(stage) {
        await publish(stage.on, '4.0.0', 'git checkout -q HEAD~1 -- update.sh');
        await remember(stage);
      },
      play: ['zato-update'],
      expect: 'fails',
      says: /has version 3\.2\.6, and what came is 4\.0\.0/,
      async verify(stage) {
        await asBefore(stage);
        assert.equal(await stage.on('srv1', 'cat /opt/zato/current/VERSION'), '3.2.6\n');
      },
    },
  ],
} satisfies Scenario as Scenario;
