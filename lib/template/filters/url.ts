import { type Call, content, type SpecTable } from '../call.ts';
import { Failure } from '../error.ts';
import { iterate } from '../loop.ts';
import { str } from '../print.ts';
import type { Value } from '../values.ts';

function encoded(text: string, safe = '/'): string {
  if (/\p{Cs}/u.test(text)) throw new Failure('urlencode needs text that can be written as UTF-8');
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%2F/g, safe.includes('/') ? '/' : '%2F');
}

function urlencode(call: Call): string {
  const { input } = call;
  if (typeof input === 'string' || !(input instanceof Map || Array.isArray(input))) return encoded(str(input));
  const pairs = input instanceof Map ? [...input] : iterate(input).map(pair => iterate(pair));
  if (pairs.some(pair => pair.length !== 2)) call.fail('needs a dict, or a list of pairs');
  return pairs.map(([key, value]) => `${query(str(key as Value))}=${query(str(value as Value))}`).join('&');
}

function query(text: string): string {
  return encoded(text, '').replace(/%20/g, '+');
}

const URL_PARTS = /^(?:([A-Za-z][A-Za-z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

/** The parts of a URL, as Ansible's `urlsplit` names them. */
function urlsplit(call: Call): Value {
  const [, scheme = '', netloc = '', path = '', rest = '', fragment = ''] = URL_PARTS.exec(call.inputText()) ?? [];
  const found = /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(netloc);
  const [, username, password, host, port] = found ?? [];
  const parts = new Map<string, Value>([
    ['fragment', fragment],
    ['hostname', host === undefined || host === '' ? null : host.replace(/^\[|\]$/g, '').toLowerCase()],
    ['netloc', netloc],
    ['password', password ?? null],
    ['path', path],
    ['port', port === undefined || port === '' ? null : Number(port)],
    ['query', rest],
    ['scheme', scheme.toLowerCase()],
    ['username', username ?? null],
  ]);
  const name = call.value(0, '');
  if (name === '' || name === null) return parts;
  const value = parts.get(str(name));
  return value === undefined
    ? call.fail(`knows no part "${str(name)}" of a URL`, `use one of ${[...parts.keys()].join(', ')}`)
    : value;
}

/** Filters of URLs. */
export const urlFilters: SpecTable = {
  urlencode: content('', urlencode),
  urldecode: content('', call => decodeURIComponent(str(call.input).replaceAll('+', ' '))),
  urlsplit: content('query?', urlsplit),
};
