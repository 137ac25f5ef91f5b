import type { Setting } from './setting.ts';
import { SETTING_ROWS } from './table.ts';

/** The JSON schema of tplay.yml, for editors; tplay itself checks it by the table, with places and suggestions. */
export function tplayYmlSchema(): object {
  const rows = SETTING_ROWS.filter(([, setting]) => !setting.secret);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'tplay.yml',
    description: 'Settings of tplay; `tplay config` shows each and where it comes from.',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(rows.map(([name, setting]) => [name, property(setting)])),
  };
}

function property(setting: Setting): object {
  return {
    description: setting.doc,
    ...(setting.default !== undefined && { default: setting.default }),
    ...valueSchema(setting),
  };
}

function valueSchema({ type, choices, words, least = 1 }: Setting): object {
  switch (type) {
    case 'switch':
      return { type: 'boolean' };
    case 'number':
      return { type: 'integer', minimum: least };
    case 'list':
    case 'folders':
    case 'sources':
      return {
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'array', items: { type: 'string', minLength: 1 } },
        ],
      };
    default:
      if (choices === undefined) return { type: 'string' };
      // Booleans are read as the words that Ansible has for them.
      return { enum: [...choices, ...(words?.['true'] === undefined ? [] : [true, false])] };
  }
}
