import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { ApiFault, type MailRequest, type Refused } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { type Session, TunnelError } from './session.ts';

/** Hands a message to a mail server through a tunnel of the host. Rejects with ApiFault or SessionError. */
export async function sendMail(session: Session, mail: MailRequest, onStream: (s: Duplex) => void): Promise<Refused> {
  const files = await filesOf(session, mail.files);
  const ehlo = mail.ehlo ?? ((await session.run(sh`uname -n`)).stdout.trim() || 'localhost');
  const smtp = await opened(session, mail, { ehlo, onStream });
  try {
    if (mail.login !== undefined) await logIn(smtp, mail.login);
    await smtp.say(`MAIL FROM:<${mail.from}>`, [250]);
    const refused = await recipients(smtp, mail.to);
    await smtp.say('DATA', [354]);
    const text = Buffer.from(mail.message(files)).toString('latin1').replace(/^\./gm, '..');
    await smtp.say(`${text.replace(/\r\n$/, '')}\r\n.`, [250]);
    await smtp.say('QUIT', []);
    return refused;
  } finally {
    smtp.close();
  }
}

async function filesOf(session: Session, paths: readonly string[]): Promise<readonly Uint8Array[]> {
  const files: Uint8Array[] = [];
  for (const path of paths) {
    const reply = await session.run(sh`cat <${path}`);
    if (reply.rc !== 0) throw new ApiFault('answer', `cannot read ${path} on the host: ${reply.stderr.trim()}`);
    files.push(reply.bytes);
  }
  return files;
}

interface Opening {
  readonly ehlo: string;
  readonly onStream: (stream: Duplex) => void;
}

async function opened(session: Session, mail: MailRequest, how: Opening): Promise<Smtp> {
  if (mail.secure === 'always' || mail.secure === 'try')
    try {
      return await greeted(await encrypted(await tunnel(session, mail, how), mail), mail, how.ehlo);
    } catch (error) {
      if (mail.secure === 'always' || !(error instanceof NoTls)) throw error;
    }
  const smtp = await greeted(await tunnel(session, mail, how), mail, how.ehlo);
  if (mail.secure === 'never') return smtp;
  if (!smtp.extensions.has('STARTTLS')) {
    if (mail.secure === 'try') return smtp;
    smtp.close();
    throw new ApiFault('answer', `${where(mail)} has no STARTTLS`);
  }
  await smtp.say('STARTTLS', [220]);
  const inner = new Smtp(await encrypted(smtp.release(), mail), mail);
  await inner.hello(how.ehlo);
  return inner;
}

async function tunnel(session: Session, mail: MailRequest, { onStream }: Opening): Promise<Duplex> {
  try {
    const stream = await session.connect({ host: mail.host, port: mail.port });
    onStream(stream);
    return stream;
  } catch (error) {
    if (error instanceof TunnelError) throw new ApiFault('refused', error.message);
    throw error;
  }
}

class NoTls extends ApiFault {}

