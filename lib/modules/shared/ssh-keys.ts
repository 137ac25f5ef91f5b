/** A public key as files of ssh have it. */
export interface SshKey {
  readonly type: string;
  /** The key itself, base64. */
  readonly blob: string;
  readonly comment: string;
}

/** One of authorized_keys, with what stands before it. */
export interface AuthorizedKey extends SshKey {
  readonly options: readonly string[];
}

const TYPE =
  /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com|(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256))-cert-v01@openssh\.com)$/;

/** Is this word the name of a kind of key that OpenSSH knows? */
export function isKeyType(word: string): boolean {
  return TYPE.test(word);
}

/** What is wrong with the key itself: its first field is its own kind again. */
export function blobFault(key: Pick<SshKey, 'type' | 'blob'>): string | undefined {
  const bytes = Buffer.from(key.blob, 'base64');
  const plain = /^[A-Za-z0-9+/]+={0,2}$/.test(key.blob) && key.blob.length % 4 === 0;
  if (!plain || bytes.length < 8) return `the ${key.type} key "${shortened(key.blob)}" is no base64 of a key`;
  const named = bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString('latin1');
  return named === key.type ? undefined : `the key "${shortened(key.blob)}" is not of the type ${key.type}`;
}

/** A key with its options, or undefined for a comment, an empty line, or what is no key. */
export function parseAuthorized(line: string): AuthorizedKey | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const plain = keyOf(text);
  if (plain !== undefined) return { options: [], ...plain };
  // options end at the first blank that is not in quotes
  const end = [...outside(text)].find(({ char }) => /\s/.test(char))?.at;
  const key = end === undefined ? undefined : keyOf(text.slice(end).trimStart());
  return key === undefined ? undefined : { options: splitOptions(text.slice(0, end)), ...key };
}

function keyOf(text: string): SshKey | undefined {
  const [, type = '', blob = '', comment = ''] = /^(\S+)\s+(\S+)(?:\s+(.*))?$/s.exec(text) ?? [];
  return isKeyType(type) ? { type, blob, comment } : undefined;
}

/** Options parted at commas, but not at those in quotes. */
export function splitOptions(text: string): readonly string[] {
  const commas = [...outside(text)].filter(({ char }) => char === ',').map(({ at }) => at);
  return [-1, ...commas].map((comma, i) => text.slice(comma + 1, commas[i])).filter(option => option !== '');
}

/** The characters that are not in double quotes; a backslash before a quote makes it one like any other. */
function* outside(text: string): Iterable<{ readonly char: string; readonly at: number }> {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '\\' && text[at + 1] === '"') at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted) yield { char, at };
  }
}

/** A key as a line of authorized_keys. */
export function authorizedLine(key: AuthorizedKey): string {
  return [key.options.join(','), key.type, key.blob, key.comment].filter(word => word !== '').join(' ');
}

function shortened(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24)}...` : text;
}
