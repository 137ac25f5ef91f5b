import { Command, CommanderError, Option } from 'commander';
import type { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { FLAG_ROWS, type Flag, type FlagValues, NOT_HERE } from './flags.ts';

/** A command line taken apart: the words that are no flags, and the value of every flag. */
export interface Words {
  readonly operands: readonly string[];
  readonly values: FlagValues;
}

/** Takes a command line apart; everything wrong with its flags goes to `found`. */
export function readFlags(argv: readonly string[], found: Diagnostics): Words {
  const command = parser();
  const operands: string[] = [];
  let rest = withoutLoneFlag(argv, found);
  // What stands behind an unknown flag is left over: it is read on, to find all that is wrong at once.
  while (rest.length > 0) {
    const left = command.parseOptions([...rest]);
    operands.push(...left.operands);
    const [flag, ...after] = left.unknown;
    if (flag !== undefined) unknownFlag(flag, found);
    rest = after;
  }
  const given = command.opts<Readonly<Record<string, readonly string[]>>>();
  const values = FLAG_ROWS.map(([name, flag]) => [name, valueOf(flag, given[name] ?? [], { argv, found })]);
  return { operands, values: Object.fromEntries(values) as FlagValues }; // the rows are what FlagValues is made of
}

/** Commander finds the flags among the words; what their values mean is decided below, from the table. */
function parser(): Command {
  const command = new Command().exitOverride().helpOption(false);
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const [, flag] of FLAG_ROWS) {
    const long = flag.value === undefined ? flag.long : `${flag.long} <${flag.value}>`;
    const option = new Option(flag.short === undefined ? long : `${flag.short}, ${long}`);
    command.addOption(option.default([]).argParser((value, all: string[]) => [...all, value]));
  }
  return command;
}

/** Without a last flag whose value is missing: the one thing that commander throws about here. */
function withoutLoneFlag(argv: readonly string[], found: Diagnostics): readonly string[] {
  try {
    parser().parseOptions([...argv]);
    return argv;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const last = argv.at(-1) ?? '';
    const [, flag] =
      FLAG_ROWS.find(([, f]) => (last.startsWith('--') ? f.long === last : f.short?.at(-1) === last.at(-1))) ?? [];
    found.error('bad-option', `${last} needs a value`, { suggestion: `type: ${last} <${flag?.value ?? 'value'}>` });
    return argv.slice(0, -1);
  }
}

function unknownFlag(word: string, found: Diagnostics): void {
  const flag = word.replace(/=.*/s, '');
  const known = FLAG_ROWS.find(([, f]) => f.long === flag);
  if (known) return found.error('bad-option', `${flag} takes no value`, { suggestion: `type: ${flag}` });
  const longs = FLAG_ROWS.map(([, f]) => f.long);
  const starting = longs.filter(long => flag.length > 4 && long.startsWith(flag));
  const near = starting.length > 0 ? `did you mean ${starting.join(' or ')}?` : didYouMean(flag, longs);
  const instead = NOT_HERE.get(flag) ?? near ?? 'tplay --help lists the flags';
  found.error('bad-option', `unknown flag ${flag}`, { suggestion: instead });
}

interface Reading {
  readonly argv: readonly string[];
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

function checkValue(flag: Flag, value: string, { argv, found }: Reading): void {
  const isFlag = FLAG_ROWS.some(([, f]) => f.long === value || f.short === value);
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
