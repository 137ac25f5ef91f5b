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
  const words = /^(\S+)\s+(\S+)(?:\s+(.*))?$/s.exec(text);
  if (words !== null && isKeyType(words[1] ?? ''))
    return { options: [], type: words[1] ?? '', blob: words[2] ?? '', comment: words[3] ?? '' };
  // options are words parted by commas, whose values in double quotes may hold blanks and commas; each character can be
  // matched in one way only, or a long line that is no key would be tried in ways without end
  const found = /^((?:[^\s"]|"(?:\\"|\\(?!")|[^"\\])*")+)\s+(\S+)\s+(\S+)(?:\s+(.*))?$/s.exec(text);
  if (found === null || !isKeyType(found[2] ?? '')) return undefined;
  return {
    options: splitOptions(found[1] ?? ''),
    type: found[2] ?? '',
    blob: found[3] ?? '',
    comment: found[4] ?? '',
  };
}

/** Options parted at commas, but not at those in quotes; undefined when a quote is open. */
export function splitOptions(text: string): readonly string[] {
  return text.match(/(?:[^",]|"(?:\\"|[^"])*"?)+/g) ?? [];
}

/** A key as a line of authorized_keys. */
export function authorizedLine(key: AuthorizedKey): string {
  return [key.options.join(','), key.type, key.blob, key.comment].filter(word => word !== '').join(' ');
}

function shortened(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24)}...` : text;
}
