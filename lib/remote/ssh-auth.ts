import ssh2, {
  type AnyAuthMethod,
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
} from 'ssh2';
import type { Hop } from './hop.ts';
import type { Key, Keys, NoKey } from './keys.ts';

/** The tries of one login, in order, and a record of them for the message of a login that failed. */
export class Logins {
  readonly tried: string[] = [];
  /** What the server takes, once it has said so. */
  methods: readonly string[] | undefined;
  readonly #hop: Hop;
  readonly #next: AsyncGenerator<AnyAuthMethod>;

  constructor(hop: Hop, keys: Keys) {
    this.#hop = hop;
    this.#next = this.#all(keys);
  }

  /** The next try; undefined when there is none left. `methods`: what the server says may go on. */
  async next(methods: readonly string[] | null): Promise<AnyAuthMethod | undefined> {
    if (methods !== null) this.methods = methods;
    const step = await this.#next.next();
    return step.done === true ? undefined : step.value;
  }

  /** as ssh: keys before passwords; a named key before the agent's others, or the server's limit of tries ends first. */
  async *#all(keys: Keys): AsyncGenerator<AnyAuthMethod> {
    const { user: username, password } = this.#hop;
    const offered = new Set<string>();
    for await (const key of this.#keys(keys)) {
      if ('problem' in key) {
        if (key.problem !== 'missing' || key.label === this.#hop.keyFile)
          this.tried.push(`${key.label} (${key.problem})`);
        continue;
      }
      if (!this.#takes('publickey')) break;
      if (offered.has(key.fingerprint)) continue;
      offered.add(key.fingerprint);
      this.tried.push(`${key.label} (${key.fingerprint})`);
      yield key.agent === undefined
        ? { type: 'publickey', username, key: key.parsed }
        : { type: 'agent', username, agent: new OneKey(key.agent, key.parsed) };
    }
    if (password === undefined) {
      // nothing was offered: the answer names what the server takes, and a host that asks nothing lets us in
      if (offered.size === 0) yield { type: 'none', username };
      return;
    }
    if (this.#takes('password')) {
      this.tried.push('the password');
      yield { type: 'password', username, password };
    }
    if (this.#takes('keyboard-interactive')) {
      this.tried.push('the password (keyboard-interactive)');
      yield { type: 'keyboard-interactive', username, prompt: answerWith(password) };
    }
  }

  async *#keys(keys: Keys): AsyncGenerator<Key | NoKey> {
    const { keyFile, moreKeyFiles, identitiesOnly, agent } = this.#hop;
    if (keyFile !== undefined) yield await keys.file(keyFile, this.#hop);
    if (!identitiesOnly) yield* await keys.agent(agent);
    for (const file of moreKeyFiles) yield await keys.file(file, this.#hop);
  }

  #takes(method: string): boolean {
    return this.methods === undefined || this.methods.includes(method);
  }
}

/** Answers the hidden questions with the password, once: a second round means that it was wrong. */
function answerWith(password: string) {
  let rounds = 0;
  return (
    _name: string,
    _instructions: string,
    _lang: string,
    prompts: readonly { echo?: boolean | undefined }[],
    finish: (answers: string[]) => void,
  ) => {
    rounds++;
    finish(prompts.map(prompt => (rounds === 1 && prompt.echo !== true ? password : '')));
  };
}

/** An agent that shows one key, so that every try is known by name. */
class OneKey extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent;
  readonly #key: ParsedKey;
  constructor(agent: BaseAgent, key: ParsedKey) {
    super();
    this.#agent = agent;
    this.#key = key;
  }
  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    done(null, [this.#key]);
  }
  override sign(key: ParsedKey, data: Buffer, options: unknown, done?: SignCallback): void {
    this.#agent.sign(key, data, options as { hash?: 'sha256' }, done);
  }
}
