import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The login for a host in ~/.netrc (or the file that NETRC names); undefined where there is no file or no entry. */
export function netrcLogin(host: string): { readonly user: string; readonly password: string } | undefined {
  let text: string;
  try {
    text = readFileSync(process.env['NETRC'] ?? join(homedir(), '.netrc'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const entries = new Map<string, Map<string, string>>();
  const words = text.replace(/(^|\s)#.*/g, '').split(/\s+/);
  let entry = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const value = words[i + 1] ?? '';
    if (word === 'default' || word === 'machine') entries.set(word === 'default' ? '' : value, (entry = new Map()));
    else if (word === 'login' || word === 'password' || word === 'account') entry.set(word, value);
    else continue;
    if (word !== 'default') i++;
  }
  const found = entries.get(host) ?? entries.get('');
  const user = found?.get('login');
  return user === undefined ? undefined : { user, password: found?.get('password') ?? '' };
}
