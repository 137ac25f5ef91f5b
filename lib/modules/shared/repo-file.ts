/** The text of a .repo file: sections with options, as yum and dnf read them. */

/** Options of a section by their names. */
export type Options = Readonly<Record<string, string>>;

interface Section {
  readonly id: string;
  readonly options: Options;
  /** Lines of the section: where its header is, and one beyond its last option. */
  readonly first: number;
  readonly end: number;
}

const HEADER = /^\[([^\]]*)\]/;
const COMMENT = /^\s*([#;]|$)/;

/** The text with the section as it is wanted; undefined when it is so already. */
export function withSection(text: string, id: string, wanted: Options): string | undefined {
  const old = sectionsOf(text).filter(section => section.id === id);
  if (old.length === 1 && old[0] !== undefined && same(old[0].options, wanted)) return undefined;
  const block = [`[${id}]`, ...Object.keys(wanted).map(key => `${key} = ${wanted[key]?.replaceAll('\n', '\n\t')}`)];
  const lines = linesOf(text);
  const [first] = old;
  if (first === undefined) {
    const gap = lines.length > 0 && lines.at(-1) !== '' ? [''] : [];
    return joined([...lines, ...gap, ...block, '']);
  }
  const kept = cut(lines, old);
  return joined([...kept.slice(0, first.first), ...block, ...kept.slice(first.first)]);
}

/** The text without the section; undefined when it is not in there, '' when nothing else is. */
export function withoutSection(text: string, id: string): string | undefined {
  const sections = sectionsOf(text);
  const old = sections.filter(section => section.id === id);
  if (old.length === 0) return undefined;
  if (old.length === sections.length) return '';
  const lines = linesOf(text);
  // the empty line that stood between this section and the next goes too
  const wider = old.map(section => ({ ...section, end: section.end + (lines[section.end] === '' ? 1 : 0) }));
  return joined(cut(lines, wider));
}

function sectionsOf(text: string): readonly Section[] {
  const found: Section[] = [];
  let open: { id: string; options: Record<string, string>; first: number; end: number } | undefined;
  let last: string | undefined;
  linesOf(text).forEach((line, at) => {
    const id = HEADER.exec(line)?.[1];
    if (id !== undefined) {
      open = { id, options: {}, first: at, end: at + 1 };
      found.push(open);
      last = undefined;
    }
    if (open === undefined || id !== undefined || COMMENT.test(line)) return;
    open.end = at + 1;
    const [, key, value] = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (/^\s/.test(line) && last !== undefined) open.options[last] += `\n${line.trim()}`;
    else if (key !== undefined) {
      last = key.toLowerCase();
      open.options[last] = value ?? '';
    }
  });
  return found;
}

function same(a: Options, b: Options): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name]);
}

function cut(lines: readonly string[], sections: readonly Section[]): readonly string[] {
  return lines.filter((_, at) => !sections.some(section => at >= section.first && at < section.end));
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
