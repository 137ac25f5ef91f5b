import type { HostOptions } from '../options.ts';
import { askSecret, type Terminal } from './terminal.ts';

export interface Passwords {
  readonly login: string | undefined;
  readonly become: string | undefined;
}

/** Asks for the passwords that -k and -K name; that of the environment is the one of become where nobody is asked. */
export async function askPasswords(options: HostOptions, terminal: Terminal): Promise<Passwords> {
  const login = options.connection.askPassword ? await askSecret(terminal, 'SSH password: ') : undefined;
  if (!options.become.askPassword) return { login, become: options.settings.become_pass };
  const hint = login === undefined ? '' : ' [defaults to the SSH password]';
  const become = await askSecret(terminal, `BECOME password${hint}: `);
  return { login, become: become === '' ? login : become };
}
