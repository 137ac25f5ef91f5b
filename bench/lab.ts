import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, labMissing, labUp } from '../lab/lab.ts';
import { median, spread } from './median.ts';

/**
 * `npm run bench -- lab`: 20 lab hosts that are converged already, facts on, 13 tasks; tplay, a plain parallel loop of
 * `ssh host sh < script` doing the same, and ansible-playbook with pipelining: in turn, five times, medians.
 */
const HOSTS = 20;
const RUNS = 5;
const root = fileURLToPath(new URL('../../', import.meta.url));

interface Contestant {
  readonly name: string;
  run(): Promise<void>;
}

/** Runs a program to its end; what it prints goes to a file that is shown when it fails. */
async function program(
  argv: readonly string[],
  options: { log: string; stdin?: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  const log = openSync(options.log, 'w');
  const input = options.stdin === undefined ? 'ignore' : openSync(options.stdin, 'r');
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: [input, log, log], cwd: root, env: { ...process.env, ...options.env } });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  closeSync(log);
  if (typeof input === 'number') closeSync(input);
  if (code !== 0)
    throw new Error(`${argv.join(' ')} ended with ${code}:\n${readFileSync(options.log, 'utf8').slice(-3000)}`);
}

function inventory(lab: Lab): string {
  const hosts = lab.hosts.map(h => `    ${h.name}: { ansible_host: ${h.address} }`).join('\n');
  return `all:
  vars:
    ansible_user: root
    ansible_ssh_private_key_file: ${lab.privateKey}
    ansible_ssh_common_args: -o UserKnownHostsFile=${lab.knownHosts}
    ansible_python_interpreter: /usr/bin/python3
  hosts:
${hosts}
`;
}

function contestants(lab: Lab): readonly Contestant[] {
  const dir = mkdtempSync(join(tmpdir(), 'tplay-bench-'));
  const hosts = join(dir, 'hosts.yml');
  writeFileSync(hosts, inventory(lab));
  const playbook = join(root, 'bench/converged.yml');
  const ansible = {
    ANSIBLE_PIPELINING: '1',
    ANSIBLE_FORKS: String(HOSTS),
    ANSIBLE_LOCALHOST_WARNING: '0',
  };
  const loop = lab.hosts.map(h => ['ssh', '-F', lab.sshConfig, h.name, 'sh']);
  return [
    {
      name: 'tplay',
      run: () =>
        program([process.execPath, join(root, 'bin/tplay.js'), 'run', playbook, '-i', hosts, '--output', 'plain'], {
          log: join(dir, 'tplay'),
        }),
    },
    {
      name: 'ssh loop',
      run: async () => {
        const stdin = join(root, 'bench/plain-loop.sh');
        await Promise.all(loop.map((argv, i) => program(argv, { log: join(dir, `ssh-${i}`), stdin })));
      },
    },
    {
      name: 'ansible',
      run: () => program(['ansible-playbook', '-i', hosts, playbook], { log: join(dir, 'ansible'), env: ansible }),
    },
  ];
}

function needAnsible(): void {
  try {
    execFileSync('ansible-playbook', ['--version'], { stdio: 'ignore' });
  } catch {
    process.stdout.write('bench: apt-get install ansible-core\n');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', 'ansible-core'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
}

const missing = labMissing();
if (missing.length > 0) {
  process.stdout.write(`bench: the lab cannot run here: ${missing.join('; ')}\n`);
  process.exit(1);
}
needAnsible();
const names = Array.from({ length: HOSTS }, (_, i) => `b${String(i + 1).padStart(2, '0')}`);
const lab = await labUp(
  { name: 'bench', subnet: '10.78.0.0/24', hosts: names.map(name => ({ name, kind: 'twin' as const })) },
  { report: text => process.stdout.write(`bench: ${text}\n`) },
);
const all = contestants(lab);
for (const each of all) await each.run(); // converges the hosts, and warms everything up
const seconds = new Map<string, number[]>(all.map(c => [c.name, []]));
for (let round = 0; round < RUNS; round++)
  for (const each of all) {
    const start = performance.now();
    await each.run();
    seconds.get(each.name)?.push((performance.now() - start) / 1000);
  }
const loop = median(seconds.get('ssh loop') ?? []);
process.stdout.write(`\n${HOSTS} hosts, 13 tasks, medians of ${RUNS} (smallest to largest), seconds\n`);
for (const [name, times] of seconds) {
  const ratio = median(times) / loop;
  process.stdout.write(`${name.padEnd(10)} ${spread(times)}  ${ratio.toFixed(2)} x the loop\n`);
}
const met = median(seconds.get('tplay') ?? []) <= loop;
process.stdout.write(`wanted: tplay <= 1.00 x the loop: ${met ? 'met' : 'MISSED'}\n`);
if (!met) process.exitCode = 1;
