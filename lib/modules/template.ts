import { defineExpand } from '../module.ts';
import { modeFault, validateFault, writeArgs } from './shared/attributes.ts';
import { encodingFault, encodingOf } from './shared/encoding.ts';
import { baseName } from './shared/path.ts';

export default defineExpand({
  name: 'template',
  doc: 'Renders a template of the controller and copies the result to the host.',
  args: {
    properties: {
      src: { type: 'string', description: "Template: in the role's or playbook's templates folder, or a path." },
      dest: { type: 'string', description: 'Path on the host; ending in /, or a folder that exists: a name in it.' },
      ...writeArgs,
      mode: { ...writeArgs.mode, description: 'Permissions as of the file module.' },
      force: { type: 'boolean', default: true, description: 'When false, a file that exists is left as it is.' },
      follow: { type: 'boolean', default: false, description: 'When dest is a link, writes what it leads to.' },
      newline_sequence: {
        type: 'string',
        enum: ['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n'],
        default: '\n',
        description: 'Line ends of the result.',
      },
      output_encoding: {
        type: 'string',
        default: 'utf-8',
        description: 'Encoding of the result: utf-8, utf-16, latin-1, cp1252 and the like.',
      },
      trim_blocks: { type: 'boolean', default: true, description: 'Drops the line end after a block.' },
      lstrip_blocks: { type: 'boolean', default: false, description: 'Drops white space before a block.' },
      block_start_string: { type: 'string', default: '{%', description: 'Begins a block.' },
      block_end_string: { type: 'string', default: '%}', description: 'Ends a block.' },
      variable_start_string: { type: 'string', default: '{{', description: 'Begins an expression.' },
      variable_end_string: { type: 'string', default: '}}', description: 'Ends an expression.' },
      comment_start_string: { type: 'string', default: '{#', description: 'Begins a comment.' },
      comment_end_string: { type: 'string', default: '#}', description: 'Ends a comment.' },
    },
    required: ['src', 'dest'],
  },
  examples: `
- template: { src: app.conf.j2, dest: /etc/app.conf, mode: "0644", validate: "app --check %s" }
`,
  returns: { dest: 'path of what was written', checksum: 'SHA1 of the file', mode: 'four octal digits' },

  check: a => encodingFault('output_encoding', a.output_encoding) ?? modeFault(a.mode) ?? validateFault(a.validate),

  needs: a => [{ kind: 'template', path: a.src, dest: () => a.dest, options: optionsOf(a) }],

  expand(a, local) {
    const file = local.get(a.src)?.files[0];
    if (file === undefined) throw new Error(`internal: ${a.src} was not rendered`);
    const taken = ['dest', 'force', 'follow', ...Object.keys(writeArgs)];
    const args = Object.fromEntries(Object.entries(a).filter(([k, value]) => taken.includes(k) && value !== undefined));
    const content = Buffer.from(file.bytes).toString('utf8');
    const stray = encodingOf(a.output_encoding)?.stray(content);
    if (stray !== undefined) return { error: `"${stray}" of ${a.src} has no place in ${a.output_encoding}` };
    return {
      module: 'copy',
      args: { ...args, content, _original_basename: baseName(a.src), _encoding: a.output_encoding },
    };
  },
});

/** Names as the template engine's options have them: trimBlocks, variableStart, newline. */
function optionsOf(a: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = Object.keys(a).filter(name => /_(string|blocks|sequence)$/.test(name));
  const own = (name: string) =>
    name.replace(/_(?:string|sequence)$/, '').replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());
  // As Ansible: '\\r\\n' in single quotes is a line end too.
  const lineEnd = String(a['newline_sequence']).replace('\\r', '\r').replace('\\n', '\n');
  return { ...Object.fromEntries(names.map(name => [own(name), a[name]])), newline: lineEnd };
}
