import type { Flag } from './flags.ts';

/** The flags of `tplay config`, beside those that settings are the defaults of. */
export const SETTINGS_FLAGS = {
  changed: {
    long: '--changed',
    kind: 'switch',
    group: 'Output',
    on: ['config'],
    help: 'only settings that are given somewhere',
  },
  json: { long: '--json', kind: 'switch', group: 'Output', on: ['config'], help: 'print JSON' },
} as const satisfies Readonly<Record<string, Flag>>;
