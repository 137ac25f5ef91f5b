import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// Tests run from dist/, the cases stay beside the source: `<case>.yml` and all that is printed for it, `<case>.stderr`.
const folder = fileURLToPath(new URL('../../../test/errors/', import.meta.url));
const program = fileURLToPath(new URL('../../../bin/tplay.js', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const only = process.argv[2];

/** The hosts of every case lead here: a playbook that is wrong must not reach them. */
let connections = 0;
const server = createServer(socket => {
  connections++;
  socket.destroy();
});
test.before(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)));
test.after(() => new Promise<void>(resolve => server.close(() => resolve())));

interface Printed {
  readonly status: number;
  readonly text: string;
}

function run(file: string): Promise<Printed> {
  const port = (server.address() as { port: number }).port;
  const hosts = ['-e', `ansible_host=127.0.0.1 ansible_port=${port} ansible_host_key_checking=no`];
  const argv = ['run', file, '-i', 'shared/hosts.yml', ...hosts, ...flagsOf(file)];
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };
  return new Promise(resolve =>
    execFile(process.execPath, [program, ...argv], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), text: plain(stderr + stdout) }),
    ),
  );
}

/** Without what differs from run to run: how long it took, and where this folder is; what is told many times, twice. */
function plain(text: string): string {
  return text.replaceAll(/((?:\n\nTASK [^\n]*\nok: [^\n]*){1,2})(\1)+(\1)/g, '$1\n\n(again and again)$3').replaceAll(/\d+(\.\d)? m?s,/g, 'N s,').replaceAll(root, '/PROJECT/');
}

/** The words of a first line `# tplay: ...`, quoted as for a shell. */
function flagsOf(file: string): readonly string[] {
  const words = /^# tplay: (.*)/.exec(readFileSync(folder + file, 'utf8'))?.[1] ?? '';
  return [...words.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(m => m[1] ?? m[2] ?? m[3] ?? '');
}

/** What goes wrong on a host is no reason to end with 1; a warning is not one either. */
const STATUS: readonly (readonly [start: string, status: number])[] = [
  ['at-run-', 2],
  ['unknown-tag', 0],
];

for (const file of readdirSync(folder).filter(f => f.endsWith('.yml') && (only === undefined || f.startsWith(only))))
  test(`${file} is told everything that is wrong with it`, async () => {
    const expected = `${folder}${file.replace(/\.yml$/, '.stderr')}`;
    const { status, text } = await run(file);
    // UPDATE=1 writes what is printed now: read the difference before committing it.
    if (process.env['UPDATE'] === '1') writeFileSync(expected, text);
    assert.is(status, STATUS.find(([start]) => file.startsWith(start))?.[1] ?? 1);
    assert.not.match(text, /^ +at .*:\d+:\d+/m, 'a stack trace was shown');
    assert.is(connections, 0, 'a host was reached');
    assert.fixture(text, readFileSync(expected, 'utf8'));
  });

test.run();
