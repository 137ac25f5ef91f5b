import type { Flag } from './flags.ts';

/** The flags of `tplay lint` alone. */
export const LINT_FLAGS = {
  skipRule: {
    long: '--skip-rule',
    kind: 'list',
    value: 'names',
    group: 'How',
    on: ['lint'],
    help: 'leave these rules out (`unnamed-task,with-loop`); may be repeated',
  },
  warnOnly: {
    long: '--warn-only',
    kind: 'switch',
    group: 'How',
    on: ['lint'],
    help: 'end with 0 unless there is an error',
  },
  rules: { long: '--rules', kind: 'switch', group: 'Only look', on: ['lint'], help: 'list the rules and why they are' },
  lintOutput: {
    long: '--output',
    kind: 'text',
    value: 'kind',
    choices: ['text', 'json'],
    group: 'Output',
    on: ['lint'],
    help: 'text, or json (one finding a line)',
  },
} as const satisfies Readonly<Record<string, Flag>>;
