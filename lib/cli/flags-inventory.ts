import type { Flag } from './flags.ts';

/** The flags of `tplay inventory` alone. */
export const INVENTORY_FLAGS = {
  inventoryList: {
    long: '--list',
    kind: 'switch',
    group: 'Only look',
    on: ['inventory'],
    help: 'all groups and hosts with their variables, as an inventory script prints them',
  },
  inventoryGraph: {
    long: '--graph',
    kind: 'switch',
    group: 'Only look',
    on: ['inventory'],
    help: 'groups and hosts as a tree; from a group on where one is named',
  },
  inventoryHost: {
    long: '--host',
    kind: 'text',
    value: 'name',
    group: 'Only look',
    on: ['inventory'],
    help: 'the variables of one host',
  },
  graphVars: {
    long: '--vars',
    kind: 'switch',
    group: 'Output',
    on: ['inventory'],
    help: 'with --graph: the variables too',
  },
  inventoryExport: {
    long: '--export',
    kind: 'switch',
    group: 'Output',
    on: ['inventory'],
    help: 'variables stand with the groups and hosts that set them, not merged',
  },
  inventoryYaml: {
    long: '--yaml',
    short: '-y',
    kind: 'switch',
    group: 'Output',
    on: ['inventory'],
    help: 'YAML instead of JSON',
  },
  inventoryOutput: {
    long: '--output',
    kind: 'text',
    value: 'file',
    group: 'Output',
    on: ['inventory'],
    help: 'with --list: write to this file',
  },
} as const satisfies Readonly<Record<string, Flag>>;
