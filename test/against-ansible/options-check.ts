import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Module } from '../../lib/module.ts';
import { ELSEWHERE_NAMES, fullName, LEFT_OUT } from '../../lib/playbook/collections.ts';
import { loadModule, moduleNames } from '../../lib/playbook/modules.ts';
import { ACTIONS } from '../../lib/playbook/syntax.ts';
import { type Documented, differences, documentedFile, type Option, readMeant } from './options.ts';

/** All that is not as documented and has no reason, a line each; and reasons for what is as documented. */
export async function openDifferences(documented: Documented): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const name of moduleNames()) {
    const module = await loadModule(name);
    const full = fullName(name);
    if (module === undefined || full === undefined) continue;
    const options = documented.modules[full];
    if (options === undefined && readMeant()[name]?.['all'] !== undefined) continue;
    if (options === undefined)
      lines.push(`${name}: nothing is recorded of ${full}: npm run test:ansible -- options --record`);
    else lines.push(...ofModule(module, options));
  }
  return [...lines, ...absent(documented)];
}

function ofModule(module: Module, options: Readonly<Record<string, Option>>): readonly string[] {
  const { name } = module;
  const found = differences(module, options);
  const reasons = { ...module.args.notTaken, ...readMeant()[name] };
  const open = found.filter(what => !Object.hasOwn(reasons, what));
  const stale = Object.keys(reasons).filter(what => !found.includes(what));
  return [
    ...open.map(what => `${name}: ${what} is documented; take it, or say why not in its notTaken, or in options.yml`),
    ...stale.map(what => `${name}: a reason is given for ${what}, which is as documented`),
  ];
}

function absent({ builtin }: Documented): readonly string[] {
  const known = new Set([...moduleNames(), ...ACTIONS]);
  const missing = builtin.filter(name => !known.has(name) && !Object.hasOwn(LEFT_OUT, name));
  const there = Object.keys(LEFT_OUT).filter(name => known.has(name));
  return [
    ...missing.map(name => `${name}: a module of ansible.builtin; make it, or say why not in LEFT_OUT`),
    ...there.map(name => `${name}: LEFT_OUT says that there is none`),
  ];
}

/** Asks ansible-doc for everything that a module of ours may stand for. */
export function askAnsible(): Documented {
  const builtin = Object.keys(ask('-l', 'ansible.builtin')).map(name =>
    name.replace(/^ansible\.builtin\.(_(?=[a-z]))?/, ''),
  );
  const names = [...builtin.map(name => `ansible.builtin.${name}`), ...ELSEWHERE_NAMES];
  const docs = Object.entries(ask(...names)) as (readonly [
    string,
    { doc?: { options?: Record<string, Described> } },
  ])[];
  const modules = docs.map(([name, { doc }]) => [name, facts(doc?.options ?? {})] as const);
  return { builtin: builtin.sort(), modules: Object.fromEntries(modules.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** What `npm test` holds the modules to from now on. */
export function recordOptions(asked: Documented): void {
  writeFileSync(documentedFile, `${JSON.stringify(asked, undefined, 1)}\n`);
}

function ask(...words: readonly string[]): Record<string, unknown> {
  const argv = ['-t', 'module', '-j', ...words];
  // it warns of names it does not know on stderr, and leaves them out
  const text = execFileSync('ansible-doc', argv, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(text);
}

interface Described extends Omit<Option, 'path'> {
  readonly type?: string;
  /** Of a list: the type of what is in it. */
  readonly elements?: string;
}

function facts(options: Readonly<Record<string, Described>>): Readonly<Record<string, Option>> {
  const of = ({ aliases, choices, default: value, type, elements }: Described): Option => ({
    ...(aliases !== undefined && aliases.length > 0 && { aliases }),
    ...(choices !== undefined && { choices }),
    ...(value !== undefined && value !== null && { default: value }),
    ...((type === 'path' || elements === 'path') && { path: true }),
  });
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, of(option)]));
}
