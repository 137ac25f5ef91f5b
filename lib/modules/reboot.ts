import { type ArgsOf, type ArgsSchema, defineConnection, type HostDoor, type Sh, sh } from '../module.ts';
import { answered, comesBack, seconds } from './shared/reconnect.ts';

const args = {
  properties: {
    pre_reboot_delay: {
      type: 'integer',
      default: 0,
      minimum: 0,
      description: 'Seconds before it restarts, in whole minutes: fewer than 60 are none.',
    },
    post_reboot_delay: {
      type: 'integer',
      default: 0,
      minimum: 0,
      description: 'Seconds to wait after the command was taken, before the host is asked again.',
    },
    reboot_timeout: {
      type: 'integer',
      default: 600,
      minimum: 1,
      description: 'Seconds it may take to restart, and as many more until test_command succeeds.',
    },
    connect_timeout: {
      type: 'integer',
      minimum: 1,
      description: 'Seconds one try to log in may take; as for every other task unless told.',
    },
    test_command: { type: 'string', default: 'whoami', description: 'Succeeds when the host can be worked on again.' },
    msg: { type: 'string', default: 'Reboot initiated by tplay', description: 'What users of the host are told.' },
    search_paths: {
      type: 'array',
      items: { type: 'string' },
      default: ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'],
      description: 'Folders of the host in which the command is looked for; PATH is not used.',
    },
    boot_time_command: {
      type: 'string',
      default: 'cat /proc/sys/kernel/random/boot_id',
      description: 'Prints what is another text after every start of the host.',
    },
    reboot_command: {
      type: 'string',
      description:
        'The command and its words, as a shell has them, instead of shutdown (or reboot, where there is no shutdown); the delays and msg do not count then.',
    },
  },
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConnection({
  name: 'reboot',
  doc: 'Restarts the host and waits until it is back: until it tells another boot id, and a command succeeds there.',
  args,
  examples: `
- reboot:
- reboot:
    reboot_timeout: 3600
    post_reboot_delay: 10
- reboot:
    reboot_command: systemctl soft-reboot
    boot_time_command: systemctl show -p UserspaceTimestampMonotonic
`,
  returns: { rebooted: 'Whether it was restarted.', elapsed: 'Seconds until it was back.' },

  check(a) {
    if (a.reboot_command?.trim() === '') return 'reboot_command is empty; leave it out to use shutdown';
    return a.search_paths.every(path => path.startsWith('/')) ? undefined : 'search_paths are absolute paths';
  },

  inCheck: (_a, host) => (host.local ? OWN_MACHINE : { values: { rebooted: true, elapsed: 0 }, changed: true }),

  async run(a, host) {
    if (host.local) return OWN_MACHINE;
    const bootId = sh`(eval ${a.boot_time_command})`;
    const first = await host.ask(bootId);
    if ('lost' in first) return first;
    const id = first.stdout.trim();
    if (first.rc !== 0 || id === '')
      return { failed: `boot_time_command did not say when the host was started`, values: NOT_DONE, reply: first };
    const begin = host.now();
    const started = await host.ask(restart(a), { timeoutMs: a.reboot_timeout * 1000 });
    // the host may go away before it has answered
    if (!('lost' in started) && started.rc !== 0)
      return { failed: said(started.stderr) ?? 'the reboot command failed', values: NOT_DONE, reply: started };
    await host.sleep(a.post_reboot_delay * 1000);
    const minutes = a.reboot_command === undefined ? Math.floor(a.pre_reboot_delay / 60) : 0;
    const waits = { connectMs: a.connect_timeout && a.connect_timeout * 1000, restarts: true };
    const back = await comesBack(host, bootId, {
      ...waits,
      limitMs: (a.reboot_timeout + minutes * 60) * 1000,
      is: reply => reply.rc === 0 && reply.stdout.trim() !== '' && reply.stdout.trim() !== id,
    });
    const elapsed = () => seconds(host.now() - begin);
    if (back !== undefined)
      return {
        failed: `the host did not restart within ${a.reboot_timeout} s: ${answered(back, 'it is still the old start')}`,
        values: { rebooted: false, elapsed: elapsed() },
      };
    const works = await comesBack(host, sh`(eval ${a.test_command})`, {
      ...waits,
      limitMs: a.reboot_timeout * 1000,
      is: reply => reply.rc === 0,
    });
    if (works === undefined) return { values: { rebooted: true, elapsed: elapsed() }, changed: true };
    return {
      failed: `the host is back, but test_command did not succeed within ${a.reboot_timeout} s: ${answered(works, 'it fails')}`,
      values: { changed: true, rebooted: true, elapsed: elapsed() },
    };
  },
});

const NOT_DONE = { changed: false, rebooted: false, elapsed: 0 };
const OWN_MACHINE = {
  failed: 'with the connection local this would restart the machine that tplay runs on',
  values: NOT_DONE,
};

function said(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

/**
 * The command, found in search_paths only. Where there is no shutdown (busybox), reboot takes its place: after the
 * minutes, which it does not count itself, and from behind, so that the answer comes before the connection goes.
 */
function restart(a: Args): Sh {
  const own = /^\s*(\S+)([^]*)$/.exec(a.reboot_command ?? '');
  const minutes = Math.floor(a.pre_reboot_delay / 60);
  const find = sh`tp_in() { for tp_d in ${a.search_paths}; do
  if [ -f "$tp_d/$1" ] && [ -x "$tp_d/$1" ]; then tp_found=$tp_d/$1; return; fi
done; return 1; }`;
  const none = (name: string) =>
    sh`tp_error ${`there is no ${name} in ${a.search_paths.join(', ')}: name its folder in search_paths`}; exit 1`;
  if (own !== null) {
    const [, name = '', words = ''] = own;
    const path = name.startsWith('/') ? sh`tp_found=${name}` : sh`tp_in ${name} || { ${none(name)}; }`;
    return sh.lines(find, path, sh`eval ${`"$tp_found"${words}`}`);
  }
  return sh.lines(
    find,
    sh`if tp_in shutdown; then "$tp_found" -r -- ${minutes} ${a.msg}`,
    sh`elif tp_in reboot; then (trap '' HUP; sleep ${Math.max(1, minutes * 60)}; exec "$tp_found") >/dev/null 2>&1 &`,
    sh`else ${none('shutdown')}`,
    sh`fi`,
  );
}
