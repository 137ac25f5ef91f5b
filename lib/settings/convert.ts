import { isAbsolute, resolve } from 'node:path';
import type { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import type { Span } from '../text/source.ts';
import type { Setting, SettingValue } from './setting.ts';

/** Where a text stands that is to become a setting's value. */
export interface Place {
  /** What a message calls it: `forks` or `ANSIBLE_FORKS`. */
  readonly name: string;
  readonly span?: Span | undefined;
  /** The folder that relative paths are seen from. */
  readonly base: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where YAML has taken quotes off, those that are left are meant. */
  readonly quotes?: 'kept';
}

const YES = ['true', 'yes', 'on', '1', 'y', 't'];
const NO = ['false', 'no', 'off', '0', 'n', 'f'];

/** The value a text means; undefined where it cannot be one, which is said. */
export function valueOf(setting: Setting, text: string, at: Place & { found: Diagnostics }): SettingValue | undefined {
  const wrong = (suggestion: string) => {
    const given = setting.secret ? 'what it is' : `"${text}"`;
    at.found.error('bad-value', `${at.name} cannot be ${given}`, { ...(at.span && { span: at.span }), suggestion });
    return undefined;
  };
  if (at.quotes === undefined && unquoted(text) !== text) {
    // As Ansible: quotes around a text are no part of it; of anything else they would be.
    if (setting.type === 'text') return valueOf(setting, unquoted(text), at);
    return wrong('write it without quotes');
  }
  switch (setting.type) {
    case 'switch': {
      const word = text.toLowerCase();
      return YES.includes(word) ? true : NO.includes(word) ? false : wrong('write True or False');
    }
    case 'number': {
      const { least = 1 } = setting;
      const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
      return number >= least ? number : wrong(`a whole number from ${least}`);
    }
    case 'text': {
      if (setting.choices === undefined) return text;
      const word = setting.words?.[text.toLowerCase()] ?? text;
      if (setting.choices.includes(word)) return word;
      return wrong(didYouMean(word, setting.choices) ?? `one of: ${setting.choices.join(', ')}`);
    }
    case 'list':
      return words(text, ',');
    case 'path':
      return text === '' ? wrong('the name of a file') : pathOf(text, at);
    case 'folders':
      return words(text, ':').map(path => pathOf(path, at));
    case 'sources':
      return words(text, ',').map(path => pathOf(path, at));
  }
}

/** Without the quotes around all of it. */
export function unquoted(text: string): string {
  return /^(["'])(.+)\1$/s.exec(text)?.[2] ?? text;
}

/** The pieces of a text between separators, blanks and empty pieces left out. */
export function words(text: string, separator: string): readonly string[] {
  return text
    .split(separator)
    .map(word => word.trim())
    .filter(word => word !== '');
}

/** A path as Ansible expands it: `{{CWD}}`, a leading `~`, `$NAME` and `${NAME}` where there is such a variable. */
export function pathOf(text: string, { base, env }: Pick<Place, 'base' | 'env'>): string {
  const named = text
    .replaceAll('{{CWD}}', process.cwd())
    .replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, plain, braced) => env[plain ?? braced] ?? whole)
    .replace(/^~(?=\/|$)/, env['HOME'] ?? '~');
  return isAbsolute(named) ? named : resolve(base, named);
}
