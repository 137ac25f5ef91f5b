import { type Call, content, type SpecTable, structure } from '../call.ts';
import { str } from '../print.ts';
import type { Item } from '../special.ts';
import { taint, taintOf } from '../taint.ts';
import { Undefined, Unknown } from '../values.ts';

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** Text as it stands in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, char => NAMES[char] as string);
}

/** `{'class': 'x'} | xmlattr`: ` class="x"`; what is None or undefined is left out. */
function xmlattr(call: Call): Item {
  if (!(call.input instanceof Map)) return call.wrongInput('a dict');
  let secret = false;
  const given = [...call.input].filter(([, value]) => value !== null && !(value instanceof Undefined));
  for (const [, value] of given) {
    const held = taintOf(value);
    if (held instanceof Unknown) return held;
    secret ||= held;
  }
  const parts = given.map(([key, value]) => {
    const name = str(key);
    if (/[\s/>=]/.test(name)) call.fail(`cannot make an attribute called "${name}"`);
    return `${escapeHtml(name)}="${escapeHtml(str(value))}"`;
  });
  const text = parts.join(' ');
  return taint(text !== '' && call.bool(0, true) ? ` ${text}` : text, secret);
}

const SITE =
  /^(?:(?:https?:\/\/|www\.)(?:[\w%-]+\.)*(?:[a-z]{2,63}|xn--[\w%]{2,59})|(?:[\w%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)|https?:\/\/(?:\d{1,3}(?:\.\d{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\]))(?::\d{1,5})?(?:[/?#]\S*)?$/i;
const MAIL = /^\S+@\w[\w.-]*\.\w+$/;
const BRACKETS = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;

/** Links for what looks like an address in a text. */
function urlize(call: Call): string {
  const limit = call.value(0) === null ? undefined : call.int(0);
  const rel = new Set([...str(call.value(3) ?? '').split(/\s+/), 'noopener', ...(call.bool(1) ? ['nofollow'] : [])]);
  rel.delete('');
  const target = call.value(2) === null ? '' : ` target="${escapeHtml(call.text(2))}"`;
  const attributes = ` rel="${escapeHtml([...rel].sort().join(' '))}"${target}`;
  const schemes = call.value(4) === null ? [] : call.list(4).map(item => str(item));
  const shown = (text: string) => (limit !== undefined && text.length > limit ? `${text.slice(0, limit)}...` : text);
  const link = (text: string): string => {
    if (SITE.test(text))
      return `<a href="${/^https?:\/\//.test(text) ? '' : 'https://'}${text}"${attributes}>${shown(text)}</a>`;
    if (text.startsWith('mailto:') && MAIL.test(text.slice(7))) return `<a href="${text}">${text.slice(7)}</a>`;
    if (text.includes('@') && !text.startsWith('www.') && !text.includes(':') && MAIL.test(text))
      return `<a href="mailto:${text}">${text}</a>`;
    const own = schemes.some(scheme => text !== scheme && text.startsWith(scheme));
    return own ? `<a href="${text}"${attributes}>${text}</a>` : text;
  };
  return escapeHtml(str(call.input))
    .split(/(\s+)/)
    .map(word => linked(word, link))
    .join('');
}

/** A word's link without the brackets and stops around it; brackets that belong to the address stay in it. */
function linked(word: string, link: (text: string) => string): string {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? '';
  let middle = word.slice(head.length);
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? '';
  middle = middle.slice(0, middle.length - tail.length);
  for (const [open, close] of BRACKETS) {
    const opened = middle.split(open).length - 1;
    if (opened <= middle.split(close).length - 1) continue;
    for (let i = Math.min(opened, tail.split(close).length - 1); i > 0; i--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return head + link(middle) + tail;
}

/** Filters that write HTML. */
export const htmlFilters: SpecTable = {
  xmlattr: structure('autospace?', xmlattr),
  urlize: content('trim_url_limit? nofollow? target? rel? extra_schemes?', urlize),
};
