import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { drive } from '../../../lib/engine/drive/index.ts';
import type { Module } from '../../../lib/module.ts';
import { modules } from '../../../lib/modules/index.ts';
import type { Outcome } from '../../../lib/outcome.ts';
import { coerceArgs } from '../../../lib/playbook/coerce.ts';
import type { Session } from '../../../lib/remote/session.ts';
import { makeSessions } from '../../../lib/remote/sessions.ts';

export type Given = Readonly<Record<string, unknown>>;

/** Why no container can be made here; undefined when podman can. */
export function podmanMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  for (const tool of ['podman', 'runc', 'busybox'])
    try {
      execFileSync('sh', ['-c', 'command -v "$1"', 'sh', tool], { stdio: 'ignore' });
    } catch {
      return `needs ${tool}`;
    }
  return undefined;
}

/** What a program needs to run beside itself; none of a static one. */
function librariesOf(program: string): readonly string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}

/** A podman of the test's own: own images and containers, and the image localhost/tiny:1, which is busybox. */
export class Podman implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tplay-podman-'));
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    const path = (name: string) => join(this.folder, name);
    const own = `driver = "vfs"\ngraphroot = "${path('graph')}"\nrunroot = "${path('run')}"\n`;
    writeFileSync(path('storage.conf'), `[storage]\n${own}`);
    // neither cgroups nor limits may be set on every machine that tests
    writeFileSync(
      path('containers.conf'),
      `[containers]\nkeyring = false\nnetns = "host"\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\nevents_logger = "file"\n`,
    );
    this.env = {
      ...process.env,
      TMPDIR: this.folder,
      CONTAINERS_STORAGE_CONF: path('storage.conf'),
      CONTAINERS_CONF: path('containers.conf'),
    };
    this.makeImage('localhost/tiny:1', 'ENV FROM=image');
  }

  run(...words: readonly string[]): string {
    return execFileSync('podman', words, { env: this.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** An image of busybox whose configuration is changed so. */
  makeImage(name: string, ...changes: readonly string[]): void {
    const root = join(this.folder, `image-${Date.now()}`);
    mkdirSync(join(root, 'bin'), { recursive: true });
    mkdirSync(join(root, 'tmp'));
    const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
    copyFileSync(busybox, join(root, 'bin/busybox'));
    for (const library of librariesOf(busybox)) {
      mkdirSync(join(root, dirname(library)), { recursive: true });
      copyFileSync(library, join(root, library));
    }
    for (const tool of ['sh', 'sleep', 'env', 'cat', 'true', 'false']) symlinkSync('busybox', join(root, 'bin', tool));
    writeFileSync(join(root, 'name'), name);
    execFileSync('tar', ['-C', root, '-cf', `${root}.tar`, '.']);
    const flags = ['CMD ["/bin/sleep","1000"]', 'LABEL who=image', ...changes].flatMap(text => ['--change', text]);
    this.run('import', '--quiet', ...flags, `${root}.tar`, name);
    rmSync(root, { recursive: true });
  }

  /** What inspect prints of a container. */
  inspect(name: string): { readonly Id: string; readonly State: { readonly Status: string } } & Given {
    return JSON.parse(this.run('container', 'inspect', name))[0];
  }

  /** A task: dry, for real, and again; what each came to. */
  async task(name: string, given: Given): Promise<{ check: Ran; first: Ran; second: Ran }> {
    const check = await this.once(name, given, true);
    const first = await this.once(name, given);
    return { check, first, second: await this.once(name, given) };
  }

  async once(name: string, given: Given, check = false): Promise<Ran> {
    const module = (await modules[name]?.())?.default as Exclude<Module, { kind: 'expand' | 'vars' }>;
    const map = new Map(Object.entries({ engine: 'podman', ...given }).map(([k, value]) => [k, { value }]));
    const { args, faults } = coerceArgs(name, module.args, map);
    assert.equal(faults, []);
    assert.is(module.check?.(args as never), undefined);
    await using sessions = makeSessions({ env: this.env, home: this.folder });
    const session: Session = await sessions.open({ name: 'here', transport: 'local', address: 'localhost' }, undefined);
    const at = { check, diff: true, environment: {}, session: async () => session, locals: new Map() };
    const start = session.frames;
    const outcome = await drive(module, args, at as never);
    return { outcome, frames: session.frames - start };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.run('rm', '-a', '-f', '-t', '0');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Ran {
  readonly outcome: Outcome;
  readonly frames: number;
}

/** A fault that the arguments have. */
export async function faultOf(name: string, given: Given): Promise<string | undefined> {
  const module = (await modules[name]?.())?.default as Module;
  const map = new Map(Object.entries(given).map(([k, value]) => [k, { value }]));
  const { args, faults } = coerceArgs(name, module.args, map);
  return faults[0]?.message ?? module.check?.(args as never);
}
