/** What shall be, or not be, in an INI file. */
export interface IniWish {
  readonly section?: string | undefined;
  readonly option?: string | undefined;
  readonly values: readonly string[];
  readonly state: 'present' | 'absent';
  readonly exclusive: boolean;
  readonly allow_no_value: boolean;
  readonly no_extra_spaces: boolean;
}

/** A line, and whether it is one that this edit wrote or found right. */
interface Line {
  readonly text: string;
  readonly ours?: true;
}

/** The text with the wish fulfilled, and Ansible's word for what was done. */
export function editIni(text: string, wish: IniWish): { readonly text: string; readonly message: string } {
  // as Ansible: a mark at the start is dropped and line ends become \n, but only where something is written
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const lines = (plain === '' ? '\n' : plain.replace(/\n?$/, '\n')).slice(0, -1).split('\n');
  const { lines: edited, message } = wish.state === 'absent' ? removed(lines, wish) : set(lines, wish);
  const whole = edited.length === 0 ? '' : `${edited.join('\n')}\n`;
  // as Ansible: a last line without its end is ended in any case
  if (message !== 'OK' || (plain !== '' && whole !== plain)) return { text: whole, message };
  return { text, message };
}

interface Edited {
  readonly lines: readonly string[];
  readonly message: string;
}

/** Where the lines of a section are, its header among them: the first of that name; undefined when there is none. */
function rangeOf(lines: readonly string[], section: string | undefined): readonly [number, number] | undefined {
  const start = section ? lines.findIndex(line => line.startsWith(`[${section}]`)) : -1;
  if (section && start < 0) return undefined;
  const end = lines.findIndex((line, i) => i > start && line.startsWith('['));
  return [Math.max(start, 0), end < 0 ? lines.length : end];
}

/** Splits a line of the option: whether it is a comment, and the value ('' without one); undefined for other lines. */
function reader(option: string): (line: string) => { readonly comment: boolean; readonly value: string } | undefined {
  const name = option.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  const pattern = new RegExp(`^([#;]?)[ \\t]*${name}[ \\t]*(?:=|$)[ \\t]*(.*)$`);
  return line => {
    const found = pattern.exec(line);
    return found === null ? undefined : { comment: found[1] !== '', value: found[2] ?? '' };
  };
}

function removed(lines: readonly string[], wish: IniWish): Edited {
  const range = rangeOf(lines, wish.section);
  if (range === undefined) return { lines, message: 'OK' };
  const [start, end] = range;
  if (wish.option === undefined)
    return { lines: [...lines.slice(0, start), ...lines.slice(end)], message: 'section removed' };
  const read = reader(wish.option);
  const kept = lines.slice(start, end).filter(line => {
    const found = read(line);
    if (found === undefined || found.comment) return true;
    return !wish.exclusive && !wish.values.includes(found.value);
  });
  const message = kept.length === end - start ? 'OK' : 'option changed';
  return { lines: [...lines.slice(0, start), ...kept, ...lines.slice(end)], message };
}

function set(lines: readonly string[], wish: IniWish): Edited {
  const range = rangeOf(lines, wish.section);
  if (range === undefined) {
    const option = wish.option === undefined ? [] : linesFor(wish.option, wish.values, wish);
    return { lines: [...lines, `[${wish.section}]`, ...option], message: 'section and option added' };
  }
  if (wish.option === undefined) return { lines, message: 'OK' };
  const [start, end] = range;
  const before = lines.slice(start, end);
  const { kept, missing } = settled(before, wish.option, wish);
  const added = linesFor(wish.option, missing, wish, kept);
  const at = kept.findLastIndex(line => !/^[ \t]*(?:[#;].*)?$/.test(line)) + 1;
  const section = [...kept.slice(0, at), ...added, ...kept.slice(at)];
  const same = section.length === before.length && section.every((line, i) => line === before[i]);
  const message = added.length > 0 ? 'option added' : same ? 'OK' : 'option changed';
  return { lines: [...lines.slice(0, start), ...section, ...lines.slice(end)], message };
}

/** The lines to add: those of the values, or the option alone where it may have none and no line has it. */
function linesFor(option: string, values: readonly string[], wish: IniWish, present: readonly string[] = []): string[] {
  if (wish.values.length > 0) return values.map(value => lineOf(option, value, wish));
  return present.includes(option) ? [] : [option];
}

function lineOf(option: string, value: string, wish: IniWish): string {
  if (value === '' && wish.allow_no_value) return option;
  return wish.no_extra_spaces ? `${option}=${value}` : `${option} = ${value}`;
}

/** The lines of a section with those of the option as they shall be, and the values that no line has. */
function settled(before: readonly string[], option: string, wish: IniWish) {
  const read = reader(option);
  const missing = [...wish.values];
  const lines = before.map((text): Line => ({ text }));
  const put = (at: number, text: string) => lines.splice(at, 1, { text, ours: true });
  // lines that have a value already are written as others are
  before.forEach((text, at) => {
    const found = read(text);
    if (found === undefined || !missing.includes(found.value)) return;
    missing.splice(missing.indexOf(found.value), 1);
    put(at, lineOf(option, found.value, wish));
  });
  if (wish.values.length === 0) {
    // as Ansible: only the first line loses its value
    const first = before.findIndex(text => read(text) !== undefined);
    if (first >= 0) put(first, option);
    return { kept: lines.map(line => line.text), missing };
  }
  if (!wish.exclusive || wish.allow_no_value) return { kept: lines.map(line => line.text), missing };
  for (const [at, line] of lines.entries()) {
    const value = missing[0];
    if (value === undefined || line.ours || read(line.text) === undefined) continue;
    missing.shift();
    put(at, lineOf(option, value, wish));
  }
  return { kept: lines.filter(line => line.ours || read(line.text) === undefined).map(line => line.text), missing };
}
