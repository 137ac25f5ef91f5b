import type { Module } from '../module.ts';

// Made by dev/gen-modules.ts: change the files of this folder, not this one.
/** Every module by its name; only what a playbook uses is loaded. */
export const modules: Readonly<Record<string, () => Promise<{ readonly default: Module }>>> = {
  assert: () => import('./assert.ts'),
  blockinfile: () => import('./blockinfile.ts'),
  command: () => import('./command.ts'),
  copy: () => import('./copy.ts'),
  debug: () => import('./debug.ts'),
  fail: () => import('./fail.ts'),
  fetch: () => import('./fetch.ts'),
  file: () => import('./file.ts'),
  lineinfile: () => import('./lineinfile.ts'),
  pause: () => import('./pause.ts'),
  ping: () => import('./ping.ts'),
  replace: () => import('./replace.ts'),
  script: () => import('./script.ts'),
  set_fact: () => import('./set_fact.ts'),
  setup: () => import('./setup.ts'),
  shell: () => import('./shell.ts'),
  slurp: () => import('./slurp.ts'),
  stat: () => import('./stat.ts'),
  tempfile: () => import('./tempfile.ts'),
  template: () => import('./template.ts'),
};
