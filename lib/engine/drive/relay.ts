import { ApiFault, type Locals, RELAYED, type RelayRefusal, type RelayRequest, type Reply } from '../../module.ts';
import { relayRequest } from '../../remote/relay.ts';
import { type Frames, lastLines } from './frame.ts';

/** Whether the host said that it has nothing to make a web request with (prelude/web.sh, tp_web_relay). */
export function asksForRelay(reply: Reply): boolean {
  return reply.rc !== 0 && lastLines({ stdout: '', stderr: reply.stderr }, 1) === 'tplay: relay';
}

/** Makes the request in the host's place, through its connection: the files with which the module is then run again. */
export async function relay(
  request: RelayRequest | RelayRefusal | undefined,
  at: Frames & { readonly locals: Locals },
): Promise<Locals | { readonly failed: string }> {
  if (request === undefined) throw new Error('internal: a module without a relay asks for one');
  if (!('refused' in request) && at.locals.has(RELAYED + request.url))
    return {
      failed: 'this host has neither curl nor wget, and in the background nobody can ask in its place: install curl',
    };
  if ('refused' in request) return { failed: `this host has neither curl nor wget, and ${request.refused}` };
  try {
    const { head, body, url } = await relayRequest(at.session, request, at.signal);
    const file = (path: string, bytes: Uint8Array) => ({ path, type: 'file', mode: 0o600, bytes }) as const;
    return new Map([
      ...at.locals,
      [RELAYED + request.url, { path: url, files: [file('head', head), file('body', body)] }],
    ]);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    const why = 'this host has neither curl nor wget to ask with, and through its connection there is no answer';
    return { failed: `${why}: ${error.message}; install curl on the host` };
  }
}
