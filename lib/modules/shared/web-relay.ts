import { type Locals, RELAYED, type RelayRefusal, type RelayRequest } from '../../module.ts';
import type { Body, Request, Way } from './web-ask.ts';

/** The request for the controller to make, where the host has neither curl nor wget. */
export function relayOf(r: Request, body: Body): RelayRequest | RelayRefusal {
  const what =
    r.clientCert !== undefined || r.caPath !== undefined
      ? 'certificates in files of the host'
      : r.kerberos
        ? 'use_gssapi'
        : !('bytes' in body)
          ? 'a body in a file of the host'
          : /^https?:/.test(r.url)
            ? undefined
            : 'an address that is neither http nor https';
  if (what !== undefined || !('bytes' in body)) return { refused: `${what} needs curl there: install curl` };
  return {
    method: r.method,
    url: r.url,
    headers: r.headers,
    login: r.login,
    body: body.bytes,
    socket: r.socket,
    insecure: r.insecure,
    ciphers: r.ciphers?.join(':'),
    follow: r.follow,
    unredirected: r.unredirected,
    timeoutMs: r.timeout * 1000,
  };
}

/** What the controller was answered, when it has asked for this address. */
export function givenIn(local: Locals, url: string): Way['given'] {
  const relayed = local.get(RELAYED + url);
  if (relayed === undefined) return undefined;
  const bytes = (name: string) => relayed.files.find(f => f.path === name)?.bytes ?? new Uint8Array();
  return { head: bytes('head'), body: bytes('body'), url: relayed.path };
}
