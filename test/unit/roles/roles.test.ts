import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../../../roles/', import.meta.url));
const roles = readdirSync(root).sort();

interface Schema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly 'x-rules'?: readonly { readonly that?: unknown; readonly message?: unknown }[];
}

function yaml<T>(role: string, file: string): T | undefined {
  const path = join(root, role, file);
  return existsSync(path) ? ((parse(readFileSync(path, 'utf8')) ?? {}) as T) : undefined;
}

/** The names in the first column of the table of variables. */
function documented(role: string): readonly string[] {
  const text = readFileSync(join(root, role, 'README.md'), 'utf8');
  const table = text.slice(text.indexOf('## Variables'));
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(m => m[1] ?? '').sort();
}

function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir).flatMap(name => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

for (const role of roles) {
  const defaults = Object.keys(yaml<Record<string, unknown>>(role, 'defaults/main.yml') ?? {});
  const schema = yaml<Schema>(role, 'meta/schema.yml') ?? {};

  test(`${role}: every default stands in the table of its README`, () => {
    const missing = defaults.filter(name => !documented(role).includes(name));
    assert.equal(missing, []);
  });

  test(`${role}: every variable of the README has a default, or the schema or the table says that it has none`, () => {
    const text = readFileSync(join(root, role, 'README.md'), 'utf8');
    const without = documented(role).filter(name => !defaults.includes(name));
    for (const name of without) {
      const row = text.split('\n').find(line => line.startsWith(`| \`${name}\` |`)) ?? '';
      const told = schema.required?.includes(name) || /must be set|where that is an address/.test(row);
      assert.ok(told, `${name} has no default, and its row does not say so`);
    }
  });

  test(`${role}: the schema knows no variable that the README does not`, () => {
    const unknown = Object.keys(schema.properties ?? {}).filter(name => !documented(role).includes(name));
    assert.equal(unknown, []);
  });

  test(`${role}: every rule has an expression and a message`, () => {
    for (const rule of schema['x-rules'] ?? []) {
      assert.type(rule.that, 'string');
      assert.type(rule.message, 'string');
      assert.not.match(String(rule.that), /\{\{/);
    }
  });

  test(`${role}: a file of tasks is a page`, () => {
    const tasks = join(root, role, 'tasks');
    for (const file of filesBelow(tasks)) {
      const lines = readFileSync(file, 'utf8').split('\n').length;
      assert.ok(lines <= 100, `${file} has ${lines} lines`);
    }
  });
}

test('no role names a host of a registry or a path of the machine it was written on', () => {
  for (const file of filesBelow(root)) {
    const text = readFileSync(file, 'utf8');
    assert.not.match(text, /registry\.npm|deb\.debian\.org|\/work\/|\/var\/lib\/tplay-lab/, file);
  }
});

test('no role knows the sample package', () => {
  for (const file of filesBelow(root)) {
    assert.not.match(readFileSync(file, 'utf8'), /sample_note|3\.0\.17|lab\/tars/, file);
  }
});

test.run();
