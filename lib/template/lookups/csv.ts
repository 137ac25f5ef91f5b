import { Failure } from '../error.ts';
import type { Value } from '../values.ts';

/** The value of one column in the row whose key column holds `key`; as Ansible's `csvfile`. */
export function csvValue(text: string, key: string, settings: ReadonlyMap<string, string>): Value {
  const given = settings.get('delimiter') ?? 'TAB';
  const delimiter = given === 'TAB' || given === '\\t' ? '\t' : given;
  const column = Number(settings.get('col') ?? 1);
  const keyColumn = Number(settings.get('keycol') ?? 0);
  if (!Number.isInteger(column)) throw new Failure('the lookup "csvfile" needs a number as "col"');
  const row = rows(text, delimiter).find(fields => fields[keyColumn] === key);
  return row?.[column] ?? settings.get('default') ?? [];
}

function rows(text: string, delimiter: string): string[][] {
  const made: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === delimiter || char === '\n') {
      row.push(field.replace(/\r$/, ''));
      field = '';
      if (char === '\n') {
        made.push(row);
        row = [];
      }
    } else field += char;
  }
  if (field !== '' || row.length > 0) made.push([...row, field]);
  return made;
}