/** As Ansible's: the certificate is not checked; there is no option to say whose it may be. */
async function encrypted(socket: Duplex, mail: MailRequest): Promise<Duplex> {
  const tls = connectTls({ socket, rejectUnauthorized: false });
  const timer = setTimeout(() => tls.destroy(new Error('no answer in time')), mail.timeoutMs);
  try {
    await once(tls, 'secureConnect');
    tls.on('error', () => undefined); // who reads next is told
    return tls;
  } catch (error) {
    socket.destroy();
    throw new NoTls('refused', `no TLS with ${where(mail)}: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
}

async function greeted(stream: Duplex, mail: MailRequest, ehlo: string): Promise<Smtp> {
  const smtp = new Smtp(stream, mail);
  await smtp.answer([220], 'the greeting');
  await smtp.hello(ehlo);
  return smtp;
}

async function logIn(smtp: Smtp, { user, password }: { user: string; password: string }): Promise<void> {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const ways = smtp.extensions.get('AUTH')?.toUpperCase().split(' ') ?? [];
  if (ways.includes('PLAIN'))
    return void (await smtp.say(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, [235], 'AUTH'));
  if (!ways.includes('LOGIN'))
    throw new ApiFault(
      'answer',
      `the mail server takes no password${ways.length > 0 ? ` by PLAIN or LOGIN, only by ${ways.join(', ')}` : ' on this connection'}`,
    );
  await smtp.say('AUTH LOGIN', [334]);
  await smtp.say(base64(user), [334], 'the user');
  await smtp.say(base64(password), [235], 'the password');
}

/** As Ansible: one that is taken is enough. */
async function recipients(smtp: Smtp, to: readonly string[]): Promise<Refused> {
  const refused: Record<string, readonly [number, string]> = {};
  for (const address of to) {
    const { code, text } = await smtp.say(`RCPT TO:<${address}>`, undefined);
    if (code !== 250 && code !== 251) refused[address] = [code, text];
  }
  if (Object.keys(refused).length < to.length) return refused;
  const said = Object.entries(refused).map(([address, [code, text]]) => `${address}: ${code} ${text}`);
  throw new ApiFault('answer', `the mail server refused every recipient: ${said.join('; ')}`);
}

function where(mail: MailRequest): string {
  return `${mail.host} port ${mail.port}`;
}

interface Answer {
  readonly code: number;
  readonly text: string;
}

/** The lines of one conversation. */
class Smtp {
  readonly #stream: Duplex;
  readonly #mail: MailRequest;
  /** What the server can, in capitals, with its parameters. */
  extensions: ReadonlyMap<string, string> = new Map();
  #text = '';
  #ended: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: Duplex, mail: MailRequest) {
    this.#stream = stream;
    this.#mail = mail;
    stream.on('data', this.#data);
    stream.on('error', this.#end);
    stream.on('close', this.#end);
  }

  readonly #data = (part: Buffer): void => {
    this.#text += part.toString('latin1');
    this.#wake();
  };

  readonly #end = (error?: Error): void => {
    this.#ended ??= error ?? new Error('it closed the connection');
    this.#wake();
  };

  async hello(name: string): Promise<void> {
    const { text } = await this.say(`EHLO ${name}`, [250]);
    const lines = text.split('\n').slice(1);
    this.extensions = new Map(
      lines.map(line => [line.split(/[ =]/)[0]?.toUpperCase() ?? '', line.replace(/^\S+?[ =]/, '')]),
    );
  }

  /** Sends a line and waits for the answer, which must have one of these codes; `shown` stands for what is secret. */
  async say(
    line: string,
    codes: readonly number[] | undefined,
    shown = line.slice(0, 60).split('\r')[0] ?? '',
  ): Promise<Answer> {
    this.#stream.write(Buffer.from(`${line}\r\n`, 'latin1'));
    return await this.answer(codes, shown);
  }

  async answer(codes: readonly number[] | undefined, to: string): Promise<Answer> {
    const limit = Date.now() + this.#mail.timeoutMs;
    for (;;) {
      const whole = /^(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*)?\r?\n/.exec(this.#text);
      if (whole !== null) {
        this.#text = this.#text.slice(whole[0].length);
        const text = whole[0]
          .replace(/^\d{3}[ -]?/gm, '')
          .replaceAll('\r', '')
          .trimEnd();
        const code = Number(whole[1]);
        // an empty list: whatever it says (QUIT)
        if (codes === undefined || codes.length === 0 || codes.includes(code)) return { code, text };
        throw new ApiFault('answer', `${where(this.#mail)} answers ${to} with ${code} ${text}`);
      }
      if (this.#ended !== undefined && codes?.length === 0) return { code: 221, text: '' };
      if (this.#ended !== undefined)
        throw new ApiFault('lost', `${where(this.#mail)}: ${this.#ended.message}, when ${to} was to be answered`);
      await this.#more(limit - Date.now());
    }
  }

  async #more(ms: number): Promise<void> {
    if (ms <= 0) throw new ApiFault('lost', `${where(this.#mail)}: no answer within ${this.#mail.timeoutMs / 1000} s`);
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }

  /** Gives the stream away, to be encrypted. */
  release(): Duplex {
    this.#stream.off('data', this.#data);
    this.#stream.off('error', this.#end);
    this.#stream.off('close', this.#end);
    return this.#stream;
  }

  close(): void {
    this.#stream.on('error', () => undefined); // nobody waits for it any more
    this.#stream.destroy();
  }
}
