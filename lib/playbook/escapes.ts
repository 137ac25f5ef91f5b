import type { ScalarNode } from '../yaml/node.ts';

const ESCAPE = /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\\'"abfnrtv]))/g;
const SINGLE: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * A value of `name=value` with its escapes read, also those inside of templates; what is no escape stays as it is (`\d`,
 * `\1`). As Ansible, which reads them before the template is rendered.
 */
export function withoutEscapes(node: ScalarNode): ScalarNode {
  if (!node.source.includes('\\')) return node;
  const places: number[] = [];
  let source = '';
  let end = 0;
  const copy = (to: number) => {
    for (let i = end; i < to; i++) places.push(i);
    source += node.source.slice(end, to);
  };
  for (const match of node.source.matchAll(ESCAPE)) {
    const text = meant(match);
    if (text === undefined) continue;
    copy(match.index);
    for (let i = 0; i < text.length; i++) places.push(match.index);
    source += text;
    end = match.index + match[0].length;
  }
  copy(node.source.length);
  places.push(node.source.length);
  return { ...node, value: source, source, offsetAt: i => node.offsetAt(places[i] ?? node.source.length) };
}

/** The first character that is written by its name, `\N{BULLET}`: there is no list of all their names here. */
export function namedCharacter(node: ScalarNode): ScalarNode | undefined {
  for (const { 0: source, 1: name, index } of node.source.matchAll(/\\(?:N\{([^{}]+)\}|[^])/g)) {
    if (name === undefined) continue;
    const span = { file: node.span.file, start: node.offsetAt(index), end: node.offsetAt(index + source.length) };
    return { ...node, value: source, source, span };
  }
  return undefined;
}

/** What an escape stands for; undefined for a number that is no character. */
function meant([, long, four, two, single]: RegExpMatchArray): string | undefined {
  if (single !== undefined) return SINGLE[single] ?? single;
  const code = Number.parseInt(long ?? four ?? two ?? '', 16);
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
