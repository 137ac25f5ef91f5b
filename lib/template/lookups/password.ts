import { createHash, randomInt } from 'node:crypto';
import { type Call, content, type SpecTable } from '../call.ts';
import { Failure } from '../error.ts';
import { hashPassword, randomSalt } from '../filters/password-hash.ts';
import { str } from '../print.ts';
import { Secret, type Value } from '../values.ts';
import { options, termTexts } from './file.ts';

const CLASSES: Readonly<Record<string, string>> = {
  ascii_lowercase: 'abcdefghijklmnopqrstuvwxyz',
  ascii_uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ascii_letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/** The password kept in a file, made when there is none; `/dev/null` keeps nothing. */
function password(call: Call): Value {
  const all = options(call);
  return termTexts(call).map(term => {
    const { path, settings } = parse(call, term, all);
    const made = obtain(call, path, settings);
    call.frame.run.scope.services.hide(made);
    return new Secret(made);
  });
}

function parse(
  call: Call,
  term: string,
  all: ReadonlyMap<string, Value>,
): { path: string; settings: Map<string, string> } {
  const [path = '', ...words] = term.split(/\s+(?=(?:length|encrypt|chars|ident|seed)=)/);
  const settings = new Map<string, string>(
    [...all]
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, Array.isArray(value) ? value.map(one => str(one)).join(',') : str(value)]),
  );
  for (const word of words) {
    const at = word.indexOf('=');
    settings.set(word.slice(0, at), word.slice(at + 1).trim());
  }
  const bad = [...settings.keys()].find(name => !['length', 'encrypt', 'chars', 'seed', 'ident'].includes(name));
  if (bad !== undefined) call.fail(`has no option "${bad}"`);
  return { path, settings };
}

function obtain(call: Call, path: string, settings: ReadonlyMap<string, string>): string {
  const { services } = call.frame.run.scope;
  const encrypt = settings.get('encrypt');
  const stored = path === '/dev/null' ? undefined : services.readFile(path, 'files');
  const [line = ''] = stored ? new TextDecoder().decode(stored.bytes).split('\n') : [];
  const kept = /^(.*?)(?: salt=(\S+))?$/s.exec(line);
  const plain = stored ? (kept?.[1] ?? '') : generate(settings);
  const salt = encrypt === undefined ? kept?.[2] : (kept?.[2] ?? randomSalt(16));
  if (path !== '/dev/null' && (!stored || (salt !== undefined && kept?.[2] === undefined)))
    store(call, path, salt === undefined ? plain : `${plain} salt=${salt}`);
  return encrypt === undefined || salt === undefined ? plain : hashPassword(plain, encrypt, salt);
}

function store(call: Call, path: string, line: string): void {
  const { services } = call.frame.run.scope;
  if (!services.storePassword)
    throw new Failure(
      `the lookup "password" found no file "${path}" and cannot make one here`,
      undefined,
      'missing-file',
    );
  services.storePassword(path, `${line}\n`);
}

function generate(settings: ReadonlyMap<string, string>): string {
  const length = Number(settings.get('length') ?? 20);
  if (!Number.isInteger(length) || length < 1) throw new Failure('the lookup "password" needs a positive "length"');
  const wanted = settings.get('chars') ?? 'ascii_letters,digits,.,:,-,_';
  // Two commas stand for a comma.
  const names = wanted
    .replaceAll(',,', ',\0')
    .split(',')
    .map(name => (name === '\0' ? ',' : name.replaceAll('\0', '')));
  const all = [
    ...new Set(names.flatMap(name => Array.from(Object.hasOwn(CLASSES, name) ? (CLASSES[name] as string) : name))),
  ];
  if (all.length === 0) throw new Failure('the lookup "password" needs "chars" that are not empty');
  const seed = settings.get('seed');
  if (seed === undefined) return Array.from({ length }, () => all[randomInt(all.length)]).join('');
  return Array.from(
    { length },
    (_, i) => all[createHash('sha256').update(`${seed}\0${i}`).digest().readUInt32BE() % all.length],
  ).join('');
}

/** Lookups of passwords. */
export const passwordLookups: SpecTable = {
  password: content('*terms **options', password),
};
