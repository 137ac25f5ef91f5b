import type { Diagnostics } from '../text/diagnostic.ts';
import type { SourceFile, Span } from '../text/source.ts';

/** A value of an INI file. */
export interface IniValue {
  /** Without the blanks around it and a comment behind it; lines that continue it are joined by line breaks. */
  readonly text: string;
  /** Of its key. */
  readonly key: Span;
  readonly span: Span;
}

/** Values by `section.key`; keys in small letters. */
export type IniFile = ReadonlyMap<string, IniValue>;

/**
 * Reads an INI file as Ansible reads ansible.cfg (Python's ConfigParser): `key = value` or `key: value`; comments are lines
 * that begin with `#` or `;`, and what follows ` ;`; indented lines continue a value; a key or section stands once.
 */
export function readIni(file: SourceFile, found: Diagnostics): IniFile {
  const reader = new IniReader(file, found);
  for (let i = 0; i < file.lineStarts.length; i++) reader.line(file.lineStarts[i] ?? 0, file.lineStarts[i + 1]);
  return reader.values;
}

interface Open {
  readonly name: string;
  readonly indent: number;
}

class IniReader {
  readonly values = new Map<string, IniValue>();
  readonly #file: SourceFile;
  readonly #found: Diagnostics;
  readonly #sections = new Map<string, Span>();
  #section: string | undefined;
  /** The value that indented lines go on with. */
  #open: Open | undefined;

  constructor(file: SourceFile, found: Diagnostics) {
    this.#file = file;
    this.#found = found;
  }

  line(start: number, next: number | undefined): void {
    const whole = this.#file.text.slice(start, next).trimEnd();
    const text = whole.replace(/(^|\s);.*$/, '').trimEnd();
    const content = text.trimStart();
    if (content === '' || content.startsWith('#')) return;
    const indent = text.length - content.length;
    const span = { file: this.#file, start: start + indent, end: start + text.length };
    if (this.#open !== undefined && indent > this.#open.indent) this.#continue(this.#open.name, content, span.end);
    else if (content.startsWith('[')) this.#header(content, span);
    else this.#pair(content, span, indent);
  }

  #continue(name: string, text: string, end: number): void {
    const value = this.values.get(name);
    if (value !== undefined)
      this.values.set(name, { ...value, text: `${value.text}\n${text}`, span: { ...value.span, end } });
  }

  #header(content: string, span: Span): void {
    this.#open = undefined;
    const name = /^\[(.+)\]/.exec(content)?.[1];
    if (name === undefined) return this.#wrong('a section is written in brackets', span, 'write [defaults]');
    const first = this.#sections.get(name);
    this.#section = name;
    if (first === undefined) this.#sections.set(name, span);
    else this.#twice(`the section [${name}] stands twice in this file`, span, first);
  }

  #pair(content: string, span: Span, indent: number): void {
    this.#open = undefined;
    const [, name, before, value] = /^([^=:]+?)(\s*[=:]\s*)(.*)$/s.exec(content) ?? [];
    if (name === undefined || before === undefined || value === undefined)
      return this.#wrong('a line of this file is a section or "key = value"', span, `write ${content} = ...`);
    const key = { ...span, end: span.start + name.length };
    if (this.#section === undefined)
      return this.#wrong(`"${name}" stands before any section`, key, 'write [defaults] in a line before it');
    const id = `${this.#section}.${name.toLowerCase()}`;
    const first = this.values.get(id);
    if (first !== undefined) return this.#twice(`the key "${name}" stands twice in this section`, key, first.key);
    this.values.set(id, { text: value, key, span: { ...span, start: key.end + before.length } });
    this.#open = { name: id, indent };
  }

  #wrong(message: string, span: Span, suggestion: string): void {
    this.#found.error('wrong-shape', message, { span, suggestion });
  }

  #twice(message: string, span: Span, first: Span): void {
    this.#found.error('duplicate-key', message, { span, notes: [{ message: 'the first one is', span: first }] });
  }
}
