import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { here, readCases } from './cases.ts';

/** What tplay means to do differently from Ansible. */
interface Difference {
  readonly what: string;
  readonly ansible: string;
  readonly tplay: string;
  readonly reason: string;
}

/** The meant differences, by the ids that cases name. */
export function readDifferences(): Readonly<Record<string, Difference>> {
  return parse(readFileSync(`${here}differences.yml`, 'utf8'));
}

/** docs/differences.md. */
export function differencesPage(): string {
  const cases = readCases();
  const rows = Object.entries(readDifferences()).map(([id, d]) => {
    const own = cases.filter(c => c.meant === id).map(c => `${c.feature}: ${c.title}`);
    return `| ${[d.what, d.ansible, d.tplay, d.reason, own.join('<br>')].map(cell).join(' | ')} |`;
  });
  return [
    '# Differences from Ansible',
    'Made by `npm run generate` from `test/against-ansible/differences.yml`. The cases in that folder are run by ' +
      'ansible-playbook (core 2.14) and by tplay, and compared; where they are not equal it is meant:',
    ['| what | Ansible | tplay | why | cases |', '|---|---|---|---|---|', ...rows].join('\n'),
    'What tplay does not support is an error before any host is touched, and is not listed here.',
  ]
    .join('\n\n')
    .concat('\n');
}

const cell = (text: string) => text.trim().replaceAll('|', '\\|').replaceAll('\n', ' ');
