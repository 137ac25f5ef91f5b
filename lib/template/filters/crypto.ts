import { createHash, getHashes, randomInt } from 'node:crypto';
import { type Call, content, type SpecTable } from '../call.ts';
import { Failure } from '../error.ts';
import { str } from '../print.ts';
import { passwordHash } from './password-hash.ts';

function digest(call: Call, algorithm: string): string {
  const name = algorithm.toLowerCase().replaceAll('_', '-');
  const known = name === 'sha' ? 'sha1' : name;
  if (!getHashes().includes(known)) call.fail(`knows no hash "${algorithm}"`, 'use sha1, sha256, sha512 or md5');
  return createHash(known).update(str(call.input), 'utf8').digest('hex');
}

/** A UUID of Ansible's namespace, as its `to_uuid` makes it. */
function uuid5(name: string, namespace: string): string {
  if (!/^[\da-f]{32}$/i.test(namespace.replaceAll('-', ''))) throw new Failure(`"${namespace}" is not a UUID`);
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  const bytes = createHash('sha1').update(space).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const SPACE = '361e6d51-faec-444a-9079-341386da8e2e';

/** Six bytes after a prefix, as Ansible's `random_mac`. */
function randomMac(call: Call): string {
  const prefix = call.inputText().toLowerCase();
  const parts = prefix.split(':');
  if (parts.length > 5 || !parts.every(part => /^[\da-f]{2}$/.test(part)))
    call.fail('needs the first 1 to 5 bytes of an address, as "52:54:00"');
  const seed = call.value(0);
  const digits = seed === null ? undefined : createHash('sha256').update(str(seed)).digest();
  while (parts.length < 6)
    parts.push((digits ? (digits[parts.length] as number) : randomInt(256)).toString(16).padStart(2, '0'));
  return parts.join(':');
}

/** Filters that hash. */
export const cryptoFilters: SpecTable = {
  hash: content('hashtype?', call => digest(call, call.text(0, 'sha1'))),
  checksum: content('', call => digest(call, 'sha1')),
  sha1: content('', call => digest(call, 'sha1')),
  md5: content('', call => digest(call, 'md5')),
  password_hash: content('hashtype? salt? salt_size? rounds? ident?', passwordHash),
  to_uuid: content('namespace?', call => uuid5(str(call.input), call.text(0, SPACE))),
  random_mac: content('seed?', randomMac),
};
