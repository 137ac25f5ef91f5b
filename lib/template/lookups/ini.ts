import { Failure } from '../error.ts';
import { pythonRegex } from '../regex.ts';
import type { Value } from '../values.ts';

/** The value of a key in a section (`global` unless told), or those of all keys that match with `re=true`. */
export function iniValue(text: string, key: string, settings: ReadonlyMap<string, string>): Value[] {
  const properties = settings.get('type') === 'properties';
  const section = properties ? '' : (settings.get('section') ?? 'global');
  const sensitive = /^(?:true|yes|on|1)$/i.test(settings.get('case_sensitive') ?? '');
  const fold = (name: string) => (sensitive ? name : name.toLowerCase());
  const values = read(text, properties).get(section);
  const otherwise = settings.get('default') ?? '';
  if (/^(?:true|yes|on|1)$/i.test(settings.get('re') ?? '')) {
    const regex = pythonRegex(key, {}, true);
    return [...(values ?? [])]
      .filter(([name]) => {
        regex.lastIndex = 0;
        return regex.test(fold(name));
      })
      .map(([, value]) => value);
  }
  const found = [...(values ?? [])].findLast(([name]) => fold(name) === fold(key));
  return [found?.[1] ?? otherwise];
}

function read(text: string, properties: boolean): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  let last: string | undefined;
  if (properties) sections.set('', current);
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header && !properties) {
      const name = header[1] as string;
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) current.set(last, `${current.get(last)}\n${line.trim()}`);
    else {
      const [, name, value = ''] = /^\s*(.*?)\s*(?:[=:]\s*(.*?)\s*)?$/.exec(line) ?? [];
      if (name === undefined || name === '') throw new Failure(`the lookup "ini" cannot read the line "${line}"`);
      current.set(name, value);
      last = name;
    }
  }
  return sections;
}
