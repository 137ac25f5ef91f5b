import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Example, Rule } from '../lib/lint/rule.ts';
import { RULES } from '../lib/lint/rules/index.ts';
import type { ArgSchema, Module } from '../lib/module.ts';
import { modules } from '../lib/modules/index.ts';
import { optionsTable } from '../lib/options.ts';
import { tplayYmlSchema } from '../lib/settings/schema.ts';
import { differencesPage } from '../test/against-ansible/differences.ts';
import { languagePage, languageSummary } from './language-page.ts';
import { settingsPage } from './settings-page.ts';

/** `npm run generate`: writes docs/ and schemas/ from the code, and the README's table of options. */
const root = fileURLToPath(new URL('../../', import.meta.url));

const KINDS: Readonly<Record<Module['kind'], string>> = {
  converge: 'looks, compares, changes: one round trip',
  edit: 'reads a file, edits its text here: one round trip, two when it changes',
  command: 'runs something: one round trip; in a dry run its result is unknown',
  query: 'only looks: one round trip',
  local: 'runs on the controller: no round trip',
  sql: 'a database, through the SSH connection',
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

/** The text between two marks of a file, replaced. */
function between(text: string, mark: string, content: string): string {
  const [start, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < 0) throw new Error(`README.md has no marks ${start} and ${end}`);
  return `${text.slice(0, from + start.length)}\n${content.trim()}\n${text.slice(to)}`;
}

/** A rule of lint with its examples. */
function ruleText({ name, doc, bad, good }: Rule): string {
  const example = (title: string, { text, files = {} }: Example) => {
    const more = Object.entries(files).map(([path, inside]) => `# ${path}\n${inside}`);
    return `${title}:\n\n\`\`\`yaml\n${[text, ...more].join('\n').trim()}\n\`\`\``;
  };
  return `## ${name}\n\n${doc}\n\n${example('Found', bad)}\n\n${example('Fine', good)}`;
}

const LINT = `# Rules of lint

Made from the rules by \`npm run generate\`. \`tplay lint site.yml\` looks for these in playbooks, their roles and what their
includes bring. A comment silences rules on its line, on the line below it, or for the task whose first line it stands on:
\`# tplay:ignore rule-name - the reason\`; \`# noqa\` is taken too.`;

const loaded: Module[] = [];
for (const load of Object.values(modules)) loaded.push((await load()).default);
const list = loaded.map(m => `[${m.name}](#${m.name})`).join(' ');
mkdirSync(`${root}docs`, { recursive: true });
writeFileSync(
  `${root}docs/modules.md`,
  `# Modules\n\nMade from the modules by \`npm run generate\`.\n\n${list}\n\n${loaded.map(page).join('\n\n')}\n`,
);
writeFileSync(`${root}docs/lint.md`, `${LINT}\n\n${RULES.map(ruleText).join('\n\n')}\n`);
const readme = between(readFileSync(`${root}README.md`, 'utf8'), 'options', optionsTable());
writeFileSync(`${root}README.md`, between(readme, 'language', languageSummary()));
writeFileSync(`${root}docs/language.md`, languagePage());
writeFileSync(`${root}docs/differences.md`, differencesPage());
writeFileSync(`${root}docs/settings.md`, settingsPage());
mkdirSync(`${root}schemas`, { recursive: true });
writeFileSync(`${root}schemas/tplay.json`, `${JSON.stringify(tplayYmlSchema(), null, 2)}\n`);
process.stdout.write(`docs/modules.md: ${loaded.length} modules\n`);
