import { defineEdit } from '../module.ts';
import { modeFault, writeArgs } from './shared/attributes.ts';
import { editIni } from './shared/ini.ts';

const { validate: _, ...fileArgs } = writeArgs;

export default defineEdit({
  name: 'ini_file',
  doc: 'Sets and removes options and sections of an INI file; all other lines stay, comments too.',
  args: {
    properties: {
      path: { type: 'string', path: true, aliases: ['dest'], description: 'The file.' },
      section: {
        type: 'string',
        description: 'Name of the section; without it the option stands above the first section.',
      },
      option: { type: 'string', description: 'Name of the option; without it the whole section is meant.' },
      value: { type: 'string', description: 'Its value.' },
      values: {
        type: 'array',
        items: { type: 'string' },
        description: 'Its values where the option may stand several times.',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the option or section shall be there.',
      },
      exclusive: {
        type: 'boolean',
        default: true,
        description:
          'Other lines of the option are taken away; when false, values are only added or, with absent, removed.',
      },
      allow_no_value: {
        type: 'boolean',
        default: false,
        description:
          'The option may stand without value and "="; lines of it with other values are then left as they are.',
      },
      no_extra_spaces: { type: 'boolean', default: false, description: 'Writes option=value without spaces.' },
      create: { type: 'boolean', default: true, description: 'Makes the file when it is missing.' },
      ...fileArgs,
    },
    required: ['path'],
    exclusive: [['value', 'values']],
  },
  notes: [
    'A value is one line, and with a value allow_no_value adds no line without one: what Ansible makes of these grows with every run.',
  ],
  examples: `
- ini_file: { path: /etc/app.ini, section: server, option: port, value: "8080", mode: "0640" }
- ini_file: { path: /etc/app.ini, section: server, option: allow, values: [10.0.0.1, 10.0.0.2] }
- ini_file: { path: /etc/app.ini, section: legacy, state: absent }
`,
  returns: { path: 'the file', msg: 'what was done', backup_file: 'path of the backup, when one was made' },

  check(a) {
    const values = valuesOf(a);
    if (a.option === undefined && !a.section)
      return 'it needs "option", or a section that shall be there or not: else it would mean all lines of the file';
    if (a.state === 'present' && values.length === 0 && !a.allow_no_value)
      return 'state present needs value or values, or allow_no_value for an option without one';
    for (const [name, text] of Object.entries({ section: a.section, option: a.option }))
      if (text !== undefined && /[\n\r]/.test(text)) return `${name} must be one line`;
    // as lines of their own they would not be found again, and be written at every run
    if (values.some(v => /[\n\r]/.test(v))) return 'a value must be one line';
    return modeFault(a.mode);
  },

  path: a => a.path,
  file: a => a,

  edit(a, text) {
    if (text === undefined && a.state === 'absent') return { same: true, message: 'OK' };
    if (text === undefined && !a.create) return { error: `${a.path} does not exist: leave create out to make it` };
    const edited = editIni(text ?? '', { ...a, values: valuesOf(a) });
    return { ...edited, values: { path: a.path } };
  },
});

/** As Ansible: one that is given twice stands once. */
function valuesOf(a: { readonly value?: string | undefined; readonly values?: readonly string[] | undefined }) {
  return a.value === undefined ? [...new Set(a.values)] : [a.value];
}
