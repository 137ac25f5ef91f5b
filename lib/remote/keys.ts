import { readFile } from 'node:fs/promises';
import ssh2, { type BaseAgent, type ParsedKey } from 'ssh2';
import { fingerprint } from './known-hosts.ts';

/** A key that can be offered to a server. */
export interface Key {
  /** For messages: `/home/me/.ssh/id_ed25519`, `agent key me@laptop`. */
  readonly label: string;
  readonly fingerprint: string;
  /** The public key in the wire form. */
  readonly blob: Buffer;
  /** Signs here; a key of the agent signs there. */
  readonly parsed: ParsedKey;
  readonly agent?: BaseAgent | undefined;
}

/** A key file that cannot be offered. */
export interface NoKey {
  readonly label: string;
  readonly problem: 'missing' | 'unreadable' | 'encrypted' | 'wrong passphrase';
}

export interface KeyOptions {
  readonly passphrase?: string | undefined;
  /** The agent's socket when it is not the usual one. */
  readonly agent?: string | undefined;
}

export type Ask = (prompt: string) => Promise<string>;

/** The private keys of one run: each file is read and decrypted once, the agent asked for its keys once. */
export class Keys {
  readonly #agentPath: string;
  readonly #ask: Ask | undefined;
  readonly #files = new Map<string, Promise<Key | NoKey>>();
  readonly #agents = new Map<string, Promise<readonly Key[]>>();

  /** `agentPath`: the socket of the usual agent, '' for none. */
  constructor(agentPath: string, ask: Ask | undefined) {
    this.#agentPath = agentPath;
    this.#ask = ask;
  }

  /** The keys of an agent, the usual one unless told; none when there is no agent or it does not answer. */
  agent(path = this.#agentPath): Promise<readonly Key[]> {
    let keys = this.#agents.get(path);
    if (keys === undefined) {
      keys = path === '' ? Promise.resolve([]) : agentKeys(path);
      this.#agents.set(path, keys);
    }
    return keys;
  }

  /** The key of a file, or the agent's copy of it when the file is encrypted. */
  file(path: string, options: KeyOptions): Promise<Key | NoKey> {
    const id = `${path}\0${options.passphrase ?? ''}`;
    let key = this.#files.get(id);
    if (key === undefined) {
      key = this.#load(path, options);
      this.#files.set(id, key);
    }
    return key;
  }

  async #load(path: string, { passphrase, agent }: KeyOptions): Promise<Key | NoKey> {
    const none = (problem: NoKey['problem']): NoKey => ({ label: path, problem });
    const text = await readFile(path).catch((error: NodeJS.ErrnoException) => error);
    if (text instanceof Error) return none(text.code === 'ENOENT' ? 'missing' : 'unreadable');
    if (!isEncrypted(text)) {
      const parsed = one(ssh2.utils.parseKey(text));
      return parsed instanceof Error || !parsed.isPrivateKey() ? none('unreadable') : keyOf(path, parsed);
    }
    const held = await this.#held(path, agent);
    if (held !== undefined) return held;
    const phrase = passphrase ?? (await this.#ask?.(`Passphrase for the key ${path}: `));
    if (phrase === undefined) return none('encrypted');
    const parsed = one(ssh2.utils.parseKey(text, phrase));
    return parsed instanceof Error ? none('wrong passphrase') : keyOf(path, parsed);
  }

  /** The agent's copy of an encrypted file's key, known by the public key beside it. */
  async #held(path: string, agent: string | undefined): Promise<Key | undefined> {
    const keys = await this.agent(agent);
    if (keys.length === 0) return undefined;
    const text = await readFile(`${path}.pub`).catch(() => undefined); // no .pub file: then it cannot be told
    const parsed = text === undefined ? undefined : one(ssh2.utils.parseKey(text));
    if (parsed === undefined || parsed instanceof Error) return undefined;
    return keys.find(key => key.blob.equals(parsed.getPublicSSH()));
  }
}

function keyOf(label: string, parsed: ParsedKey, agent?: BaseAgent): Key {
  const blob = parsed.getPublicSSH();
  return { label, parsed, blob, fingerprint: fingerprint(blob), agent };
}

/** parseKey returns a list for formats that hold several keys; such files hold one. */
function one(parsed: ParsedKey | Error | readonly ParsedKey[]): ParsedKey | Error {
  return Array.isArray(parsed) ? (parsed[0] as ParsedKey) : (parsed as ParsedKey | Error);
}

function isEncrypted(file: Buffer): boolean {
  const text = file.toString('latin1');
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) return true;
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1];
  if (body === undefined) return false;
  const bytes = Buffer.from(body, 'base64');
  const magic = 'openssh-key-v1\0'.length;
  if (bytes.length < magic + 4) return false;
  const length = bytes.readUInt32BE(magic); // the name of the cipher stands right behind the magic word
  return bytes.subarray(magic + 4, magic + 4 + length).toString('latin1') !== 'none';
}

async function agentKeys(path: string): Promise<readonly Key[]> {
  const agent = ssh2.createAgent(path);
  const found = await new Promise<readonly unknown[]>(resolve => {
    // an agent that is gone is as none: the errors of a login that fails then name what was tried
    agent.getIdentities((error, keys) => resolve(error || keys === undefined ? [] : keys));
  });
  return found.flatMap(raw => {
    const parsed = one(ssh2.utils.parseKey(raw as ParsedKey));
    if (parsed instanceof Error) return [];
    return [keyOf(`agent key ${parsed.comment || parsed.type}`, parsed, agent)];
  });
}
