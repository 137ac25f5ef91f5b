import type { Flag } from './flags.ts';

/** The flags of `tplay config`, beside those that settings are the defaults of, and of `tplay vars`. */
export const SETTINGS_FLAGS = {
  changed: {
    long: '--changed',
    kind: 'switch',
    group: 'Output',
    on: ['config'],
    help: 'only settings that are given somewhere',
  },
  json: { long: '--json', kind: 'switch', group: 'Output', on: ['config', 'vars', 'doc'], help: 'print JSON' },
  explain: {
    long: '--explain',
    kind: 'list',
    value: 'name',
    group: 'What and where',
    on: ['vars'],
    help: 'only this variable: every place that sets it, the one that wins first; may be repeated',
  },
  varsPlaybook: {
    long: '--playbook',
    short: '-p',
    kind: 'text',
    value: 'playbook',
    group: 'What and where',
    on: ['vars'],
    help: "as the playbook's first play with the host sees them: its vars, vars_files, roles, and files beside it",
  },
  varsRole: {
    long: '--role',
    kind: 'text',
    value: 'role',
    group: 'What and where',
    on: ['vars'],
    help: 'as the tasks of this role see them',
  },
} as const satisfies Readonly<Record<string, Flag>>;
