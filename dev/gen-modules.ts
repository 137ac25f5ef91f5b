import { readdirSync, writeFileSync } from 'node:fs';

/** Writes lib/modules/index.ts from the files of lib/modules: `node dist/dev/gen-modules.js`. */
const folder = new URL('../../lib/modules/', import.meta.url);
const names = readdirSync(folder)
  .filter(name => name.endsWith('.ts') && name !== 'index.ts')
  .map(name => name.slice(0, -'.ts'.length))
  .sort();

const lines = names.map(name => `  ${name}: () => import('./${name}.ts'),\n`).join('');
const text = `import type { Module } from '../module.ts';

// Made by dev/gen-modules.ts: change the files of this folder, not this one.
/** Every module by its name; only what a playbook uses is loaded. */
export const modules: Readonly<Record<string, () => Promise<{ readonly default: Module }>>> = {
${lines}};
`;
writeFileSync(new URL('index.ts', folder), text);
process.stdout.write(`lib/modules/index.ts: ${names.length} modules\n`);
