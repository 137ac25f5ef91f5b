import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import { rebootHosts } from '../../lab/lab.ts';
import type { Scenario, Stage } from './scenario.ts';

const ROOT = '/usr/local/erl-target';
const NODES = ['erl1', 'erl2', 'erl3'];
const COOKIE = 'only-for-the-lab-0123456789abcdef';

/** The releases of lab/erlang; each has a step up from the one before it. */
const SECOND = ['erlang_release=mysystem2', 'erlang_version=SECOND', '{"erlang_upgrade_from":["mysystem"]}'];
const ILL = ['erlang_release=mysystem4', 'erlang_version=ILL', '{"erlang_upgrade_from":["mysystem2"]}'];
const THIRD = [
  'erlang_release=mysystem3',
  'erlang_version=THIRD',
  '{"erlang_upgrade_from":["mysystem2"],"erlang_relup_options":["restart_emulator"]}',
];
const SIMPLE = [
  'erlang-install',
  '-l',
  'erl1',
  '-e',
  'erlang_target=simple',
  '-e',
  'erlang_root=/usr/local/erl-simple',
];
const extra = (values: readonly string[]) => values.flatMap(value => ['-e', value]);

const rpc = async (stage: Stage, host: string, form: string) =>
  (await stage.on(host, `${ROOT}/bin/rpc`, `${form}.\n`)).trim();
/** Every release with what it is: `FIRST:permanent`. */
const states = async (stage: Stage, host: string) =>
  (
    await rpc(
      stage,
      host,
      'lists:flatten(lists:join(" ", [[V, ":", atom_to_list(S)] || {_, V, _, S} <- lists:sort(release_handler:which_releases())]))',
    )
  ).replaceAll('"', '');
const pid = (stage: Stage, host: string) => rpc(stage, host, 'list_to_integer(os:getpid())');
const crash = async (stage: Stage, host: string) => {
  const old = await pid(stage, host);
  await stage.on(host, `kill -9 ${old}`);
  await stage.until(`heart brings the node of ${host} back`, 90, async () => {
    const now = await pid(stage, host).catch(() => old);
    return now !== old;
  });
};
/** Processes and counters of all nodes: they tell whether somebody was restarted. */
const before = new Map<string, string>();
const remember = async (stage: Stage) => {
  for (const host of NODES) {
    await rpc(stage, host, '[pea:count() || _ <- [1, 2, 3]]');
    before.set(host, await pid(stage, host));
  }
};

