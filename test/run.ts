import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';

/**
 * Runs the test files, each in a process of its own, and counts: `npm test`, or `npm test -- unit ssh` for some folders
 * or files. The lab's tests run behind all others, one after the other: they bring up hosts and listen on real ports.
 */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const SLOWEST_MS = 25 * 60_000; // a file that takes longer hangs

/** These take minutes: the others run beside them. That of the lab has hosts of its own. */
const LONGEST = ['modules/modules.test.js', 'lab/against-ansible.test.js'];

/** Runs files, some of them at once. */
function runFiles(chosen: readonly string[], atOnce: number): Promise<readonly Counts[]> {
  const limit = pLimit(atOnce);
  return Promise.all(chosen.map(f => limit(() => runFile(f))));
}

async function runFile(file: string): Promise<Counts> {
  const start = performance.now();
  const { output, code } = await outputOf(root + file);
  const count = (name: string) => Number(new RegExp(`^\\s*${name}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const total = count('Total');
  const passed = count('Passed');
  const skips = [...output.matchAll(/^SKIP .*$/gm)].map(m => m[0]);
  const skipped = count('Skipped') + skips.length;
  // A file that died, or ran nothing without saying why, has failed.
  const died = code !== 0 && total - passed === 0;
  const empty = total === 0 && skips.length === 0;
  const failed = total - passed + (died || empty ? 1 : 0);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${failed === 0 ? 'ok  ' : 'FAIL'} ${file} ${passed} passed in ${seconds} s\n`);
  for (const skip of skips) process.stdout.write(`     ${skip}\n`);
  if (failed > 0) process.stdout.write(`${output}${empty ? 'the file ran no test\n' : ''}\n`);
  return { passed, failed, skipped };
}

function outputOf(path: string): Promise<{ output: string; code: number | null }> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [path], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', text => (output += text));
    child.stderr.setEncoding('utf8').on('data', text => (output += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), SLOWEST_MS);
    child.on('close', code => {
      clearTimeout(timer);
      resolve({ output, code });
    });
  });
}

const root = fileURLToPath(new URL('./', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(f => f.endsWith('.test.js'))
  .filter(f => wanted.length === 0 || wanted.some(w => f.startsWith(w.replace(/^test\//, '').replace(/\.ts$/, ''))))
  .sort();

const isLab = (file: string) => file.startsWith('lab/');
const isLongest = (file: string) => LONGEST.includes(file);
const [long, short] = [files.filter(isLongest), files.filter(f => !isLongest(f))];
const counts = [
  ...(await runFiles(
    [...long, ...short].filter(f => !isLab(f)),
    availableParallelism(),
  )),
  ...(await Promise.all([long, short].map(some => runFiles(some.filter(isLab), 1)))).flat(),
];
const sum = (key: keyof Counts) => counts.reduce((all, c) => all + c[key], 0);
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
process.exitCode = sum('failed') > 0 || files.length === 0 ? 1 : 0;
