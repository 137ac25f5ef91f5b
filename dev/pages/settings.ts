import { FLAG_ROWS } from '../../lib/cli/flags.ts';
import type { Setting } from '../../lib/settings/setting.ts';
import { SETTING_ROWS } from '../../lib/settings/table.ts';
import { PLUGIN_FOLDERS, UNSUPPORTED, type Unsupported } from '../../lib/settings/unsupported.ts';

/** docs/settings.md: every setting, and what of Ansible's is refused or warned about. */
export function settingsPage(): string {
  return `# Settings

Made from the table of settings by \`npm run generate\`.

A setting is given in \`ansible.cfg\`, in \`tplay.yml\`, in the environment, or by a flag; of these the later is stronger.
\`tplay config\` shows each setting, its value, and where it comes from.

- \`ansible.cfg\` is found as Ansible finds it: \`$ANSIBLE_CONFIG\`, \`./ansible.cfg\`, \`~/.ansible.cfg\`,
  \`/etc/ansible/ansible.cfg\`; the first there is, alone. One in a folder that everybody may write to is not read.
- \`tplay.yml\` is a mapping of the names below: \`$TPLAY_CONFIG\`, \`./tplay.yml\`, \`~/.config/tplay/tplay.yml\`; again the first,
  alone. Lists are YAML lists. \`schemas/tplay.json\` is its JSON schema, for editors.
- Relative paths in a file are seen from its folder, those of the environment from the working directory.

| \`tplay.yml\` | \`ansible.cfg\` | environment | flag | default | |
|---|---|---|---|---|---|
${SETTING_ROWS.map(row).join('\n')}

## What of Ansible's settings is not done

What would silently end otherwise than under Ansible is an error; what is only not done is a warning. Keys that mean nothing
here (\`pipelining\`, \`interpreter_python\`, \`remote_tmp\`, colours...) may stay.

| \`ansible.cfg\` | | why |
|---|---|---|
${[...UNSUPPORTED.map(refused), pluginFolders()].join('\n')}
`;
}

function row([name, setting]: (typeof SETTING_ROWS)[number]): string {
  const flag = FLAG_ROWS.find(([key]) => key === setting.flag)?.[1].long;
  const choices = setting.choices === undefined ? '' : ` (${setting.choices.map(code).join(', ')})`;
  const cells = [
    code(name),
    codes(setting.ini),
    codes(setting.env),
    flag === undefined ? '' : code(flag),
    standard(setting),
  ];
  return `| ${[...cells, `${setting.doc}${choices}`].join(' | ')} |`;
}

function standard({ default: value, unset }: Setting): string {
  if (unset !== undefined) return unset;
  return value === undefined || (Array.isArray(value) && value.length === 0) ? '' : code(String(value));
}

function refused({ ini, severity, why }: Unsupported): string {
  return `| ${codes(ini)} | ${severity} | ${why} |`;
}

function pluginFolders(): string {
  const [first] = PLUGIN_FOLDERS;
  return `| ${codes(PLUGIN_FOLDERS.flatMap(row => row.ini))} | warning, where the folder is there | ${first?.why ?? ''} |`;
}

function codes(words: readonly string[]): string {
  return words.map(code).join(' ');
}

function code(word: string): string {
  return `\`${word}\``;
}
