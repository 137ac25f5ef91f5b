import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A throw-away Unix user with a password; gone after the test. */
export interface TestUser extends AsyncDisposable {
  readonly name: string;
  readonly uid: string;
  readonly password: string;
}

/** Why no user can be made here; undefined when one can. */
export function usersMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make users';
  return existsSync('/usr/sbin/useradd') ? undefined : 'no useradd';
}

/** `sudo`: what a sudoers line allows, after the user's name; `shell`: what logs in, /bin/sh unless told. */
export async function makeUser(options: { sudo?: string; shell?: string } = {}): Promise<TestUser> {
  const name = `tplaytest${randomBytes(4).toString('hex')}`;
  const password = `pw ${randomBytes(6).toString('hex')} ' $x`;
  execFileSync('useradd', ['--create-home', '--shell', options.shell ?? '/bin/sh', name]);
  execFileSync('chpasswd', { input: `${name}:${password}\n` });
  const sudoers = `/etc/sudoers.d/${name}`;
  if (options.sudo !== undefined) writeFileSync(sudoers, `${name} ${options.sudo}\n`, { mode: 0o440 });
  const uid = execFileSync('id', ['-u', name], { encoding: 'utf8' }).trim();
  return {
    name,
    uid,
    password,
    async [Symbol.asyncDispose]() {
      rmSync(sudoers, { force: true });
      for (let i = 0; ; i++) {
        try {
          execFileSync('userdel', ['--remove', name], { stdio: 'pipe' });
          return;
        } catch (error) {
          if (i === 20) throw error; // a process of the user may still be ending
          await sleep(100);
        }
      }
    },
  };
}
