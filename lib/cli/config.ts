import { type Origin, originName } from '../settings/load.ts';
import type { Setting, SettingValue } from '../settings/setting.ts';
import { SETTING_ROWS } from '../settings/table.ts';
import type { CommandLine } from './commands.ts';
import { FLAG_ROWS, type FlagValues } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** A setting as it would be for a run with these flags. */
interface Row {
  readonly name: string;
  readonly setting: Setting;
  readonly value: SettingValue | undefined;
  /** `default`, `ansible.cfg:3:1`, `ANSIBLE_FORKS` or `--forks`. */
  readonly from: string;
}

/** `tplay config`: every setting, its value, and where that comes from. */
export async function run({ values }: CommandLine, terminal: Terminal): Promise<number> {
  const rows = SETTING_ROWS.map(([name, setting]): Row => {
    const { value, origins } = values.given.has(setting.flag ?? '')
      ? {
          value: flagValue(name, values),
          origins: [flagName(setting), ...more(values.settings.origins.get(name), setting)],
        }
      : { value: values.settings.values[name], origins: [originName(values.settings.origins.get(name) ?? DEFAULT)] };
    return { name, setting, value, from: origins.join(', ') };
  }).filter(row => !values.changed || row.from !== 'default');
  terminal.out(values.json ? json(rows) : table(rows));
  return 0;
}

const DEFAULT: Origin = { kind: 'default' };

function flagValue(name: string, values: FlagValues): SettingValue {
  const flag = SETTING_ROWS.find(([setting]) => setting === name)?.[1].flag;
  const given = Object.entries(values).find(([key]) => key === flag)?.[1];
  return (name === 'nocolor' ? !given : given) as SettingValue; // the flag's setting has the flag's kind of value
}

function flagName({ flag }: Setting): string {
  return FLAG_ROWS.find(([name]) => name === flag)?.[1].long ?? '';
}

/** What such a flag's value was added to. */
function more(origin: Origin | undefined, { adds }: Setting): readonly string[] {
  return adds && origin !== undefined ? [originName(origin)] : [];
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(row => [row.name, shown(row), row.from] as const);
  const width = (column: 0 | 1) => Math.min(60, Math.max(0, ...cells.map(cell => cell[column].length)));
  const [name, value] = [width(0), width(1)];
  return cells.map(([a, b, c]) => `${a.padEnd(name)}  ${b.padEnd(value)}  ${c}\n`).join('');
}

function shown({ setting, value }: Row): string {
  if (setting.secret && value !== undefined) return '***';
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return setting.unset === undefined ? '-' : `(${setting.unset})`;
  return Array.isArray(value) ? value.join(', ') : String(value).replaceAll('\n', ' ');
}

function json(rows: readonly Row[]): string {
  const valueOf = ({ setting, value }: Row) => (setting.secret && value !== undefined ? '***' : (value ?? null));
  const entries = rows.map(row => [row.name, { value: valueOf(row), from: row.from }] as const);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
