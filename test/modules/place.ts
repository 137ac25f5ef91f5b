import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kind } from '../../lab/lab.ts';
import type { Session } from '../../lib/remote/session.ts';
import { makeSessions } from '../../lib/remote/sessions.ts';
import type { Shell } from './case.ts';

export const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where cases are run: a shell of this machine, or a host of the lab. */
export interface Place {
  /** Which kind of host it is; undefined for this machine. */
  readonly kind: Kind | undefined;
  readonly shell: Shell;
  /** The words that start its shell. */
  readonly words: string;
  /** Its whole file tree as a folder of this machine; '' for this machine. */
  readonly tree: string;
  /** Where the folders of cases are made, as it sees them. */
  readonly temp: string;
  /** The PATH of a session, behind the commands of a case. */
  readonly path: string;
  /** The address by which it reaches this machine. */
  readonly here: string;
  readonly root: boolean;
  /** Whether tar, xz and their like are GNU's, for cases that prepare what only these can make. */
  readonly gnu: boolean;
  /** Runs what a case prepares; rejects with what it said when it fails. */
  run(script: string, env: Readonly<Record<string, string>>): Promise<void>;
  open(shell: string, env: Readonly<Record<string, string>>, nth: number): Promise<Opened>;
}

export interface Opened extends AsyncDisposable {
  readonly session: Session;
}

const WORDS: Readonly<Record<Shell, string>> = { dash: 'dash', bash: 'bash --posix', busybox: 'busybox sh' };

/** One of this machine's shells, over pipes. */
export function localPlace(shell: Shell): Place {
  return {
    kind: undefined,
    shell,
    words: WORDS[shell],
    tree: '',
    temp: tmpdir(),
    path: shell === 'busybox' ? `${busyboxTools()}:${SYSTEM}` : SYSTEM,
    here: '127.0.0.1',
    root: process.getuid?.() === 0,
    // what a case prepares is made with this machine's tools
    gnu: has({ tree: '' }, 'dpkg'),
    run: (script, env) => runHere(['sh', '-euc', script], env),
    async open(path, env) {
      const sessions = makeSessions({ env, home: env['HOME'] });
      const to = { name: 'case', transport: 'local', address: 'localhost', connectTimeoutMs: 10_000 } as const;
      const session = await sessions.open({ ...to, retries: 0, shell: path }, undefined);
      return { session, [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose]() };
    },
  };
}

/** Runs a command of this machine with exactly this environment. */
export function runHere(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const [program = '', ...words] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', text => (said += text));
    child.on('error', reject);
    // not `close`: what a case leaves running in the background keeps the pipe open
    child.on('exit', (code, signal) => {
      setImmediate(() => child.stderr.destroy());
      if (code === 0) resolve();
      else reject(new Error(`what the case runs itself ended with ${signal ?? code}: ${said.trim()}`));
    });
  });
}

/** Whether a place has a command, by name or path. */
export function has(place: Pick<Place, 'tree'>, tool: string): boolean {
  const paths = tool.startsWith('/') ? [tool] : SYSTEM.split(':').map(folder => join(folder, tool));
  // lstat: an absolute link leads elsewhere in a tree that is seen from outside
  return paths.some(path => lstatSync(join(place.tree, path), { throwIfNoEntry: false }) !== undefined);
}

let tools: string | undefined;

/** A folder of links by which busybox stands in for every tool it has; made once, gone when the tests end. */
function busyboxTools(): string {
  if (tools !== undefined) return tools;
  const folder = mkdtempSync(join(tmpdir(), 'tplay-busybox-'));
  execFileSync('busybox', ['--install', '-s', folder]);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  tools = folder;
  return folder;
}
