import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  fingerprint,
  type HostKeyVerdict,
  judgeHostKey,
  type KnownHost,
  keyType,
  knownHostName,
  knownTypes,
  parseKnownHosts,
} from './known-hosts.ts';
import { SessionError } from './session.ts';

/** Whose key is judged, and how. */
export interface HostKeyQuestion {
  /** For messages: `web1 (deploy@10.0.0.1 port 22)`. */
  readonly where: string;
  readonly address: string;
  readonly port: number;
  readonly mode: 'strict' | 'accept-new' | 'off';
  /** The first is the one that new keys are written to. */
  readonly files: readonly string[];
}

/** The known_hosts files of one run: each is read once, and holds what this run has added. */
export class HostKeys {
  readonly #entries = new Map<string, readonly KnownHost[]>();

  /** The host key algorithms to ask for: those of the keys that are known first. Undefined when none is known. */
  algorithms(question: HostKeyQuestion, all: readonly string[]): readonly string[] | undefined {
    if (question.mode === 'off') return undefined;
    const types = knownTypes(this.#all(question), question.address, question.port);
    const known = types.flatMap(t => (t === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [t]));
    const first = known.filter(name => all.includes(name));
    return first.length === 0 ? undefined : [...first, ...all.filter(name => !first.includes(name))];
  }

  /** What is wrong with a key that a host has shown; undefined when it may be used. */
  refuse(question: HostKeyQuestion, key: Uint8Array): SessionError | undefined {
    if (question.mode === 'off') return undefined;
    const verdict = this.#judge(question, key);
    if (verdict.kind === 'known' || (verdict.kind === 'unknown' && question.mode === 'accept-new')) return undefined;
    return new SessionError('host-key', refusal(question, verdict, key));
  }

  /** Writes down a new host's key, once the host has proved that it holds it. */
  accept(question: HostKeyQuestion, key: Uint8Array): void {
    const [file] = question.files;
    if (question.mode !== 'accept-new' || file === undefined || this.#judge(question, key).kind !== 'unknown') return;
    const line = `${knownHostName(question.address, question.port)} ${keyType(key)} ${Buffer.from(key).toString('base64')}`;
    try {
      appendLine(file, line);
    } catch (error) {
      const why = `cannot write the new key of ${question.where} to ${file}: ${(error as Error).message}`;
      throw new SessionError('host-key', why);
    }
    this.#entries.set(file, [...(this.#entries.get(file) ?? []), ...parseKnownHosts(line, file)]);
  }

  #judge(question: HostKeyQuestion, key: Uint8Array): HostKeyVerdict {
    return judgeHostKey(this.#all(question), question.address, question.port, key);
  }

  #all(question: HostKeyQuestion): readonly KnownHost[] {
    return question.files.flatMap(file => {
      let entries = this.#entries.get(file);
      if (entries === undefined) {
        entries = parseKnownHosts(readIfThere(file, question.where), file);
        this.#entries.set(file, entries);
      }
      return entries;
    });
  }
}

function refusal(question: HostKeyQuestion, verdict: HostKeyVerdict, key: Uint8Array): string {
  const { where, address, port, files } = question;
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const name = knownHostName(address, port);
  switch (verdict.kind) {
    case 'revoked':
      return `the host key of ${where} is revoked: ${shown}, at ${verdict.by.file}:${verdict.by.line}`;
    case 'changed': {
      const known = verdict.known.map(
        e => `${e.type} ${fingerprint(Buffer.from(e.key, 'base64'))} at ${e.file}:${e.line}`,
      );
      return (
        `the host key of ${where} has changed: it shows ${shown}, known is ${known.join(' and ')}. ` +
        `Somebody may be listening in. If the host was installed anew: ssh-keygen -R '${name}' -f ${verdict.known[0]?.file}`
      );
    }
    default: {
      const scan = port === 22 ? `ssh-keyscan ${address}` : `ssh-keyscan -p ${port} ${address}`;
      return (
        `the host key of ${where} is not known: it shows ${shown}. Compare that fingerprint with the host's own, then ` +
        `${scan} >>${files[0] ?? '~/.ssh/known_hosts'}; or let new hosts be added: ` +
        `ansible_ssh_common_args: '-o StrictHostKeyChecking=accept-new'`
      );
    }
  }
}

function readIfThere(file: string, where: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new SessionError('host-key', `cannot check the host key of ${where}: ${(error as Error).message}`);
  }
}

/** One write to a file opened for appending: lines of several processes do not get mixed. */
function appendLine(file: string, line: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fd = openSync(file, 'a+', 0o600);
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    if (size > 0) readSync(fd, last, 0, 1, size - 1);
    writeSync(fd, `${size > 0 && last[0] !== 10 ? '\n' : ''}${line}\n`);
  } finally {
    closeSync(fd);
  }
}
