import { didYouMean } from '../text/near.ts';
import type { SourceFile } from '../text/source.ts';
import type { MapEntry, MapNode, Node } from '../yaml/node.ts';
import type { GroupDraft } from './groups.ts';
import { readLiteral } from './literal.ts';
import { isGroupName, readGroupVars, readHosts, type SyntaxContext } from './syntax.ts';
import { splitWords } from './words.ts';
import { Written } from './written.ts';

const KINDS = ['hosts', 'vars', 'children'] as const;
type SectionKind = (typeof KINDS)[number];

/** A section of the file; its name may be that of a group that no section declares. */
interface Section {
  readonly name: Written;
  readonly kind: SectionKind;
  readonly vars: MapEntry[];
  readonly children: Written[];
}

/**
 * Adds an INI inventory to the draft, as Ansible's ini plugin reads it. Values are Python literals where they can be,
 * and text elsewhere: on a host's line the words of a shell, in a `:vars` section all that stands behind the `=`.
 */
export function readIniInventory(file: SourceFile, c: SyntaxContext): void {
  const sections: Section[] = [];
  let group: GroupDraft | undefined = c.draft.group('ungrouped');
  let section: Section | undefined;
  for (const line of linesOf(file)) {
    if (/^(?:[#;]|$)/.test(line.text)) continue;
    const header = headerOf(line, c);
    if (header === 'none') {
      if (section?.kind === 'vars') readVar(line, section, c);
      else if (section?.kind === 'children') readChild(line, section, c);
      else if (group !== undefined) readHost(line, group, c);
      continue;
    }
    section = header === 'bad' ? undefined : header;
    group = section?.kind === 'hosts' ? declared(section.name, c) : undefined;
    if (section !== undefined) sections.push(section);
    if (section?.kind === 'children') declared(section.name, c);
  }
  // Only now are all groups known: as in Ansible a section may speak of one that is declared further down.
  for (const each of sections) finishSection(each, c);
}

function* linesOf(file: SourceFile): Iterable<Written> {
  for (const [i, start] of file.lineStarts.entries()) {
    const first = i === 0 && file.text.startsWith('\ufeff') ? 1 : start;
    yield Written.of(file, first, (file.lineStarts[i + 1] ?? file.text.length + 1) - 1).trim();
  }
}

/** The section that a line begins, if it begins one; lines such as `[fe80::1]:22` are hosts. */
function headerOf(line: Written, c: SyntaxContext): Section | 'none' | 'bad' {
  const inside = /^\[([^\]]*)\]\s*(?:#.*)?$/.exec(line.text)?.[1];
  if (inside === undefined) return 'none';
  const [, name, kind = 'hosts'] = /^([^:\]\s]+)(?::(\w+))?$/.exec(inside) ?? [];
  if (name === undefined) {
    c.found.error('wrong-shape', `"[${inside}]" is no section`, {
      span: line.slice(0, inside.length + 2).span,
      suggestion: 'write [group], [group:vars] or [group:children], without blanks',
    });
    return 'bad';
  }
  const known = KINDS.find(k => k === kind);
  if (known !== undefined) return { name: line.slice(1, name.length + 1), kind: known, vars: [], children: [] };
  c.found.error('unknown-inventory-keyword', `a section cannot be of the kind "${kind}"`, {
    span: line.slice(name.length + 2, inside.length + 1).span,
    suggestion: didYouMean(kind, KINDS) ?? 'write [group], [group:vars] or [group:children]',
  });
  return 'bad';
}

function declared(name: Written, c: SyntaxContext): GroupDraft | undefined {
  if (!isGroupName(name.node(), c)) return undefined;
  const group = c.draft.group(name.text);
  group.span ??= name.span;
  return group;
}

function readHost(line: Written, group: GroupDraft, c: SyntaxContext): void {
  const split = splitWords(line);
  if (!split.ok) return c.found.error('bad-value', split.problem, { span: split.at.span });
  const [name, ...rest] = split.words;
  if (name === undefined) return;
  // As Ansible it would be a host of this name, which nobody means.
  if (name.text.includes('='))
    return c.found.error('wrong-shape', `"${name.text}" stands where a host is expected`, {
      span: name.span,
      suggestion: 'variables of a group stand under [group:vars]',
    });
  const bad = rest.findIndex(word => word.text.indexOf('=') < 1);
  if (bad >= 0) reportWord(rest, bad, c);
  const entries = rest.slice(0, bad < 0 ? undefined : bad).map((word): MapEntry => {
    const equals = word.text.indexOf('=');
    return { key: word.slice(0, equals).node(), value: valueOf(word.slice(equals + 1), c) };
  });
  const value: MapNode = { kind: 'map', entries, span: line.span };
  readHosts(group, { key: name.node(), value }, c);
}

/** The first word of a line that sets nothing: what follows may belong to it. */
function reportWord(words: readonly Written[], index: number, c: SyntaxContext): void {
  const word = words[index] as Written;
  const before = words[index - 1]?.text ?? '';
  const name = before.slice(0, before.indexOf('='));
  const suggestion =
    word.text.startsWith('=') || words[index + 1]?.text.startsWith('=')
      ? 'no blanks stand around "="'
      : before.includes('{{')
        ? `put the template in quotes: ${name}="{{ ... }}"`
        : before === ''
          ? 'write each variable as name=value'
          : `a value with blanks stands in quotes: ${name}="..."`;
  c.found.error('wrong-shape', `"${word.text}" sets no variable`, { span: word.span, suggestion });
}

function readVar(line: Written, section: Section, c: SyntaxContext): void {
  const equals = line.text.indexOf('=');
  if (equals < 1)
    return c.found.error('wrong-shape', `"${line.text}" sets no variable`, {
      span: line.span,
      suggestion: 'write name=value',
    });
  section.vars.push({ key: line.slice(0, equals).trim().node(), value: valueOf(line.slice(equals + 1).trim(), c) });
}

function readChild(line: Written, section: Section, c: SyntaxContext): void {
  const name = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line.text)?.[1];
  if (name !== undefined) section.children.push(line.slice(0, name.length));
  else
    c.found.error('wrong-shape', `"${line.text}" is not the name of a group`, {
      span: line.span,
      suggestion: 'under [group:children] each line is the name of one group',
    });
}

function valueOf(written: Written, c: SyntaxContext): Node {
  const literal = readLiteral(written);
  if (literal.kind === 'value') return literal.node;
  if (literal.kind === 'refused')
    c.found.error('bad-value', `Python reads ${literal.what} here, which no variable can hold`, {
      span: written.span,
      suggestion: 'put quotes into quotes for text: name="\'text\'"',
    });
  return written.node();
}

function finishSection(section: Section, c: SyntaxContext): void {
  const { name } = section;
  if (section.kind === 'vars') {
    const group = c.draft.groups.get(name.text);
    if (group === undefined)
      return reportGroup(name, `[${name.text}:vars] is about a group that no section declares`, c);
    readGroupVars(group, { kind: 'map', entries: section.vars, span: name.span }, c);
  }
  for (const child of section.children) {
    const parent = c.draft.groups.get(name.text);
    const group = c.draft.groups.get(child.text);
    if (group === undefined) reportGroup(child, `no section declares the group "${child.text}"`, c);
    else if (parent !== undefined) c.draft.child(parent, group, child.span);
  }
}

function reportGroup(name: Written, message: string, c: SyntaxContext): void {
  const suggestion = didYouMean(name.text, [...c.draft.groups.keys()]) ?? `write [${name.text}] before its hosts`;
  c.found.error('unknown-group', message, { span: name.span, suggestion });
}
