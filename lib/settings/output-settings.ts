import type { Setting } from './setting.ts';

/** How a run is shown. */
export const OUTPUT_SETTINGS = {
  output: {
    type: 'text',
    choices: ['live', 'plain', 'json', 'junit'],
    ini: [],
    env: [],
    flag: 'output',
    unset: 'live on a terminal, plain elsewhere',
    doc: 'how a run is shown',
  },
  timing: {
    type: 'switch',
    ini: [],
    env: [],
    flag: 'timing',
    default: false,
    doc: 'list the slowest tasks at the end',
  },
  show_custom_stats: {
    type: 'switch',
    ini: ['defaults.show_custom_stats'],
    env: ['ANSIBLE_SHOW_CUSTOM_STATS'],
    default: false,
    doc: 'show what set_stats kept at the end',
  },
  verbosity: {
    type: 'number',
    least: 0,
    ini: ['defaults.verbosity'],
    env: ['ANSIBLE_VERBOSITY'],
    flag: 'verbose',
    adds: true,
    default: 0,
    doc: 'how much is shown; each `-v` adds one',
  },
  nocolor: {
    type: 'switch',
    ini: ['defaults.nocolor'],
    env: ['ANSIBLE_NOCOLOR'],
    flag: 'color',
    default: false,
    doc: 'no colours',
  },
  force_color: {
    type: 'switch',
    ini: ['defaults.force_color'],
    env: ['ANSIBLE_FORCE_COLOR'],
    default: false,
    doc: 'colours also where the output is no terminal',
  },
} as const satisfies Readonly<Record<string, Setting>>;
