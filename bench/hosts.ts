import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, spread } from './median.ts';

/**
 * What the program itself costs: 1,000 hosts and tasks that never leave the controller, so that no host or link counts.
 * The whole program is measured, from its start to its end, with its output to a pipe.
 */
const HOSTS = 1000;
const RUNS = 5;
const root = fileURLToPath(new URL('../../', import.meta.url));

interface Play {
  readonly name: string;
  readonly text: string;
  /** Seconds it may take. */
  readonly wanted: number;
}

const TEN = Array.from(
  { length: 10 },
  (_, i) => `    - { name: task ${i}, debug: { msg: "{{ inventory_hostname }} {{ n }} ${i}" } }`,
).join('\n');

const PLAYS: readonly Play[] = [
  { name: '10 debug tasks', wanted: 2, text: `- hosts: all\n  gather_facts: false\n  tasks:\n${TEN}\n` },
  {
    name: 'the same, strategy free',
    wanted: 2,
    text: `- hosts: all\n  gather_facts: false\n  strategy: free\n  tasks:\n${TEN}\n`,
  },
  {
    name: 'a sum over all hostvars',
    wanted: 5,
    text: `- hosts: all
  gather_facts: false
  tasks:
    - debug: { msg: "{{ groups.all | map('extract', hostvars, 'n') | sum }}" }
`,
  },
];

const folder = mkdtempSync(join(tmpdir(), 'tplay-bench-'));
try {
  const hosts = Array.from({ length: HOSTS }, (_, i) => `    h${i}: { n: ${i} }\n`).join('');
  writeFileSync(join(folder, 'hosts.yml'), `all:\n  hosts:\n${hosts}`);
  process.stdout.write(`\n${HOSTS} hosts, medians of ${RUNS} (smallest to largest), seconds\n`);
  for (const play of PLAYS) await measure(play);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure({ name, text, wanted }: Play): Promise<void> {
  writeFileSync(join(folder, 'play.yml'), text);
  const times: number[] = [];
  for (let round = 0; round <= RUNS; round++) {
    const start = performance.now();
    await run();
    if (round > 0) times.push((performance.now() - start) / 1000); // the first one warms the disk up
  }
  const met = median(times) <= wanted;
  process.stdout.write(
    `${name.padEnd(26)} ${spread(times)}  wanted: ${wanted.toFixed(2)}: ${met ? 'met' : 'MISSED'}\n`,
  );
  if (!met) process.exitCode = 1;
}

async function run(): Promise<void> {
  const argv = [join(root, 'bin/tplay.js'), 'run', 'play.yml', '-i', 'hosts.yml', '--output', 'plain'];
  const child = spawn(process.execPath, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', chunk => {
    said = (said + chunk).slice(-200);
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0 || !said.includes(`${HOSTS} hosts`)) throw new Error(`tplay ended with ${code}: ${said}`);
}
