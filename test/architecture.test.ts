import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// Tests run from dist/; what is looked at is the source.
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Files below a folder, as paths from the project's root. */
function filesIn(folder: string, end: string): readonly string[] {
  const all = readdirSync(root + folder, { recursive: true, withFileTypes: true });
  return all
    .filter(f => f.isFile() && f.name.endsWith(end))
    .map(f => join(f.parentPath, f.name).slice(root.length))
    .sort();
}

const text = (path: string) => readFileSync(root + path, 'utf8');
const sources = filesIn('lib', '.ts');
const tests = filesIn('test', '.ts');

/** What a file imports: our own files as paths inside lib/, packages by their names. */
function importsOf(path: string): readonly string[] {
  const lines = text(path).matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...lines].map(([, still, late]) => {
    const name = still ?? late ?? '';
    return name.startsWith('.') ? normalize(join(dirname(path), name)).slice('lib/'.length) : name;
  });
}

/**
 * Who may import whom; an entry is a folder or a file of lib/, and what is not listed may import all. Where this goes beyond
 * the first design: `template/values.ts` holds the types of values, which YAML trees and inventories are made of, and imports
 * nothing but text; package-root.ts knows where the package lies, for its prelude and compiled schemas; sessions report the
 * types of module.ts and outcome.ts; what the filter from_yaml
 * reads has the limits of files (yaml/compose.ts); the editing driver sets a file's attributes with the code that modules use for it,
 * and tasks in the background are the jobs that the module async_status reads; what reads archives and packs folders is the modules'
 * own, and the engine gives it the controller's files; and
 * roles' argument specifications are checked with the code of the module that checks them while a play runs; and
 * the engine makes nodes for the tasks it adds itself (fact gathering) and for rules of roles.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'outcome.ts': [],
  'package-root.ts': [],
  text: [],
  'events.ts': ['outcome.ts', 'text'],
  shell: ['outcome.ts', 'package-root.ts', 'text'],
  // the filters vault and unvault
  template: ['text', 'yaml/compose.ts', 'vault'],
  yaml: ['text', 'template/values.ts', 'package-root.ts'],
  // diskFiles is how a file of the user's is read with all that can be wrong with it
  settings: ['yaml', 'text', 'inventory/files.ts'],
  vault: ['text'],
  inventory: ['yaml', 'text', 'template/values.ts', 'vault'],
  vars: ['inventory', 'template', 'text', 'yaml/node.ts'],
  module: ['module.ts', 'outcome.ts', 'shell/sh.ts', 'text', 'yaml/schema.ts'],
  'module.ts': ['module', 'outcome.ts', 'shell/sh.ts', 'text', 'yaml/schema.ts'],
  facts: ['module.ts', 'shell/sh.ts', 'text'],
  modules: ['module.ts', 'shell/sh.ts', 'text', 'facts/index.ts'],
  playbook: [
    'yaml',
    'template',
    'inventory',
    'vars',
    'vault',
    'text',
    'module.ts',
    'modules/index.ts',
    'modules/shared/argument-spec.ts',
  ],
  // the program that reads URLs lies in the package; what it is asked is a type of templates
  remote: ['shell', 'text', 'module.ts', 'outcome.ts', 'package-root.ts', 'template/values.ts'],
  engine: [
    'playbook',
    'remote',
    'template',
    'inventory',
    'vars',
    'vault',
    'text',
    'events.ts',
    'outcome.ts',
    'module.ts',
    'modules/shared/archive.ts',
    'modules/shared/attributes.ts',
    'modules/shared/expand.ts',
    'modules/shared/job.ts',
    'modules/shared/packed-files.ts',
    'yaml/node.ts',
    'yaml/check.ts',
  ],
  lint: ['playbook', 'template', 'inventory/layer.ts', 'text', 'yaml/node.ts', 'engine/magic.ts'],
  reporters: ['events.ts', 'outcome.ts', 'text'],
};

const part = (path: string) => path.replace(/^lib\//, '').split('/')[0] ?? '';

for (const [folder, allowed] of Object.entries(MAY_IMPORT))
  test(`${folder} imports only what it may`, () => {
    const wrong = sources
      .filter(path => part(path) === folder)
      .flatMap(path => importsOf(path).map(name => ({ path, name })))
      .filter(({ name }) => sources.includes(`lib/${name}`) && part(name) !== folder)
      .filter(({ name }) => !allowed.some(a => name === a || name.startsWith(`${a}/`)));
    assert.equal(
      wrong.map(({ path, name }) => `${path} imports ${name}`),
      [],
    );
  });

test('every entry of the table is used, and every folder is in it', () => {
  const free = ['cli', 'main.ts', 'index.ts', 'options.ts'];
  assert.equal(
    [...new Set(sources.map(part))].filter(p => !(p in MAY_IMPORT) && !free.includes(p)),
    [],
  );
  const unused = Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) => {
    const used = sources.filter(s => part(s) === folder).flatMap(importsOf);
    return allowed.filter(a => !used.some(u => u === a || u.startsWith(`${a}/`))).map(a => `${folder}: ${a}`);
  });
  // What modules and facts may use is a promise to their authors, also where none uses it yet.
  assert.equal(
    unused.filter(u => !/^(modules|facts|module|module\.ts|shell|playbook): /.test(u)),
    [],
  );
});

const ONLY_THERE: readonly (readonly [packages: RegExp, allowed: RegExp])[] = [
  [/^(ssh2|mysql2)/, /^lib\/remote\//],
  // lookup('pipe') is answered on the controller, without any host; vault passwords may be a program's, texts an editor's
  [/^node:child_process$/, /^lib\/(remote\/|engine\/local-services\.ts$|cli\/vault-(secrets|edit)\.ts$)/],
  [/^commander$/, /^lib\/cli\//],
  [/^yaml$/, /^lib\/(yaml|template\/filters)\//],
  [/^ajv/, /^lib\/(yaml|engine)\//],
  [/^diff$/, /^lib\/text\//],
  // the user's files, and our own prelude and package.json
  [
    /^node:fs/,
    /^lib\/(playbook\/load|inventory\/files|settings\/files|engine\/local(s|-archive|-files|-large|-owners|-services|-tree)?|engine\/drive\/\w+|remote\/[\w-]+|cli\/[\w-]+|shell\/prelude)\.ts$/,
  ],
];

for (const [packages, allowed] of ONLY_THERE)
  test(`${packages.source} is imported only in ${allowed.source}`, () => {
    const wrong = sources.filter(path => !allowed.test(path) && importsOf(path).some(name => packages.test(name)));
    assert.equal(wrong, []);
  });

// fetch-program.ts is a program of its own, whose output its parent reads
test('only main, cli and reporters print or end the process', () => {
  const prints = /\bconsole\.|process\.(stdout|stderr|exit\b)/;
  assert.equal(
    sources.filter(
      path => !/^lib\/(main\.ts|cli\/|reporters\/|remote\/fetch-program\.ts)/.test(path) && prints.test(text(path)),
    ),
    [],
  );
});

test('nothing in lib is module-level mutable state', () => {
  // Layer is a ReadonlyMap.
  const state =
    /^(?:export )?(?:let |var |const \w+(?:: (?!Readonly|Layer)[^=]+)? = new (?:Map|Set|WeakMap)(?:<.*>)?\(\);)/m;
  assert.equal(
    sources.filter(path => state.test(text(path))),
    [],
  );
});

test('no file of lib is longer than 300 lines', () => {
  const long = sources.map(path => `${path}: ${text(path).split('\n').length - 1}`);
  assert.equal(
    long.filter(line => Number(line.split(': ')[1]) > 300),
    [],
  );
});

test('no work is left as a note in the code', () => {
  const note = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
  const all = [...sources, ...tests, ...filesIn('lab', '.ts'), ...filesIn('dev', '.ts'), ...filesIn('roles', '.yml')];
  assert.equal(
    all.filter(path => note.test(text(path).replaceAll(/mktemp[^\n]*/g, ''))),
    [],
  );
});

