import { defineQuery, sh } from '../module.ts';
import { hostPath } from './shared/attributes.ts';

/** The most it reads: what it brings is a text in the memory of the controller, once for each host. */
const MOST = 16 * 1024 * 1024;

export default defineQuery({
  name: 'slurp',
  doc: 'Reads a file of the host; its content comes in base64.',
  args: {
    properties: { src: { type: 'string', path: true, aliases: ['path'], description: 'The file.' } },
    required: ['src'],
  },
  examples: `
- slurp: { src: /etc/hostname }
  register: name
- debug: { msg: "{{ name.content | b64decode }}" }
`,
  returns: { content: 'the bytes in base64', encoding: 'base64', source: 'path of the file' },

  probe(a) {
    const src = hostPath(a.src);
    return sh.lines(
      sh`[ ! -d ${src} ] || tp_error ${`${a.src} is a directory, not a file`} || exit`,
      // a pipe waits for who writes into it, and some devices never end
      sh`[ ! -e ${src} ] || [ -f ${src} ] || tp_error ${`${a.src} is not a regular file`} || exit`,
      sh`! tp_attrs ${src} -L || [ "$tp_f_size" -le ${MOST} ] || tp_error ${`${a.src} is larger than 16 MiB, which is too much for a variable: write fetch`} || exit`,
      sh`cat -- ${src}`,
    );
  },

  parse(reply, a) {
    if (reply.rc !== 0) return { failed: reply.stderr.trim() || `${a.src} cannot be read` };
    return { values: { content: Buffer.from(reply.bytes).toString('base64'), encoding: 'base64', source: a.src } };
  },
});
