import { createHash } from 'node:crypto';
import { type Api, ApiFault, type ArgSchema } from '../../module.ts';
import { TarsWeb } from './tars-web.ts';

/** How modules reach the web of Tars and log in. */
export const webArgs = {
  url: {
    type: 'string',
    default: 'http://127.0.0.1:3000',
    pattern: '^https?://[^/?#@ ]+/?$',
    patternHint: 'write http://HOST:PORT',
    description: 'The web, as the host sees it.',
  },
  login_url: {
    type: 'string',
    pattern: '^https?://[^/?#@ ]+/?$',
    patternHint: 'write http://HOST:PORT',
    description: 'Where logins are, if elsewhere: the user system of 1.x and 2.x, http://127.0.0.1:3001.',
  },
  validate_certs: { type: 'boolean', default: true, description: 'Refuses a certificate that nobody vouches for.' },
} as const satisfies Readonly<Record<string, ArgSchema>>;

export interface WebPlace {
  readonly url: string;
  readonly login_url?: string | undefined;
  readonly validate_certs: boolean;
}

export interface WebLogin extends WebPlace {
  readonly user: string;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

/** The web keeps and wants passwords so. */
export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

/** The web where logins are, nobody logged in. */
export function loginPlace(a: WebPlace, api: Api, hidden: readonly string[]): TarsWeb {
  return new TarsWeb(api, { url: a.login_url ?? a.url, insecure: !a.validate_certs, hidden });
}

/** The web as a user; without password and token as nobody, which a web without logins takes. */
export async function logIn(a: WebLogin, api: Api): Promise<TarsWeb> {
  const insecure = !a.validate_certs;
  if (a.token !== undefined) return new TarsWeb(api, { url: a.url, insecure, hidden: [a.token], token: a.token });
  if (a.password === undefined) return new TarsWeb(api, { url: a.url, insecure, hidden: [] });
  const ticket = await ticketOf(a, a.password, api);
  const hidden = [a.password, sha1(a.password), ticket];
  return new TarsWeb(api, { url: a.url, insecure, hidden, cookie: `ticket=${ticket}; uid=${a.user}` });
}

async function ticketOf(a: WebLogin, password: string, api: Api): Promise<string> {
  const hashed = sha1(password);
  const answer = await loginPlace(a, api, [password, hashed]).try('login', { uid: a.user, password: hashed });
  // in a dry run the account, or its password, may be what a task before would have made
  if ('refused' in answer) throw new ApiFault('pending', `the web does not let "${a.user}" in: ${answer.refused}`);
  const ticket = (answer.data as { ticket?: unknown } | null)?.ticket;
  if (typeof ticket === 'string' && ticket !== '') return ticket;
  throw new ApiFault('answer', `the web let "${a.user}" in and gave no ticket`);
}
