import { defineLocal, type Evaluated } from '../module.ts';

export default defineLocal({
  name: 'debug',
  doc: 'Prints a message, or an expression and its value, while the play runs.',
  args: {
    properties: {
      msg: {
        type: 'any',
        shown: true,
        description: 'What to print: a text or any data. Without it and `var`: Hello world!',
      },
      var: { type: 'string', expression: true, description: 'An expression, without braces.' },
      verbosity: { type: 'integer', default: 0, minimum: 0, description: 'Prints only with at least so many -v.' },
    },
    exclusive: [['msg', 'var']],
  },
  examples: `
- debug:
    msg: "{{ inventory_hostname }} runs {{ ansible_distribution }}"
- debug:
    var: result.stdout_lines
    verbosity: 2
`,
  returns: { msg: 'The message; with `var` the value, by the text of the expression.' },
  run(a, { verbosity }) {
    if (verbosity < a.verbosity) return { skipped: true };
    const evaluated = a.var as unknown as Evaluated | undefined; // what `expression: true` arguments are given as
    if (evaluated === undefined) return { values: { msg: a.msg === undefined ? 'Hello world!' : a.msg } };
    return { values: { [evaluated.text]: evaluated.defined ? evaluated.shown : 'VARIABLE IS NOT DEFINED!' } };
  },
});