test('every test file runs its tests', () => {
  // uvu ends well on a file that only defines tests.
  assert.equal(
    tests.filter(path => path.endsWith('.test.ts') && !/^(?:\} else )?test\.run\(\);$/m.test(text(path))),
    [],
  );
});

const modules = filesIn('lib/modules', '.ts')
  .filter(path => dirname(path) === 'lib/modules' && !path.endsWith('/index.ts'))
  .map(path => path.slice('lib/modules/'.length, -'.ts'.length));

test('the list of modules is that of the folder', () => {
  const listed = [...text('lib/modules/index.ts').matchAll(/^ {2}(\w+): /gm)].map(m => m[1]);
  assert.equal(listed, [...modules].sort());
});

test('every module has cases, or a test below test/modules that names it', () => {
  const cases = new Set(filesIn('test/modules', '.yml').map(path => path.split('/')[2]));
  const own = filesIn('test/modules', '.test.ts').map(text).join('\n');
  assert.equal(
    modules.filter(name => !cases.has(name) && !new RegExp(`\\b${name}\\b`).test(own)),
    [],
  );
});

test('every function of the prelude is reached by a module, a fact or a driver, or by a test of its own', () => {
  const bodies = new Map<string, string>();
  for (const file of filesIn('lib/shell/prelude', '.sh'))
    for (const piece of text(file).split(/^(?=tp_\w+\(\))/m)) {
      const name = /^(tp_\w+)\(\)/.exec(piece)?.[1];
      if (name !== undefined) bodies.set(name, piece.slice(name.length));
    }
  const users = [...sources, ...filesIn('test/shell', '.ts'), ...filesIn('test/modules', '')].map(text).join('\n');
  const reached = new Set<string>();
  const reach = (code: string): void => {
    for (const [name] of code.matchAll(/\btp_\w+/g))
      if (bodies.has(name) && !reached.has(name)) {
        reached.add(name);
        reach(bodies.get(name) ?? '');
      }
  };
  reach(users);
  assert.ok(bodies.size > 50);
  assert.equal(
    [...bodies.keys()].filter(name => !reached.has(name)),
    [],
  );
});

test('every function of the prelude has a comment', () => {
  const without = filesIn('lib/shell/prelude', '.sh').flatMap(path => {
    const lines = text(path).split('\n');
    return lines.flatMap((line, i) => {
      const name = /^(tp_\w+)\(\)/.exec(line)?.[1];
      if (name === undefined || line.includes('#') || lines[i - 1]?.startsWith('#')) return [];
      return [`${path} ${name}`];
    });
  });
  assert.equal(without, []);
});

test('no two functions of the prelude have one name', () => {
  const names = filesIn('lib/shell/prelude', '.sh').flatMap(path =>
    [...text(path).matchAll(/^(tp_\w+)\(\)/gm)].map(([, name]) => name),
  );
  assert.equal(
    names.filter((name, i) => names.indexOf(name) !== i),
    [],
  );
});

test.run();
