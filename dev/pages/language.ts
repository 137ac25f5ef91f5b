import { MAGIC_NAMES } from '../../lib/engine/magic.ts';
import { KEYWORD_DOCS } from '../../lib/playbook/keyword-docs.ts';
import { KEYWORDS, PLACES } from '../../lib/playbook/keywords.ts';
import { COLLECTIONS } from '../../lib/playbook/modules.ts';
import { META_ACTIONS, ORDERS, STRATEGIES } from '../../lib/playbook/program.ts';
import { ACTIONS } from '../../lib/playbook/syntax.ts';
import { TABLES } from '../../lib/template/library.ts';

const words = (names: Iterable<string>) =>
  [...new Set(names)]
    .sort()
    .map(n => `\`${n}\``)
    .join(' ');
const COLUMNS = PLACES.filter(p => p !== 'handler');

/** docs/language.md: what of Ansible's language there is, and why not where there is not. */
export function languagePage(): string {
  const rows = [...KEYWORDS]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(k => {
      const cells = COLUMNS.map(p => (k.on.includes(p) ? (k.refused === undefined ? 'yes' : 'no') : ''));
      const only = k.on.length === 1 && k.on[0] === 'handler' ? ' (of handlers)' : '';
      const text = (k.refused ?? KEYWORD_DOCS[k.name] ?? '').replaceAll('|', '\\|');
      return `| \`${k.name}\` | ${cells.join(' | ')} | ${text}${only} |`;
    });
  const sections = [
    [
      'Keywords',
      [`| | ${COLUMNS.join(' | ')} | |`, `|---|${COLUMNS.map(() => '---|').join('')}---|`, ...rows].join('\n'),
    ],
    ['Words that stand where a module stands', words(ACTIONS)],
    ['meta', words(META_ACTIONS)],
    ['Strategies and orders of hosts', `${words(STRATEGIES)}; ${words(ORDERS)}`],
    ['Loops', `\`loop\` ${words([...TABLES.lookups.keys()].map(n => `with_${n}`))}`],
    ['Lookups', words(TABLES.lookups.keys())],
    ['Filters', words(TABLES.filters.keys())],
    ['Tests', words(TABLES.tests.keys())],
    ['Variables that nobody sets', words(MAGIC_NAMES)],
    ['Names of modules', `The short name, or one behind ${words(COLLECTIONS)}.`],
  ] as const;
  const intro =
    'Made from the code by `npm run generate`. What is not here is an error with its place before a host is touched.';
  return `# The language\n\n${intro}\n\n${sections.map(([title, text]) => `## ${title}\n\n${text}`).join('\n\n')}\n`;
}

/** The README's line of it. */
export function languageSummary(): string {
  const taken = KEYWORDS.filter(k => k.refused === undefined).length;
  const counts: readonly (readonly [string, number])[] = [
    [`keywords of ${KEYWORDS.length} (the others are refused with the reason)`, taken],
    ['meta actions', META_ACTIONS.length],
    ['strategies', STRATEGIES.length],
    ['lookups, each a loop too', TABLES.lookups.size],
    ['filters', TABLES.filters.size],
    ['tests', TABLES.tests.size],
    ['magic variables', MAGIC_NAMES.length],
  ];
  return ['| supported | |', '|---|---|', ...counts.map(([what, n]) => `| ${n} | ${what} |`)].join('\n');
}
