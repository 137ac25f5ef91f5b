import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { servers } from '../../lab/tars/servers.ts';

const run = promisify(execFile);

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** First IPv4 address of this machine that is not loopback, or undefined: the sample refuses 127.0.0.1. */
export function ownAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .find(one => one.family === 'IPv4' && !one.internal)?.address;
}

/** One installation of the sample below a directory, made by nothing but replaced placeholders. */
export class TarsHost {
  readonly tarsPath: string;
  readonly webPath: string;
  readonly address: string;
  readonly #texts: readonly (readonly [string, string])[];

  constructor(packageDir: string, root: string, options: { address: string; login: Login }) {
    const { address, login } = options;
    this.tarsPath = join(root, 'tars');
    this.webPath = root;
    this.address = address;
    this.#texts = [
      ['registryAddress', `tcp -h ${address} -p 17890`],
      ['registry.tars.com', address],
      ['localip.tars.com', address],
      ['db.tars.com', login.host],
      ['dbuser=tars', `dbuser=${login.user}`],
      ['tars2015', login.password],
      ['3306', String(login.port)],
      ["user: 'tars'", `user: '${login.user}'`],
      ['TARS_PATH', this.tarsPath],
      ['UPLOAD_PATH', root],
      ['/usr/local/app/patchs', join(root, 'patchs')],
      ['WEB_PATH', root],
    ];
    for (const { name } of servers) {
      for (const part of ['servers', 'conf', 'util-linux']) {
        cpSync(join(packageDir, 'framework', part, name), join(this.tarsPath, name), { recursive: true });
      }
      for (const part of ['conf', 'util']) this.#fill(join(this.tarsPath, name, part));
    }
    for (const script of ['check.sh', 'tars-start.sh', 'tars-stop.sh']) {
      cpSync(join(packageDir, 'framework/util-linux', script), join(this.tarsPath, script));
    }
    this.#fill(this.tarsPath);
    cpSync(join(packageDir, 'web'), join(root, 'web'), { recursive: true });
    for (const config of ['web/config', 'web/demo/config']) {
      if (existsSync(join(root, config))) this.#fill(join(root, config));
    }
  }

  /** A text of the package with this host's values; in JavaScript the password stands inside quotes. */
  filled(text: string, javaScript = false): string {
    const value = (from: string, to: string): string =>
      javaScript && from === 'tars2015' ? to.replace(/[\\']/g, '\\$&') : to;
    return this.#texts.reduce((done, [from, to]) => done.replaceAll(from, () => value(from, to)), text);
  }

  #fill(dir: string): void {
    for (const name of readdirSync(dir)) {
      const file = join(dir, name);
      if (name === 'README.md' || statSync(file).isDirectory()) continue;
      const { mode } = statSync(file);
      writeFileSync(file, this.filled(readFileSync(file, 'utf8'), name.endsWith('.js')));
      chmodSync(file, mode);
    }
  }

  conf(server: string): string {
    return join(this.tarsPath, server, 'conf', `tars.${server}.config.conf`);
  }

  /** The conf from which tarsnode starts a server again. */
  nodeConf(server: string): string {
    return join(this.tarsPath, 'tarsnode/data', `tars.${server}`, 'conf', `tars.${server}.config.conf`);
  }

  log(server: string): string {
    const file = join(this.tarsPath, 'app_log/tars', server, `tars.${server}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Runs the server's binary with the conf; its exit status and standard error. */
  async binary(server: string, ...args: string[]): Promise<{ status: number; stderr: string }> {
    const program = join(this.tarsPath, server, 'bin', server);
    try {
      const { stderr } = await run(program, [...args, `--config=${this.conf(server)}`]);
      return { status: 0, stderr };
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return { status: code, stderr };
    }
  }

  /** Runs a script below the installation under bash, as `tarslog/util/start.sh`; throws when it does not end with 0. */
  async script(path: string): Promise<string> {
    const { stdout } = await run('bash', [join(this.tarsPath, path)]);
    return stdout;
  }

  async monitor(server: string): Promise<number> {
    return (await this.binary(server, '--monitor')).status;
  }

  /** The living process of a server, undefined when there is none. */
  pid(server: string): number | undefined {
    const file = join(this.tarsPath, server, 'data', `${server}.pid`);
    if (!existsSync(file)) return undefined;
    const pid = Number(readFileSync(file, 'utf8'));
    return this.commandLine(pid).startsWith(join(this.tarsPath, server, 'bin', server)) ? pid : undefined;
  }

  commandLine(pid: number): string {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ').trim() : '';
  }

  /** Ends every server by its id, tarsnode first, and removes the shared memory that the sample leaves. */
  async stopAll(): Promise<void> {
    for (const name of ['tarsnode', ...servers.map(server => server.name)]) {
      const pid = this.pid(name);
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    }
    for (const { name, database } of servers) {
      for (let number = 1; number <= (database?.segments ?? 0); number++) {
        const hash = createHash('sha1')
          .update(join(this.tarsPath, name, 'data', String(number)))
          .digest();
        // There is none where the server never started.
        await run('ipcrm', ['-M', String(hash.readUInt32LE(0) & 0x7fffffff)]).catch(() => undefined);
      }
    }
  }
}

/** Waits until the condition holds; throws with the text after the seconds. */
export async function until(what: string, seconds: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
