import { spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoLab, labMissing, labUp } from './lab.ts';
import { makeTarsPackage } from './tars/make.ts';

/**
 * `npm run demo`: brings up the demo lab, makes the sample Tars package, installs it with tplay on the five hosts,
 * verifies, and tells what is running where. Run again it changes nothing.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where inventory/demo.yml looks for the package. */
const packageDir = join(root, '.tplay', 'demo', 'tars');

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs tplay as a user would; its exit status. */
function tplay(...args: string[]): Promise<number> {
  say(`\n$ npx tplay ${args.join(' ')}`);
  const child = spawn(process.execPath, [join(root, 'bin/tplay.js'), ...args], { stdio: 'inherit', cwd: root });
  return new Promise((resolve, reject) => child.on('error', reject).on('close', code => resolve(code ?? 1)));
}

async function demo(): Promise<number> {
  const missing = labMissing();
  if (missing.length > 0) {
    say(
      `The demo needs hosts, and the lab that makes them cannot run here:\n${missing.map(m => `  - ${m}`).join('\n')}`,
    );
    say('It runs as root on Debian. Everything else works without it: npx tplay --help');
    return 1;
  }
  const start = performance.now();
  const lab = await labUp(demoLab, { report: line => say(`lab: ${line}`) });
  if (!existsSync(packageDir)) {
    rmSync(`${packageDir}.new`, { recursive: true, force: true });
    makeTarsPackage({ dir: `${packageDir}.new` });
    renameSync(`${packageDir}.new`, packageDir); // one that was cut off is never used
    say(`sample package: ${packageDir}`);
  }
  for (const playbook of ['install', 'verify']) {
    const status = await tplay(playbook, 'inventory/demo.yml');
    if (status !== 0) return status;
  }
  const address = (name: string) => lab.hosts.find(h => h.name === name)?.address ?? '';
  say(`
Tars is running on ${lab.hosts.length} hosts (${((performance.now() - start) / 1000).toFixed(0)} s):
${lab.hosts.map(h => `  ${h.name.padEnd(8)} ${h.address}`).join('\n')}

Look at it:
  curl http://${address('web1')}:3000/web/title           the web answers through the database
  npm run lab -- ssh master1 ps -eo args | grep tars     the framework's servers
  npx tplay install inventory/demo.yml                  again: nothing changes
  npx tplay verify inventory/demo.yml                   asks every server
  npm run lab -- down                                   and it is gone`);
  return 0;
}

process.exitCode = await demo();
