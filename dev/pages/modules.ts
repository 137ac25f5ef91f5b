import { firstSentence, KIND_WORDS, rulesOf, typeWords } from '../../lib/cli/doc-text.ts';
import type { ArgSchema, Module } from '../../lib/module.ts';
import { modules } from '../../lib/modules/index.ts';
import { fullName, LEFT_OUT } from '../../lib/playbook/collections.ts';

/** docs/modules: a page a module, and their list. */
export async function modulePages(): Promise<readonly (readonly [string, string])[]> {
  const loaded: Module[] = [];
  for (const load of Object.values(modules)) loaded.push((await load()).default);
  return [
    ['docs/modules/README.md', list(loaded)],
    ...loaded.map(m => [`docs/modules/${m.name}.md`, page(m)] as const),
  ];
}

function list(loaded: readonly Module[]): string {
  const row = (m: Module) => {
    const full = fullName(m.name);
    const home = full === undefined ? 'ours' : full.slice(0, full.lastIndexOf('.'));
    return `| [${m.name}](${m.name}.md) | ${home} | ${m.kind} | ${cell(firstSentence(m.doc))} |`;
  };
  const leftOut = Object.entries(LEFT_OUT).map(([name, why]) => `- \`${name}\`: ${why}.`);
  const kinds = Object.entries(KIND_WORDS).map(([kind, words]) => `- *${kind}*: ${words}`);
  return `# Modules

Made from the modules by \`npm run generate\`; \`tplay doc\` and \`tplay doc NAME\` show the same. A module is called by its short
name or by the full one of the collection that its namesake of Ansible is in; ours are known by the short name alone.

| module | collection | kind | |
|---|---|---|---|
${loaded.map(row).join('\n')}

${kinds.join('\n')}

## What of ansible.builtin there is not

${leftOut.join('\n')}

What a module does not take of the arguments its namesake documents is listed, with the reason, at the end of its page.
`;
}

function page(m: Module): string {
  const { properties, required = [], notTaken = {} } = m.args;
  const full = fullName(m.name);
  const rows = Object.entries(properties).map(([name, arg]) => row(name, arg, required.includes(name)));
  const returns = Object.entries(m.returns ?? {}).map(([name, text]) => `- \`${name}\`: ${text}`);
  const refused = Object.entries(notTaken).map(([name, why]) => `- \`${name}\`: ${why}.`);
  return `${[
    `# ${m.name}`,
    'Made by `npm run generate`. [All modules](README.md)',
    m.doc,
    `${full === undefined ? 'A module of tplay alone' : `\`${full}\``}, *${m.kind}*: ${KIND_WORDS[m.kind]}.`,
    rows.length === 0 ? '' : ['| argument | type | default | |', '|---|---|---|---|', ...rows].join('\n'),
    [...rulesOf(m), ...(m.notes ?? [])].map(note => `- ${note}`).join('\n'),
    m.examples === undefined ? '' : `## Examples\n\n\`\`\`yaml\n${m.examples.trim()}\n\`\`\``,
    returns.length === 0 ? '' : `## Returns\n\n${returns.join('\n')}`,
    refused.length === 0 ? '' : `## Not taken\n\nUnder Ansible it takes these too:\n\n${refused.join('\n')}`,
  ]
    .filter(part => part !== '')
    .join('\n\n')}\n`;
}

function row(name: string, arg: ArgSchema, required: boolean): string {
  const other = arg.aliases === undefined ? '' : ` (also ${arg.aliases.map(a => `\`${a}\``).join(', ')})`;
  const type = arg.enum === undefined ? typeWords(arg) : arg.enum.map(e => `\`${e}\``).join(' ');
  const value = required ? '**required**' : arg.default === undefined ? '' : `\`${JSON.stringify(arg.default)}\``;
  const text = `${arg.description ?? ''}${arg.secret ? ' Hidden wherever it would be shown.' : ''}`;
  return `| \`${name}\`${other} | ${cell(type)} | ${cell(value)} | ${cell(text)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
