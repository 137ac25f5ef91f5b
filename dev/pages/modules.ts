import type { ArgSchema, Module } from '../../lib/module.ts';
import { modules } from '../../lib/modules/index.ts';

const KINDS: Readonly<Record<Module['kind'], string>> = {
  converge: 'looks, compares, changes: one round trip',
  edit: 'reads a file, edits its text here: one round trip, two when it changes',
  command: 'runs something: one round trip; in a dry run its result is unknown',
  query: 'only looks: one round trip',
  local: 'runs on the controller: no round trip',
  sql: 'a database, through the SSH connection',
  api: 'an HTTP API, through the SSH connection',
  connection: 'may lose the connection and makes it anew: as many round trips as it takes',
  vars: 'variables from files of the controller: no round trip',
  expand: 'stands for another module',
};

function page(m: Module): string {
  const { properties, required = [], freeForm, exclusive = [], oneOf = [] } = m.args;
  const rows = Object.entries(properties).map(([name, arg]) => row(name, arg, required.includes(name)));
  const rules = [
    ...(freeForm === undefined ? [] : [`Text right after the module's name is \`${freeForm}\`.`]),
    ...exclusive.map(list => `At most one of ${list.map(n => `\`${n}\``).join(', ')}.`),
    ...oneOf.map(list => `At least one of ${list.map(n => `\`${n}\``).join(', ')}.`),
  ];
  const returns = Object.entries(m.returns ?? {}).map(([name, text]) => `- \`${name}\`: ${text}`);
  return [
    `## ${m.name}`,
    `${m.doc}`,
    `*${m.kind}*: ${KINDS[m.kind]}.`,
    rows.length === 0 ? '' : ['| argument | type | default | |', '|---|---|---|---|', ...rows].join('\n'),
    rules.join(' '),
    m.examples === undefined ? '' : `\`\`\`yaml\n${m.examples.trim()}\n\`\`\``,
    returns.length === 0 ? '' : `Returns:\n\n${returns.join('\n')}`,
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

function row(name: string, arg: ArgSchema, required: boolean): string {
  const other = arg.aliases === undefined ? '' : ` (also ${arg.aliases.map(a => `\`${a}\``).join(', ')})`;
  const type = arg.enum === undefined ? arg.type : arg.enum.map(e => `\`${e}\``).join(' ');
  const value = required ? '**required**' : arg.default === undefined ? '' : `\`${JSON.stringify(arg.default)}\``;
  const text = `${arg.description ?? ''}${arg.secret ? ' Hidden wherever it would be shown.' : ''}`;
  return `| \`${name}\`${other} | ${type} | ${value} | ${text.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`;
}

/** docs/modules.md: every module with its arguments. */
export async function modulesPage(): Promise<string> {
  const loaded: Module[] = [];
  for (const load of Object.values(modules)) loaded.push((await load()).default);
  const list = loaded.map(m => `[${m.name}](#${m.name})`).join(' ');
  return `# Modules\n\nMade from the modules by \`npm run generate\`.\n\n${list}\n\n${loaded.map(page).join('\n\n')}\n`;
}
