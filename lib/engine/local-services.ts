import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { selectHosts } from '../inventory/select.ts';
import { candidates, type FilePlaces } from '../playbook/local-paths.ts';
import { fetchAndWait } from '../remote/fetch.ts';
import { Failure } from '../template/index.ts';
import type { Fetched, FetchRequest, FoundFile, Inspected, Services, Value } from '../template/values.ts';
import type { Vault } from '../vault/vault.ts';
import type { PlayRun, RunContext } from './context.ts';
import type { HostRun } from './host-run.ts';
import { ClosedFile, findLocal, type OpenedFile, readOpened, type Secrets } from './local-files.ts';

/** What lookups may ask of the controller, for a task at a place. A class: each scope has one, so making it must cost nothing. */
export class ControllerServices implements Services {
  readonly #places: FilePlaces;
  readonly #secrets: Secrets;

  constructor(places: FilePlaces, secrets: Secrets) {
    this.#places = places;
    this.#secrets = secrets;
  }

  get environment(): NodeJS.ProcessEnv {
    return process.env;
  }

  fetch(request: FetchRequest): Fetched {
    return fetchAndWait(request);
  }

  readFile(name: string, folder: 'files' | 'templates' | 'vars'): FoundFile | undefined {
    const path = findLocal(name, folder, this.#places);
    if (path === undefined || !statSync(path).isFile()) return undefined;
    const read = openedFor(path, this.#secrets.vault);
    if (read.secret) this.hide(Buffer.from(read.bytes).toString('utf8'));
    return { path, ...read };
  }

  glob(pattern: string): readonly string[] {
    for (const candidate of candidates(pattern, 'files', this.#places)) {
      const found = globFiles(candidate);
      if (found.length > 0) return found;
    }
    return [];
  }

  pipe(command: string): string {
    const cwd = this.#places.playbookDir;
    return execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', cwd, maxBuffer: 64 << 20 });
  }

  inspect(name: string): Inspected | undefined {
    const path = findLocal(name, 'files', this.#places);
    if (path === undefined) return undefined;
    const info = statSync(path);
    const kind = info.isFile() ? 'file' : info.isDirectory() ? 'directory' : 'other';
    const parent = statSync(resolve(path, '..'));
    const mount = info.isDirectory() && (info.dev !== parent.dev || info.ino === parent.ino);
    return { kind, link: lstatSync(path).isSymbolicLink(), mount, id: `${info.dev}:${info.ino}` };
  }

  realPath(name: string): string {
    return realPath(resolve(name));
  }

  storePassword(name: string, text: string): void {
    const path = resolve(this.#places.playbookDir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
  }

  hide(secret: string): void {
    this.#secrets.hide(secret);
  }
}

/** The same in a run, which has an inventory and settings. */
class RunServices extends ControllerServices {
  readonly #run: RunContext;
  readonly #host: string | undefined;

  constructor(places: FilePlaces, run: RunContext, host: string | undefined) {
    super(places, secretsOf(run));
    this.#run = run;
    this.#host = host;
  }

  hostNames(patterns: readonly string[]): readonly string[] {
    const texts = patterns.map(text => ({ text }));
    const found = selectHosts(this.#run.inventory, texts, { where: 'the lookup', unknownNames: 'warning' });
    if (found.ok) return found.value.map(host => host.name);
    const [error] = found.errors;
    throw new Failure(error?.message ?? 'the pattern cannot be read', error?.suggestion);
  }

  setting(name: string): Value | undefined {
    return this.#run.settings.named(name);
  }

  warn(message: string): void {
    this.#run.emit({ type: 'message', host: this.#host, text: `warning: ${message}` });
  }
}

/** The services for a task of a play, by where it stands; warnings name the host. */
export function servicesAt(
  { play, run }: PlayRun,
  { role, dir }: Omit<FilePlaces, 'playbookDir'>,
  host?: HostRun,
): Services {
  return new RunServices({ role, dir, playbookDir: play.dir }, run, host?.name);
}

/** Who opens encrypted files in a run, and who is told what must not be shown. */
export function secretsOf({ vault, redactor, large, archives }: RunContext): Secrets {
  return { vault, large, archives, hide: text => redactor.add(text) };
}

/** The links of a path followed as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // As Python's realpath: what is missing is no error.
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

function openedFor(path: string, vault: Vault): OpenedFile {
  try {
    return readOpened(path, vault);
  } catch (error) {
    if (!(error instanceof ClosedFile)) throw error;
    throw new Failure(error.message, undefined, error.fault.code);
  }
}

/** Plain files matching a shell pattern in the last part of the path, as Ansible's fileglob. */
function globFiles(pattern: string): readonly string[] {
  const dir = resolve(dirname(pattern));
  const part = basename(pattern);
  const matcher = new RegExp(
    `^${part
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
      .replace(/\[!/g, '[^')}$`,
    's',
  );
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(dir)
    .sort()
    .filter(n => matcher.test(n) && (part.startsWith('.') || !n.startsWith('.')))
    .map(n => join(dir, n))
    .filter(p => statSync(p, { throwIfNoEntry: false })?.isFile() ?? false);
}
