import type { Example } from './rule.ts';

/** An example as a playbook: tasks stand in a play for all hosts. */
export function playOf({ text }: Example): string {
  if (text.startsWith('- hosts:')) return text;
  const tasks = text.replace(/^(?=.)/gm, '    ');
  return `- hosts: all\n  tasks:\n${tasks}`;
}
