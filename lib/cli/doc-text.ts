import type { ArgSchema, Module, ValueSchema } from '../module.ts';
import { fullName } from '../playbook/collections.ts';

/** What each kind of module is, for who uses it. */
export const KIND_WORDS: Readonly<Record<Module['kind'], string>> = {
  converge: 'looks, compares, changes: one round trip',
  edit: 'reads a file, edits its text here: one round trip, two when it changes',
  command: 'runs something: one round trip; in a dry run its result is unknown',
  query: 'only looks: one round trip',
  local: 'runs on the controller: no round trip',
  sql: 'a database, through the SSH connection',
  api: 'an HTTP API, through the SSH connection',
  connection: 'may lose the connection and makes it anew: as many round trips as it takes',
  plan: 'looks on the host and compares here: one round trip, three when it changes',
  vars: 'variables from files of the controller: no round trip',
  expand: 'stands for another module',
};

/** The first sentence of what a module says of itself. */
export function firstSentence(doc: string): string {
  return /^.*?[.:](?=\s|$)/s.exec(doc)?.[0].replace(/[.:]$/, '') ?? doc;
}

/** The type of an argument in words: `list of string`, or the choices there are; of what is a path of the host, `path`. */
export function typeWords(schema: ValueSchema, isPath = 'path' in schema && schema.path === true): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.type === 'array')
    return schema.items === undefined ? 'list' : `list of ${typeWords(schema.items, isPath)}`;
  if (schema.type === 'string' && isPath) return 'path';
  if (schema.type === 'object') return 'mapping';
  return schema.type === 'any' ? 'any value' : schema.type;
}

/** Rules between arguments, a sentence each. */
export function rulesOf({ args }: Module): readonly string[] {
  const { freeForm, exclusive = [], oneOf = [], together = [] } = args;
  return [
    ...(freeForm === undefined ? [] : [`Text right after the module's name is \`${freeForm}\`.`]),
    ...(args.additional ? ['It takes further arguments of any name.'] : []),
    ...exclusive.map(list => `At most one of ${names(list)}.`),
    ...oneOf.map(list => `At least one of ${names(list)}.`),
    ...together.map(list => `Only together: ${names(list)}.`),
  ];
}

function names(list: readonly string[]): string {
  return list.map(name => `\`${name}\``).join(', ');
}

/** `tplay doc` without a name: a line a module. */
export function moduleList(modules: readonly Module[]): string {
  const width = Math.max(...modules.map(m => m.name.length));
  return modules.map(m => `${m.name.padEnd(width)}  ${firstSentence(m.doc)}\n`).join('');
}

/** `tplay doc NAME`: everything about a module, in lines of the terminal's width. */
export function moduleText(m: Module, columns: number): string {
  const width = Math.min(Math.max(columns, 60), 100);
  const full = fullName(m.name);
  const args = Object.entries(m.args.properties).map(([name, arg]) => argText(name, arg, { m, width }));
  const returns = Object.entries(m.returns ?? {}).map(([name, text]) => `  ${name}\n${wrap(text, 6, width)}\n`);
  const refused = Object.entries(m.args.notTaken ?? {}).map(
    ([name, why]) => `  ${name}\n${wrap(`${why}.`, 6, width)}\n`,
  );
  const notes = [...rulesOf(m), ...(m.notes ?? [])];
  return [
    `${m.name}${full === undefined ? ', a module of tplay alone' : ` (${full})`}\n`,
    `${wrap(m.doc, 2, width)}\n  ${m.kind}: ${KIND_WORDS[m.kind]}\n`,
    section('Arguments', args),
    section(
      'Notes',
      notes.map(note => `${wrap(note, 2, width)}\n`),
    ),
    m.examples === undefined ? '' : `Examples\n${indent(m.examples.trim(), 2)}\n`,
    section('Returns', returns),
    section('Not taken', refused),
  ]
    .filter(part => part !== '')
    .join('\n');
}

function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${title}\n${parts.join('')}`;
}

function argText(name: string, arg: ArgSchema, { m, width }: { m: Module; width: number }): string {
  const also = arg.aliases === undefined ? '' : ` (also ${arg.aliases.join(', ')})`;
  const need = m.args.required?.includes(name)
    ? ', required'
    : arg.default === undefined
      ? ''
      : `, default ${JSON.stringify(arg.default)}`;
  const text = `${arg.description ?? ''}${arg.secret ? ' Hidden wherever it would be shown.' : ''}`.trim();
  return `  ${name}${also}\n${wrap(`${typeWords(arg)}${need}`, 6, width)}\n${text === '' ? '' : `${wrap(text, 6, width)}\n`}`;
}

/** Lines of words that are no longer than the width, each behind so many spaces. */
function wrap(text: string, spaces: number, width: number): string {
  const lines: string[] = [''];
  for (const word of text.replaceAll('`', '').split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && spaces + last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map(line => ' '.repeat(spaces) + line).join('\n');
}

function indent(text: string, spaces: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(spaces));
}
