import { Command, CommanderError, Option } from 'commander';
import type { Settings } from '../settings/load.ts';
import { SETTING_ROWS } from '../settings/table.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { FLAG_ROWS, type Flag, type FlagValues, flagsOf, NOT_HERE } from './flags.ts';

/** A command line taken apart: the words that are no flags, and the value of every flag. */
export interface Words {
  readonly operands: readonly string[];
  readonly values: FlagValues;
}

interface For {
  /** The command. */
  readonly of: string;
  /** The defaults of flags. */
  readonly settings: Settings;
  readonly found: Diagnostics;
}

/** Takes the command line of a command apart; everything wrong with its flags goes to `found`. */
export function readFlags(argv: readonly string[], { of, settings, found }: For): Words {
  const flags = flagsOf(of).map(([, flag]) => flag);
  const reading: Reading = { argv, command: of, flags, found };
  const command = parser(flags);
  const operands: string[] = [];
  let rest = withoutLoneFlag(reading);
  // What stands behind an unknown flag is left over: it is read on, to find all that is wrong at once.
  while (rest.length > 0) {
    const left = command.parseOptions([...rest]);
    operands.push(...left.operands);
    const [flag, ...after] = left.unknown;
    if (flag !== undefined) unknownFlag(flag, reading);
    rest = after;
  }
  const texts = new Map(command.options.map(option => [option.long, command.getOptionValue(option.attributeName())]));
  const given = new Set<string>();
  const values = FLAG_ROWS.map(([name, flag]) => {
    const words: readonly string[] = (flags.includes(flag) ? texts.get(flag.long) : undefined) ?? [];
    if (words.length > 0) given.add(name);
    return [name, withSetting(name, valueOf(flag, words, reading), { given, settings })];
  });
  // the rows are what FlagValues is made of
  return { operands, values: { ...(Object.fromEntries(values) as FlagValues), settings, given } };
}

/** The flag's value where it was given, else that of its setting; of some both. */
function withSetting(
  name: string,
  value: unknown,
  { given, settings }: Pick<FlagValues, 'given' | 'settings'>,
): unknown {
  const [key, row] = SETTING_ROWS.find(([, { flag }]) => flag === name) ?? [];
  if (key === undefined || row === undefined) return value;
  const set: unknown = settings.values[key];
  if (row.adds) return Array.isArray(value) ? [...(set as readonly string[]), ...value] : Number(value) + Number(set);
  if (given.has(name)) return value;
  return key === 'nocolor' ? !set : set; // the flag is --no-color, its value whether there are colours
}

/** Commander finds the flags among the words; what their values mean is decided below, from the table. */
function parser(flags: readonly Flag[]): Command {
  const command = new Command().exitOverride().helpOption(false);
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const flag of flags) {
    const long = flag.value === undefined ? flag.long : `${flag.long} <${flag.value}>`;
    const option = new Option(flag.short === undefined ? long : `${flag.short}, ${long}`);
    command.addOption(option.default([]).argParser((value, all: string[]) => [...all, value]));
  }
  return command;
}

/** Without a last flag whose value is missing: the one thing that commander throws about here. */
function withoutLoneFlag({ argv, flags, found }: Reading): readonly string[] {
  try {
    parser(flags).parseOptions([...argv]);
    return argv;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const last = argv.at(-1) ?? '';
    const flag = flags.find(f => (last.startsWith('--') ? f.long === last : f.short?.at(-1) === last.at(-1)));
    found.error('bad-option', `${last} needs a value`, { suggestion: `type: ${last} <${flag?.value ?? 'value'}>` });
    return argv.slice(0, -1);
  }
}

function unknownFlag(word: string, { command, flags, found }: Reading): void {
  const name = word.replace(/=.*/s, '');
  if (flags.some(f => f.long === name))
    return found.error('bad-option', `${name} takes no value`, { suggestion: `type: ${name}` });
  const longs = flags.map(f => f.long);
  const starting = longs.filter(long => name.length > 4 && long.startsWith(name));
  const started = starting.length > 0 ? `did you mean ${starting.join(' or ')}?` : undefined;
  if (FLAG_ROWS.some(([, f]) => f.long === name || f.short === name)) {
    const suggestion = started ?? `tplay ${command} --help lists those it has`;
    return found.error('bad-option', `tplay ${command} has no flag ${name}`, { suggestion });
  }
  const near = started ?? didYouMean(name, longs);
  const instead = NOT_HERE.get(name) ?? near ?? 'tplay --help lists the flags';
  found.error('bad-option', `unknown flag ${name}`, { suggestion: instead });
}

interface Reading {
  readonly argv: readonly string[];
  readonly command: string;
  /** Those the command takes. */
  readonly flags: readonly Flag[];
  readonly found: Diagnostics;
}

/** The value of a flag from all the words given for it. */
function valueOf(flag: Flag, given: readonly string[], reading: Reading): unknown {
  if (flag.kind === 'switch') return given.length > 0;
  if (flag.kind === 'off') return given.length === 0;
  if (flag.kind === 'count') return given.length;
  for (const value of given) checkValue(flag, value, reading);
  if (flag.kind === 'list') return given;
  if (flag.once && given.length > 1) {
    const suggestion = `join the values: ${flag.long} '${given.join(',')}'`;
    reading.found.error('bad-option', `${flag.long} is given ${given.length} times`, { suggestion });
  }
  const last = given.at(-1);
  return flag.kind === 'number' && last !== undefined ? Number(last) : last;
}

function checkValue(flag: Flag, value: string, { argv, flags, found }: Reading): void {
  const isFlag = flags.some(f => f.long === value || f.short === value);
  // As a word of its own it was meant as a flag: `-l --check`; `--ssh-extra-args=-C` means what it says.
  if (isFlag && argv.includes(value)) {
    const suggestion = `type: ${flag.long} <${flag.value}> ${value}, or ${flag.long}=${value} if that is the value`;
    return found.error('bad-option', `${flag.long} needs a value, and ${value} follows`, { suggestion });
  }
  if (value === '') return found.error('bad-option', `the value of ${flag.long} is empty`);
  if (flag.choices && !flag.choices.includes(value)) {
    const suggestion = didYouMean(value, flag.choices) ?? `one of: ${flag.choices.join(', ')}`;
    found.error('bad-option', `${flag.long} cannot be "${value}"`, { suggestion });
  }
  if (flag.kind === 'number' && !/^[1-9]\d{0,5}$/.test(value)) {
    const suggestion = `a whole number from 1, such as ${flag.long} 10`;
    found.error('bad-option', `${flag.long} cannot be "${value}"`, { suggestion });
  }
}
