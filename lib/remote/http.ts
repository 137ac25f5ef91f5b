import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { type Api, type ApiAnswer, ApiFault, type ApiRequest, type MailRequest, type Refused } from '../module.ts';
import { type Session, TunnelError } from './session.ts';
import { sendMail } from './smtp.ts';

/** A server that says nothing for so long is given up. */
const SILENCE_MS = 60_000;
/** An API answers with lists, not with files. */
const MOST_BYTES = 64 << 20;

/** Any request, not only those of an API. */
export interface WebRequest extends Omit<ApiRequest, 'method'> {
  readonly method: string;
  /** A socket of the host, instead of the address's host and port. */
  readonly socket?: string | undefined;
  readonly ciphers?: string | undefined;
  /** The longest answer taken. */
  readonly mostBytes?: number;
}

/** The answer as it came. */
export interface WebAnswer {
  readonly status: number;
  readonly reason: string;
  /** Names and values, in turn. */
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Buffer;
}

/** Makes requests from a host, each through a tunnel of its own. */
export class HttpClient implements Api {
  readonly #session: Session;
  readonly #silence: number;
  readonly #streams = new Set<Duplex>();
  #closed = false;

  constructor(session: Session, silenceMs = SILENCE_MS) {
    this.#session = session;
    this.#silence = silenceMs;
  }

  async ask(request: ApiRequest): Promise<ApiAnswer> {
    const { status, headers, bytes } = await this.send(request);
    return { status, headers, body: bytes.toString('utf8') };
  }

  /** Rejects with ApiFault. */
  async send(request: WebRequest): Promise<WebAnswer> {
    const url = new URL(request.url);
    const stream = await this.#open(url, request);
    this.#streams.add(stream);
    try {
      return await this.#exchange(request, url, stream);
    } catch (error) {
      if (error instanceof ApiFault) throw error;
      const { message } = error as Error;
      throw new ApiFault('lost', `${named(request, url)}: the connection broke off: ${message}`);
    } finally {
      this.#streams.delete(stream);
      stream.destroy();
    }
  }

  async wait(ms: number): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, ms));
  }

  /** Rejects with ApiFault. */
  async mail(request: MailRequest): Promise<Refused> {
    const streams: Duplex[] = [];
    try {
      return await sendMail(this.#session, request, stream => {
        streams.push(stream);
        this.#streams.add(stream);
      });
    } finally {
      for (const stream of streams) this.#streams.delete(stream);
    }
  }

  /** Breaks off what is under way, and refuses more. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#streams) stream.destroy();
  }

  async #open(url: URL, { insecure, socket, ciphers }: WebRequest): Promise<Duplex> {
    if (this.#closed) throw new ApiFault('lost', 'stopped');
    const secure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port || (secure ? 443 : 80));
    let stream: Duplex | undefined;
    try {
      stream = await this.#session.connect(socket === undefined ? { host, port } : { socket });
      return secure ? await encrypted(stream, { servername: host, rejectUnauthorized: !insecure, ciphers }) : stream;
    } catch (error) {
      stream?.destroy();
      if (error instanceof TunnelError) throw new ApiFault('refused', error.message);
      if (stream === undefined) throw error; // the session was lost
      throw new ApiFault('refused', `no TLS with ${host} port ${port}: ${(error as Error).message}`);
    }
  }

  async #exchange(request: WebRequest, url: URL, stream: Duplex): Promise<WebAnswer> {
    const { method, headers, body = new Uint8Array() } = request;
    const sent = requestHttp({
      method,
      host: url.hostname,
      port: url.port,
      path: `${url.pathname}${url.search}`,
      headers: { 'Content-Length': String(body.length), ...headers, Host: url.host, Connection: 'close' },
      createConnection: () => stream,
    });
    // the stream is a channel of ssh, which has no timeout of its own
    const watch = new Silence(this.#silence, () => {
      sent.destroy();
      stream.destroy(new ApiFault('lost', `${named(request, url)}: no answer within ${this.#silence / 1000} s`));
    });
    try {
      stream.on('drain', () => watch.heard());
      sent.end(body);
      return await answerOf(await answered(sent, stream), watch, request.mostBytes ?? MOST_BYTES);
    } finally {
      watch.end();
    }
  }
}

interface Tls {
  readonly servername: string;
  readonly rejectUnauthorized: boolean;
  readonly ciphers: string | undefined;
}

async function encrypted(socket: Duplex, { servername, rejectUnauthorized, ciphers }: Tls): Promise<Duplex> {
  const tls = connectTls({
    socket,
    rejectUnauthorized,
    // an address is no name that a server could be asked for
    ...(isIP(servername) === 0 ? { servername } : { host: servername }),
    ...(ciphers !== undefined && { ciphers }),
  });
  await once(tls, 'secureConnect');
  return tls;
}

/** A query may hold a token. */
function named({ method }: WebRequest, url: URL): string {
  return `${method} ${url.origin}${url.pathname}`;
}

async function answered(sent: ClientRequest, stream: Duplex): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    sent.on('response', resolve);
    // its error comes before the request's own, which is about a socket that hung up
    stream.on('error', reject);
    sent.on('error', reject);
  });
}

async function answerOf(message: IncomingMessage, watch: Silence, most: number): Promise<WebAnswer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    watch.heard();
    parts.push(part);
    size += part.length;
    if (size > most) throw new ApiFault('answer', `the answer is longer than ${most >> 20} MiB`);
  }
  const { statusCode: status = 0, statusMessage: reason = '', headers, rawHeaders } = message;
  const single = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return { status, reason, rawHeaders, headers: Object.fromEntries(single), bytes: Buffer.concat(parts) };
}

/** Tells when nothing was heard for some time. */
class Silence {
  readonly #ms: number;
  readonly #tell: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, tell: () => void) {
    this.#ms = ms;
    this.#tell = tell;
    this.heard();
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#tell, this.#ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
