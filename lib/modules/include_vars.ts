import { defineVars } from '../module.ts';

const FOLDER_ONLY = ['depth', 'files_matching', 'ignore_files', 'extensions', 'ignore_unknown_extensions'] as const;

export default defineVars({
  name: 'include_vars',
  doc: 'Sets variables from YAML or JSON files of the controller; they last until the end of the run.',
  args: {
    properties: {
      file: { type: 'string', description: 'A file, looked for in `vars/` of the role and beside the playbook.' },
      dir: { type: 'string', description: 'A folder: of a role that in its `vars/`, else beside the tasks.' },
      name: { type: 'string', description: 'Keep them as a mapping in the variable of this name.' },
      depth: { type: 'integer', minimum: 0, description: 'How many levels of folders; 0 for all.' },
      files_matching: { type: 'string', description: 'Only files whose name this regular expression is found in.' },
      ignore_files: { type: 'array', items: { type: 'string' }, description: 'Leave out names that end so.' },
      extensions: {
        type: 'array',
        items: { type: 'string' },
        description: 'Of the files in a folder; yaml, yml and json unless told.',
      },
      ignore_unknown_extensions: { type: 'boolean', description: 'Pass over other files, which are an error else.' },
      hash_behaviour: { type: 'string', enum: ['replace'], description: 'The last one wins; they are not merged.' },
    },
    freeForm: 'file',
    exclusive: [['file', 'dir']],
    oneOf: [['file', 'dir']],
    notTaken: {
      'hash_behaviour=merge': 'variables replace each other here; merge mappings by the filter combine(recursive=true)',
    },
  },
  examples: `
- include_vars: "{{ ansible_os_family }}.yml"
- include_vars: { dir: settings, name: settings }
`,
  returns: { ansible_included_var_files: 'The files read.', ansible_facts: 'The variables, as they are now.' },
  check(a) {
    const given = FOLDER_ONLY.find(name => a[name] !== undefined);
    return a.file !== undefined && given !== undefined ? `"${given}" is about "dir", and "file" is given` : undefined;
  },
  files(a) {
    const into = a.name;
    if (a.file !== undefined) return { from: { file: a.file }, into };
    return {
      from: {
        dir: a.dir ?? '',
        depth: a.depth ?? 0,
        matching: a.files_matching,
        ignored: a.ignore_files ?? [],
        extensions: (a.extensions ?? ['yaml', 'yml', 'json']).map(e => e.replace(/^\./, '')),
        ignoreOthers: a.ignore_unknown_extensions ?? false,
      },
      into,
    };
  },
});
