import { type ArgsOf, type ArgsSchema, defineConverge, put, sh } from '../module.ts';

const args = {
  properties: {
    name: {
      type: 'string',
      aliases: ['pkg'],
      pattern: '^[a-z0-9][a-z0-9.+-]*$',
      patternHint: 'it is the name of a package',
      description: 'The package.',
    },
    question: {
      type: 'string',
      aliases: ['selection', 'setting'],
      pattern: '^[^\\s=]+$',
      patternHint: 'it is one word, like tzdata/Areas',
      description: 'What debconf would ask.',
    },
    vtype: {
      type: 'string',
      enum: ['boolean', 'error', 'multiselect', 'note', 'password', 'seen', 'select', 'string', 'text', 'title'],
      description: 'Kind of the answer; seen with true or false: whether the question counts as asked.',
    },
    value: { type: 'any', aliases: ['answer'], description: 'The answer: one line.' },
    unseen: { type: 'boolean', default: false, description: 'The question is still asked when there is an occasion.' },
  },
  required: ['name'],
  together: [['question', 'vtype', 'value']],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'debconf',
  doc: 'Keeps answers for packages of Debian in debconf, before they are installed, or returns them. Packages are not set up anew by it. Passwords are compared on the host and never shown.',
  args,
  examples: `
- debconf:
    name: locales
    question: locales/default_environment_locale
    value: fr_FR.UTF-8
    vtype: select
- debconf:
    name: tripwire
    question: tripwire/site-passphrase
    value: "{{ site_passphrase }}"
    vtype: password
`,
  returns: {
    current: 'Questions and their answers; passwords as (password omitted).',
    previous: 'When it was changed: the answer before.',
  },

  check(a) {
    if (a.question === undefined) return undefined;
    if (typeof a.value === 'object') return 'value must be a text';
    if (typeof a.value === 'number' && !Number.isInteger(a.value))
      return `value must be a text; quote it: "${a.value}"`;
    const text = textOf(a);
    if (/[\n\0]/.test(text)) return 'value must be one line';
    // debconf-set-selections takes a backslash at the end for a line that goes on
    if (text.endsWith('\\')) return 'value cannot end in a backslash';
    if ((a.vtype === 'boolean' || a.vtype === 'seen') && !/^(true|false)$/.test(text))
      return `value must be true or false with vtype ${a.vtype}, not "${text}"`;
    return undefined;
  },

  goal: a => (a.question === undefined ? { package: a.name } : { [a.question]: shown(a) }),
  probe: a =>
    a.question === undefined
      ? sh.lines(sh`tp_kv package ${a.name}`, sh`tp_debconf_all ${a.name}`)
      : sh.lines(
          sh`tp_debconf ${[a.name, a.question, a.vtype ?? '', put(textOf(a))]} || exit`,
          sh`tp_debconf_all ${a.name}`,
        ),
  detail: () => ['all'],
  refuse: (a, before) =>
    a.vtype === 'seen' && before[a.question ?? ''] === 'no such question'
      ? `debconf has no question ${a.question}: whether it was seen can be said of one that is there`
      : undefined,
  apply: a =>
    a.question === undefined
      ? sh`:`
      : sh`tp_debconf_set ${[a.unseen ? '1' : '', put(`${a.name} ${a.question} ${a.vtype} ${textOf(a)}\n`)]}`,

  values(a, state, _, before) {
    const { question } = a;
    const current = answers(state['all']);
    if (question === undefined || before[question] === state[question]) return { current, msg: '' };
    const hide = (text: string | undefined) => (a.vtype === 'password' ? '(password omitted)' : text);
    const old = before[question] === 'no such question' ? '' : before[question];
    return { current: { [question]: hide(state[question]) }, previous: { [question]: hide(old) }, msg: '' };
  },
});

/** The answer as debconf keeps it. */
function textOf(a: Args): string {
  const text = String(a.value ?? '');
  return a.vtype === 'boolean' || a.vtype === 'seen' ? text.toLowerCase() : text;
}

/** How the state has the answer: a password is not told. */
function shown(a: Args): string {
  return a.vtype === 'password' ? 'right' : textOf(a);
}

/** Reads what debconf-show prints: `* question: answer`, the star for those that were seen. */
function answers(all = ''): Record<string, string> {
  const found = all.split('\n').flatMap(line => {
    const [, question, answer] = /^[* ] (\S+): ?(.*)$/.exec(line) ?? [];
    return question === undefined ? [] : [[question, answer ?? ''] as const];
  });
  return Object.fromEntries(found.sort(([x], [y]) => (x < y ? -1 : 1)));
}
