import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { INVENTORY_SCHEMA } from '../lib/inventory/syntax.ts';
import { keywordSchema, PLACES } from '../lib/playbook/keywords.ts';

/**
 * The part of `npm run build` behind tsc, for a quick start of the program: the schemas of inventories and playbooks
 * compiled once, here, and the program's two hundred files in one.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));

function compileSchemas(): void {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, code: { source: true } });
  ajv.addSchema(INVENTORY_SCHEMA, 'inventory');
  for (const place of PLACES) ajv.addSchema(keywordSchema(place), place);
  const names = Object.fromEntries(['inventory', ...PLACES].map(name => [name, name]));
  mkdirSync(`${root}dist/generated`, { recursive: true });
  writeFileSync(`${root}dist/generated/validators.cjs`, standalone.default(ajv, names));
}

/** ssh2 and mysql2 stay outside: they are loaded late, and hold files that are no JavaScript. */
async function bundle(): Promise<void> {
  rmSync(`${root}dist/cli`, { recursive: true, force: true });
  await build({
    entryPoints: [`${root}dist/lib/main.js`],
    outdir: `${root}dist/cli`,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifyWhitespace: true,
    external: ['ssh2', 'mysql2'],
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

compileSchemas();
await bundle();
