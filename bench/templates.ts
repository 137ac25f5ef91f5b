import { compileExpression, compileTemplateFile, type Dict, fromPlain, type Scope } from '../lib/template/index.ts';
import { sourceFile } from '../lib/text/source.ts';

const users = Array.from({ length: 20 }, (_, i) => ({
  name: `user${i}`,
  uid: 1000 + i,
  groups: ['dev', 'ops'],
  admin: i % 3 === 0,
}));
const vars = fromPlain({
  state: 'present',
  ansible_os_family: 'Debian',
  result: { rc: 0, stdout: 'v1.2.3', changed: false },
  port: 8080,
  name: 'web1',
  users,
  settings: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key_${i}`, `value ${i}`])),
}) as Dict;
const scope: Scope = {
  get: name => vars.get(name),
  names: () => [...vars.keys()].map(String),
  where: () => undefined,
  services: {
    readFile: () => undefined,
    glob: () => [],
    pipe: () => '',
    environment: {},
    hide: () => undefined,
  },
};

const CONDITIONS = [
  "state == 'present'",
  "ansible_os_family == 'Debian' and state != 'absent'",
  'result.rc == 0 and not result.changed',
  "result.stdout is search('v1') and port > 1024",
];

/** 200 lines as configuration files have them: text, values, loops, conditions, filters. */
const TEMPLATE = [
  ...Array.from({ length: 100 }, (_, i) => `setting_${i} = ${i % 4 === 0 ? '{{ port }}' : 'a plain value'}\n`),
  ...Array.from(
    { length: 10 },
    (_, i) =>
      `{% if port > ${8070 + i * 2} %}\nlisten {{ name | upper }}:{{ port + ${i} }}\n{% else %}\n# off\n{% endif %}\n`,
  ),
  '{% for user in users %}\n{{ loop.index }} {{ user.name }} {{ user.uid }}{% if user.admin %} admin{% endif %}\n{% endfor %}\n',
  '{% for key, value in settings | dictsort %}\n{{ key }}: {{ value | default("none") }}\n{% endfor %}\n',
  ...Array.from({ length: 44 }, (_, i) => `# comment ${i}\n`),
].join('');

/** Microseconds of the controller's CPU that one call takes, the best of several rounds. */
function microseconds(times: number, run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 7; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < times; i++) run();
    const used = process.cpuUsage(before);
    best = Math.min(best, (used.user + used.system) / times);
  }
  return best;
}

function wholeText(text: string) {
  const file = sourceFile('bench', text);
  return { file, span: { file, start: 0, end: text.length }, offsetAt: (index: number) => index };
}

/** The template engine alone: what conditions and a template cost, compiled and rendered. */
function templates(): readonly { readonly what: string; readonly us: number; readonly limit?: number }[] {
  const rows: { what: string; us: number; limit?: number }[] = [];
  for (const text of CONDITIONS) {
    const made = compileExpression(text, wholeText(text));
    if (!made.ok) throw new Error(`internal: ${text} does not compile`);
    rows.push({ what: `when: ${text}`, us: microseconds(200_000, () => made.value.render(scope)), limit: 1 });
  }
  const lines = TEMPLATE.split('\n').length - 1;
  const file = sourceFile('bench.j2', TEMPLATE);
  const made = compileTemplateFile(file);
  if (!made.ok) throw new Error('internal: the template does not compile');
  rows.push({
    what: `a template of ${lines} lines`,
    us: microseconds(1000, () => made.value.render(scope)),
    limit: 200,
  });
  rows.push({ what: 'the same compiled', us: microseconds(100, () => compileTemplateFile(file)) });
  const [first = ''] = CONDITIONS;
  rows.push({ what: 'a condition compiled', us: microseconds(5000, () => compileExpression(first, wholeText(first))) });
  return rows;
}

/** Prints what the engine takes; gives the exit status: 1 when a limit is missed. */
export function printTemplates(): number {
  const rows = templates();
  for (const { what, us, limit } of rows) {
    const wanted = limit === undefined ? '' : `  wanted: under ${limit} us: ${us < limit ? 'met' : 'MISSED'}`;
    process.stdout.write(`${us.toFixed(2).padStart(8)} us  ${what}${wanted}\n`);
  }
  return rows.some(({ us, limit }) => limit !== undefined && us >= limit) ? 1 : 0;
}
