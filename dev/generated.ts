import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { optionsTable } from '../lib/options.ts';
import { tplayYmlSchema } from '../lib/settings/schema.ts';
import { differencesPage } from '../test/against-ansible/differences.ts';
import { languagePage, languageSummary } from './pages/language.ts';
import { lintPage } from './pages/lint.ts';
import { modulePages } from './pages/modules.ts';
import { settingsPage } from './pages/settings.ts';
import { inventorySchema, playbookSchema } from './schemas/playbook.ts';
import { handlersSchema, tasksSchema } from './schemas/tasks.ts';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every file that is made from the code, or holds a table that is: its path from the project's folder, and its text. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const readme = between(readFileSync(`${root}README.md`, 'utf8'), 'options', optionsTable());
  return new Map<string, string>([
    ...(await modulePages()),
    ['docs/lint.md', lintPage()],
    ['docs/language.md', languagePage()],
    ['docs/differences.md', differencesPage()],
    ['docs/settings.md', settingsPage()],
    ['schemas/tplay.json', json(tplayYmlSchema())],
    ['schemas/tasks.json', json(await tasksSchema())],
    ['schemas/handlers.json', json(handlersSchema())],
    ['schemas/playbook.json', json(playbookSchema())],
    ['schemas/inventory.json', json(inventorySchema())],
    ['README.md', between(readme, 'language', languageSummary())],
  ]);
}

function json(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The text between two marks of a file, replaced. */
function between(text: string, mark: string, content: string): string {
  const [start, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < 0) throw new Error(`README.md has no marks ${start} and ${end}`);
  return `${text.slice(0, from + start.length)}\n${content.trim()}\n${text.slice(to)}`;
}