export default {
  name: 'erlang',
  lab: {
    name: 'erlang',
    subnet: '10.89.0.0/24',
    hosts: ['build1', ...NODES].map(name => ({ name, kind: 'debian' as const })),
  },
  living: [`${ROOT}/log`, `${ROOT}/pipe`],

  inventory: () => `erlang-build:\n  hosts:\n    build1:\nerlang:\n  hosts:\n    erl[1:3]:\n`,

  prepare(stage) {
    stage.write(
      'group_vars/all.yml',
      `erlang_release: mysystem
erlang_version: FIRST
erlang_sources: ${join(stage.root, 'lab/erlang/mysystem')}
erlang_cookie: ${COOKIE}
erlang_config_values: { GREETING: "hello from {{ inventory_hostname }}" }
erlang_health_tasks: ${join(stage.folder, 'health.yml')}
`,
    );
    stage.write(
      'health.yml',
      `- name: pea says that it is well
  ansible.builtin.command: { cmd: "{{ erlang_root }}/bin/rpc", stdin: "true = pea:well()." }
  changed_when: false
`,
    );
  },

  steps: [
    { title: 'makes the package of the first release', play: ['erlang-build'] },
    {
      title: 'installs it on three nodes',
      play: ['erlang-install'],
      async verify(stage) {
        for (const host of NODES) {
          assert.equal(await states(stage, host), 'FIRST:permanent');
          assert.equal(await rpc(stage, host, 'application:get_env(pea, greeting)'), `{ok, "hello from ${host}"}`);
          assert.equal(await rpc(stage, host, 'length(nodes())'), '2');
          // the emulator came with the package
          assert.equal(
            await stage.on(host, 'ls -d /usr/lib/erlang 2>&1 || :'),
            "ls: cannot access '/usr/lib/erlang': No such file or directory\n",
          );
          assert.equal(await stage.on(host, `cat ${ROOT}/releases/start_erl.data`), '13.1.5 FIRST\n');
        }
      },
    },
    {
      title: 'keeps the cookie secret',
      async verify(stage) {
        for (const host of NODES) {
          assert.equal(await stage.on(host, `stat -c '%a %U' ${ROOT}/.erlang.cookie`), '400 erlang\n');
          assert.ok(
            !(await stage.on(host, 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" "\\n"')).includes(COOKIE),
          );
          assert.equal(
            await stage.on(host, `grep -rl ${COOKIE} /etc ${ROOT} /var/log /root /tmp || :`),
            `${ROOT}/.erlang.cookie\n`,
          );
          assert.match(
            await stage.on(host, `su -s /bin/sh nobody -c '${ROOT}/bin/rpc </dev/null' 2>&1 || echo refused`),
            /refused/,
          );
        }
      },
    },
    {
      title: 'installs a basic target',
      play: ['erlang-install', '-l', 'erl1', '-e', 'erlang_target=basic', '-e', 'erlang_root=/usr/local/erl-basic'],
      async verify(stage) {
        const started = await stage.on(
          'erl1',
          `/usr/local/erl-basic/bin/erl -noinput -eval 'io:format("~p~n", [[N || {N, _, _} <- application:which_applications()]]), halt().'`,
        );
        assert.equal(started, '[stdlib,kernel]\n');
      },
    },
    {
      title: 'installs a simple target, also behind a run that was cut',
      before: async stage => {
        await stage.cut("All of it is the user's", ...SIMPLE);
      },
      play: SIMPLE,
      async verify(stage) {
        const started = await stage.on(
          'erl1',
          `/usr/local/erl-simple/bin/erl -boot /usr/local/erl-simple/releases/FIRST/start -noinput -eval 'io:format("~p ~p~n", [pea:version(), [{V, S} || {_, V, _, S} <- release_handler:which_releases()]]), halt().' | tail -n 1`,
        );
        assert.equal(started, '"1.0" [{"FIRST",permanent}]\n');
      },
    },
    {
      title: 'is up again behind a reboot, and behind a crash',
      async verify(stage) {
        await rebootHosts(stage.lab, ['erl3']);
        await stage.until('the node of erl3 answers', 60, () =>
          states(stage, 'erl3').then(
            s => s === 'FIRST:permanent',
            () => false,
          ),
        );
        await crash(stage, 'erl2');
        assert.equal(await states(stage, 'erl2'), 'FIRST:permanent');
      },
    },
    { title: 'changes nothing then', play: ['erlang-install'] },
    {
      title: 'restarts a node for another sys.config, of a template',
      before: stage => {
        stage.write('sys.config.j2', '[{pea, [{greeting, "good day, {{ inventory_hostname }}"}]}].\n');
        stage.write('bad.config.j2', '[{pea, [{greeting, }]}].\n');
      },
      play: stage => ['erlang-install', '-l', 'erl2', '-e', `erlang_config_template=${stage.folder}/sys.config.j2`],
      async verify(stage) {
        assert.equal(await rpc(stage, 'erl2', 'application:get_env(pea, greeting)'), '{ok, "good day, erl2"}');
      },
    },
    {
      title: 'refuses a sys.config that no node could read',
      play: stage => ['erlang-install', '-l', 'erl2', '-e', `erlang_config_template=${stage.folder}/bad.config.j2`],
      expect: 'fails',
      says: /sys\.config, line 1: syntax error before/,
      async verify(stage) {
        assert.match(await stage.on('erl2', `cat ${ROOT}/releases/FIRST/sys.config`), /good day, erl2/);
      },
    },
    {
      title: 'takes back the sys.config',
      play: ['erlang-install'],
    },
    {
      title: 'refuses a sys.config.src that is not filled in',
      play: ['erlang-install', '-e', '{"erlang_config_values":{}}'],
      expect: 'fails',
      says: /sys\.config\.src asks for \$\{GREETING\}/,
    },
    {
      title: 'refuses another version where one is installed',
      play: ['erlang-install', ...extra(SECOND)],
      expect: 'fails',
      says: /has FIRST as its permanent release, not SECOND/,
    },
    { title: 'makes the second package, with a relup', play: ['erlang-build', ...extra(SECOND)] },
    {
      title: 'upgrades hot, one node after the other',
      play: ['erlang-upgrade', ...extra(SECOND)],
      before: remember,
      async verify(stage) {
        for (const host of NODES) {
          assert.equal(await states(stage, host), 'FIRST:old SECOND:permanent');
          assert.equal(await pid(stage, host), before.get(host), `${host} was not restarted`);
          assert.equal(
            await rpc(stage, host, '{pea:version(), pea:count()}'),
            '{"1.1", 4}',
            `${host} went on counting`,
          );
        }
      },
    },
    {
      title: 'goes back from a release that is not well, and leaves the other nodes alone',
      play: ['erlang-upgrade', ...extra(ILL)],
      expect: 'fails',
      says: /ILL was not made permanent on .*"SECOND" runs/,
      async verify(stage) {
        assert.equal(await states(stage, 'erl1'), 'FIRST:old ILL:unpacked SECOND:permanent');
        assert.equal(await rpc(stage, 'erl1', 'pea:version()'), '"1.1"');
        for (const host of ['erl2', 'erl3']) assert.equal(await states(stage, host), 'FIRST:old SECOND:permanent');
      },
    },
    {
      title: 'comes back with the permanent release from a crash before the new one is permanent',
      async verify(stage) {
        await stage.cut('The applications are those of the release', 'erlang-upgrade', ...extra(ILL), '-l', 'erl1');
        assert.equal(await states(stage, 'erl1'), 'FIRST:old ILL:current SECOND:permanent');
        await crash(stage, 'erl1');
        assert.equal(await states(stage, 'erl1'), 'FIRST:old ILL:unpacked SECOND:permanent');
      },
    },
    {
      title: 'refuses to restart an emulator without heart',
      async verify(stage) {
        await stage.tplay('erlang-build', ...extra(THIRD));
        const without = await stage.tplay('erlang-install', '-l', 'erl3', ...extra([...SECOND, 'erlang_heart=false']));
        assert.equal(without.status, 0, without.text);
        const refused = await stage.tplay('erlang-upgrade', '-l', 'erl3', ...extra(THIRD));
        assert.equal(refused.status, 2, refused.text);
        assert.match(refused.text, /restarts the emulator, and the node runs without heart/);
        const again = await stage.tplay('erlang-install', '-l', 'erl3', ...extra(SECOND));
        assert.equal(again.status, 0, again.text);
      },
    },
    {
      title: 'is finished by the next run when it was cut, and restarts the emulators under heart',
      play: ['erlang-upgrade', ...extra(THIRD)],
      async before(stage) {
        await remember(stage);
        await stage.cut('Make it permanent', 'erlang-upgrade', ...extra(THIRD));
        assert.match(await states(stage, 'erl1'), /SECOND:permanent THIRD:current/);
      },
      async verify(stage) {
        for (const host of NODES) {
          assert.match(await states(stage, host), /SECOND:old THIRD:permanent/);
          assert.notEqual(await pid(stage, host), before.get(host), `${host} has another process`);
          assert.equal(await rpc(stage, host, 'pea:version()'), '"1.2"');
          assert.equal(await stage.on(host, `cat ${ROOT}/releases/start_erl.data`), '13.1.5 THIRD');
        }
      },
    },
    {
      title: 'downgrades, and survives a reboot as that',
      play: ['erlang-downgrade', '-e', 'erlang_version=SECOND'],
      async verify(stage) {
        for (const host of NODES) assert.match(await states(stage, host), /SECOND:permanent THIRD:old/);
        await rebootHosts(stage.lab, ['erl1']);
        await stage.until('the node of erl1 answers', 60, () =>
          rpc(stage, 'erl1', 'pea:version()').then(
            v => v === '"1.1"',
            () => false,
          ),
        );
      },
    },
    {
      title: 'downgrades hot to the first one',
      play: ['erlang-downgrade', '-e', 'erlang_version=FIRST'],
      before: remember,
      async verify(stage) {
        for (const host of NODES) {
          assert.match(await states(stage, host), /FIRST:permanent/);
          assert.equal(await rpc(stage, host, '{pea:version(), pea:count()}'), '{"1.0", 4}');
          assert.equal(await pid(stage, host), before.get(host), `${host} was not restarted`);
        }
      },
    },
    {
      title: 'removes old releases when it is asked to keep one',
      play: ['erlang-downgrade', '-e', 'erlang_version=FIRST', '-e', 'erlang_keep=1'],
      async verify(stage) {
        assert.equal(await states(stage, 'erl2'), 'FIRST:permanent THIRD:old');
        assert.equal(
          await stage.on('erl2', `ls ${ROOT}/lib`),
          'kernel-8.5.3\npea-1.0\npea-1.2\nsasl-4.2\nstdlib-4.2\n',
        );
      },
    },
    {
      title: 'says which releases there are when another one is asked for',
      play: ['erlang-downgrade', '-e', 'erlang_version=ZEROTH'],
      expect: 'fails',
      says: /has no ZEROTH, only/,
    },
  ],
} satisfies Scenario as Scenario;
