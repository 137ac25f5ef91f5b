import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, labDown, labMissing, labUp, sshArgv } from '../lab/lab.ts';
import { median, spread } from './median.ts';

/**
 * `npm run bench -- transfer`: a file of 500 MB to a lab host and back, by tplay and by scp in turn, medians of five; then
 * a folder of 1,000 small files. Whole programs are measured, from their start to their end; tplay makes a checksum of
 * what arrived, which scp does not.
 */
const RUNS = 5;
const MEGABYTES = 500;
const root = fileURLToPath(new URL('../../', import.meta.url));

const missing = labMissing();
if (missing.length > 0) {
  process.stdout.write(`bench: the lab cannot run here: ${missing.join('; ')}\n`);
  process.exit(1);
}
const lab = await labUp(
  { name: 'benchxfer', subnet: '10.79.0.0/24', hosts: [{ name: 'a', kind: 'debian' }] },
  { report: text => process.stdout.write(`bench: ${text}\n`) },
);
const folder = mkdtempSync(join(tmpdir(), 'tplay-bench-'));
try {
  prepare(lab);
  await compare('copy', 'to the host', {
    before: () => ssh('rm -f /var/tmp/large /var/tmp/large.scp'),
    scp: [join(folder, 'large'), 'a:/var/tmp/large.scp'],
  });
  await compare('fetch', 'from the host', {
    before: async () => rmSync(join(folder, 'back'), { force: true }),
    scp: ['a:/var/tmp/large', join(folder, 'back.scp')],
  });
  await smallFiles();
} finally {
  rmSync(folder, { recursive: true });
  await labDown('benchxfer');
}

function prepare({ hosts: [host], privateKey, knownHosts }: Lab): void {
  const file = openSync(join(folder, 'large'), 'w');
  const piece = Buffer.alloc(1_000_000);
  for (let i = 0; i < MEGABYTES; i++) writeSync(file, randomFillSync(piece));
  closeSync(file);
  mkdirSync(join(folder, 'small'));
  for (let i = 0; i < 1000; i++)
    writeFileSync(join(folder, 'small', `file-${i}`), `${i}: ${'some text '.repeat(20)}\n`);
  writeFileSync(
    join(folder, 'hosts.yml'),
    `all:
  hosts: { a: { ansible_host: ${host?.address} } }
  vars:
    ansible_user: root
    ansible_ssh_private_key_file: ${privateKey}
    ansible_ssh_common_args: -o UserKnownHostsFile=${knownHosts}
`,
  );
  const tasks = {
    copy: 'copy: { src: large, dest: /var/tmp/large }',
    fetch: 'fetch: { src: /var/tmp/large, dest: back, flat: true }',
    small: 'copy: { src: small, dest: /var/tmp }',
  };
  for (const [name, task] of Object.entries(tasks))
    writeFileSync(join(folder, `${name}.yml`), `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`);
}

/** Runs a program; what it prints, and the most memory it had, in MB. */
async function program(argv: readonly string[]): Promise<{ out: string; seconds: number; megabytes: number }> {
  const [command = '', ...args] = ['/usr/bin/time', '-f', 'peak=%M', ...argv];
  const start = performance.now();
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', chunk => {
    out += chunk;
  });
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}:\n${(out + err).slice(-3000)}`);
  const megabytes = Number(/peak=(\d+)/.exec(err)?.[1]) / 1024;
  return { out, seconds: (performance.now() - start) / 1000, megabytes };
}

async function ssh(command: string): Promise<void> {
  await program([...sshArgv(lab, 'a'), command]);
}

function tplay(name: string) {
  const bin = join(root, 'bin/tplay.js');
  return program([process.execPath, bin, 'run', `${name}.yml`, '-i', 'hosts.yml', '--output', 'json']);
}

interface Contest {
  readonly before: () => Promise<unknown>;
  readonly scp: readonly string[];
}

async function compare(name: string, way: string, { before, scp }: Contest): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  let peak = 0;
  for (let round = 0; round <= RUNS; round++) {
    await before();
    const theirTime = (await program(['scp', '-q', '-F', lab.sshConfig, ...scp])).seconds;
    const run = await tplay(name);
    peak = Math.max(peak, run.megabytes);
    if (round === 0) continue; // the first warms everything up
    theirs.push(theirTime);
    ours.push(run.seconds);
  }
  const ratio = median(theirs) / median(ours);
  process.stdout.write(`\n${MEGABYTES} MB ${way}, medians of ${RUNS} (smallest to largest), seconds\n`);
  process.stdout.write(`scp    ${spread(theirs)}\ntplay  ${spread(ours)}  peak ${peak.toFixed(0)} MB of memory\n`);
  tell(`${ratio.toFixed(2)} of scp's speed, wanted 0.80`, ratio >= 0.8);
}

async function smallFiles(): Promise<void> {
  const [cold, unchanged] = [await tplay('small'), await tplay('small')];
  const frames = [cold, unchanged].map(run => Number(/"type":"task-finished".*"frames":(\d+)/.exec(run.out)?.[1]));
  process.stdout.write('\n1,000 small files, seconds and round trips\n');
  process.stdout.write(`cold ${cold.seconds.toFixed(2)} in ${frames[0]}, `);
  process.stdout.write(`unchanged ${unchanged.seconds.toFixed(2)} in ${frames[1]}\n`);
  tell('wanted 2 at most, and 1', (frames[0] ?? 3) <= 2 && frames[1] === 1);
}

function tell(what: string, met: boolean): void {
  process.stdout.write(`${what}: ${met ? 'met' : 'MISSED'}\n`);
  if (!met) process.exitCode = 1;
}
