// The public API: run playbooks from a program, and the types of what happens.
export { runCommand as run } from './cli/run.ts';
export type { Terminal } from './cli/terminal.ts';
export type { Event, Recap, Reporter, TaskRef } from './events.ts';
export * from './module.ts';
export { type Options, parseOptions, type RunOptions } from './options.ts';
export type { Outcome } from './outcome.ts';
