import type { Diagnostics } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { pathOf, unquoted, valueOf, words } from './convert.ts';
import { type Found, isFolder, type Surroundings } from './files.ts';
import { type IniFile, type IniValue, readIni } from './ini.ts';
import type { Given } from './load.ts';
import { SETTING_ROWS } from './table.ts';
import { PLUGIN_FOLDERS, UNSUPPORTED } from './unsupported.ts';

interface At extends Surroundings {
  readonly found: Diagnostics;
}

/** What ansible.cfg says: settings, and complaints about what would be done otherwise here. */
export function readAnsibleCfg(cfg: Found, at: At): readonly Given[] {
  const ini = readIni(cfg.file, at.found);
  complain(at, cfg.folder, ({ ini: keys }) =>
    keys.flatMap(key => {
      const value = ini.get(key);
      return value === undefined ? [] : [{ name: shortName(key), text: unquoted(value.text), span: value.span }];
    }),
  );
  return SETTING_ROWS.flatMap(([name, setting]) => {
    const entry = lastOf(setting.ini, ini);
    if (entry === undefined) return [];
    const { text, span, key } = entry;
    const place = { name: shortName(entry.name), span, base: cfg.folder, env: at.env, found: at.found };
    const value = valueOf(setting, text, place);
    return value === undefined ? [] : [{ name, value, origin: { kind: 'file' as const, span: key } }];
  });
}

/** What Ansible's variables of the environment say. Relative paths in them are seen from the working directory. */
export function readEnvironment(at: At): readonly Given[] {
  complain(at, at.cwd, ({ env }) =>
    env.flatMap(name => {
      const text = at.env[name];
      return text === undefined || text === '' ? [] : [{ name, text }];
    }),
  );
  return SETTING_ROWS.flatMap(([name, setting]) => {
    const variable = setting.env.findLast(variable => (at.env[variable] ?? '') !== '');
    if (variable === undefined) return [];
    const place = { name: variable, base: at.cwd, env: at.env, found: at.found };
    const value = valueOf(setting, at.env[variable] ?? '', place);
    return value === undefined ? [] : [{ name, value, origin: { kind: 'environment' as const, variable } }];
  });
}

function lastOf(keys: readonly string[], ini: IniFile): (IniValue & { readonly name: string }) | undefined {
  const name = keys.findLast(key => ini.has(key));
  const value = name === undefined ? undefined : ini.get(name);
  return name === undefined || value === undefined ? undefined : { ...value, name };
}

function shortName(key: string): string {
  return key.slice(key.indexOf('.') + 1);
}

interface Asked {
  readonly name: string;
  readonly text: string;
  readonly span?: Span;
}

type Places = Pick<(typeof UNSUPPORTED)[number], 'ini' | 'env'>;

function complain(at: At, base: string, givenOf: (setting: Places) => readonly Asked[]): void {
  for (const setting of UNSUPPORTED)
    for (const { name, text, span } of givenOf(setting)) {
      if (!setting.asks(text)) continue;
      at.found.add({
        code: 'unsupported',
        severity: setting.severity,
        message: `${name}: ${setting.why}`,
        ...(span && { span }),
        ...(setting.suggestion !== undefined && { suggestion: setting.suggestion }),
      });
    }
  for (const setting of PLUGIN_FOLDERS)
    for (const { name, text, span } of givenOf(setting))
      if (words(text, ':').some(path => isFolder(pathOf(path, { base, env: at.env }))))
        at.found.warning('unsupported', `${name}: ${setting.why}`, { ...(span && { span }) });
}
