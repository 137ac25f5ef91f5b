import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ArgSchema, ArgsSchema } from '../../../lib/module.ts';
import { coerceArgs, coerceValue, type Given, LATER } from '../../../lib/playbook/coerce.ts';

const told = (schema: ArgSchema, given: Given) => {
  const result = coerceValue(schema, given);
  return 'value' in result ? result.value : `${result.fault.code}: ${result.fault.message}`;
};

const text = { type: 'string' } as const;
const mode = { type: 'string', mode: true } as const;

for (const [name, schema, given, wanted] of [
  ['a text', text, { value: 'x' }, 'x'],
  ['a number written as it is read', text, { value: 5, source: '5' }, '5'],
  ['a number of a template', text, { value: 5 }, '5'],
  ['a truth of a template, as Python prints it', text, { value: true }, 'True'],
  ['yes for a text', text, { value: true, source: 'yes' }, 'yaml-trap: YAML reads yes as true, but this is a text'],
  [
    'an octal number for a text',
    text,
    { value: 420, source: '0644' },
    'yaml-trap: YAML reads 0644 as 420, but this is a text',
  ],
  ['a list for a text', text, { value: [] }, 'wrong-type: expected a text, found a list'],
  ['a NUL', text, { value: 'a\0b' }, 'bad-value: a text for a host cannot hold a NUL character'],
  ['a number', { type: 'integer' }, { value: 5 }, 5],
  ['a number as text', { type: 'integer' }, { value: ' 5 ' }, 5],
  ['a part for a whole number', { type: 'integer' }, { value: 1.5 }, 'wrong-type: expected a whole number, found 1.5'],
  ['a part', { type: 'number' }, { value: '1.5' }, 1.5],
  ['words for a number', { type: 'number' }, { value: '5s' }, 'wrong-type: expected a number, found "5s"'],
  ['true for a number', { type: 'number' }, { value: true }, 'wrong-type: expected a number, found true'],
  ['yes', { type: 'boolean' }, { value: 'Yes' }, true],
  ['off', { type: 'boolean' }, { value: 'off' }, false],
  ['0', { type: 'boolean' }, { value: 0 }, false],
  ['2 for a truth', { type: 'boolean' }, { value: 2 }, 'wrong-type: expected true or false, found 2'],
  ['a list for a truth', { type: 'boolean' }, { value: ['yes'] }, 'wrong-type: expected true or false, found a list'],
  ['a list', { type: 'array', items: text }, { value: ['a', 'b'] }, ['a', 'b']],
  ['words with commas for a list', { type: 'array', items: text }, { value: 'a, b,,c' }, ['a', 'b', 'c']],
  ['one value for a list', { type: 'array', items: { type: 'integer' } }, { value: 3 }, [3]],
  [
    'a mapping for a list',
    { type: 'array', items: text },
    { value: {} },
    'wrong-type: expected a list, found a mapping',
  ],
  [
    'a wrong item',
    { type: 'array', items: { type: 'integer' } },
    { value: [1, 'x'] },
    'wrong-type: expected a number, found "x"',
  ],
  ['a choice', { type: 'string', enum: ['a', 'b'] }, { value: 'a' }, 'a'],
  ['no choice', { type: 'string', enum: ['a', 'b'] }, { value: 'c' }, 'bad-value: "c" is not one of a, b'],
  ['too little', { type: 'integer', minimum: 1 }, { value: 0 }, 'bad-value: 0 is less than 1'],
  ['too much', { type: 'integer', maximum: 9 }, { value: 10 }, 'bad-value: 10 is more than 9'],
  ['a pattern', { type: 'string', pattern: '^a' }, { value: 'b' }, 'bad-value: "b" is not allowed here'],
  ['what is not known yet', { type: 'integer', minimum: 1 }, { value: LATER }, LATER],
  ['any value', { type: 'any' }, { value: { a: 1 } }, { a: 1 }],
  ['octal digits', mode, { value: '0644' }, '0644'],
  ['three digits in quotes', mode, { value: '644' }, '0644'],
  ['four digits with a bit', mode, { value: '1777' }, '1777'],
  ['an octal literal by its text', mode, { value: 420, source: '0644' }, '0644'],
  ['an octal literal with a bit', mode, { value: 1023, source: '01777' }, '01777'],
  [
    'a decimal',
    mode,
    { value: 644, source: '644' },
    'yaml-trap: a mode must be quoted octal digits, not the number 644',
  ],
  ['a number of a template', mode, { value: 420 }, 'yaml-trap: a mode must be quoted octal digits, not the number 420'],
  ['symbols', mode, { value: 'u=rwX,g-w,o+x' }, 'u=rwX,g-w,o+x'],
  ['no mode', mode, { value: 'rw' }, 'bad-value: "rw" is not a mode'],
  ['digits above 7', mode, { value: '0888' }, 'bad-value: "0888" is not a mode'],
] as const satisfies readonly (readonly [string, ArgSchema, Given, unknown])[])
  test(`${name} for ${schema.type}${'mode' in schema ? ' (mode)' : ''}`, () =>
    assert.equal(told(schema, given), wanted));

const schema: ArgsSchema = {
  properties: {
    path: { type: 'string', aliases: ['dest', 'name'] },
    src: text,
    content: text,
    owner: text,
    count: { type: 'integer', default: 3 },
  },
  required: ['path'],
  exclusive: [['src', 'content']],
  oneOf: [['src', 'content']],
  together: [['owner', 'src']],
};

function args(given: Readonly<Record<string, unknown>>) {
  const { args, faults } = coerceArgs(
    'copy',
    schema,
    new Map(Object.entries(given).map(([k, value]) => [k, { value }])),
  );
  return { args, faults: faults.map(f => `${f.code}: ${f.message}${f.suggestion ? `; ${f.suggestion}` : ''}`) };
}

test('aliases become the name, defaults are filled in, null is not given', () => {
  assert.equal(args({ dest: '/x', content: 'c', owner: null }).args, { path: '/x', content: 'c', count: 3 });
});

test('a name and its alias together are a conflict', () => {
  assert.equal(args({ path: '/x', name: '/y', content: 'c' }).faults, [
    'conflicting-arguments: "name" is another name of "path", which is given too',
  ]);
});

test('one mistake gives one fault', () => {
  assert.equal(args({ pth: '/x', content: 'c' }).faults, [
    'unknown-argument: copy has no argument "pth"; did you mean "path"?',
  ]);
  assert.equal(args({ path: '/x', contnet: 'c' }).faults, [
    'unknown-argument: copy has no argument "contnet"; did you mean "content"?',
  ]);
});

test('what is missing, together or too much is said', () => {
  assert.equal(args({ content: 'c' }).faults, ['missing-argument: copy needs "path"']);
  assert.equal(args({ path: '/x' }).faults, ['missing-argument: copy needs one of src, content']);
  assert.equal(args({ path: '/x', src: 'a', content: 'b' }).faults, [
    'conflicting-arguments: copy takes only one of src, content',
    'missing-argument: copy takes owner and src only together',
  ]);
  assert.equal(args({ path: '/x', content: 'c', zzz: 1 }).faults, [
    'unknown-argument: copy has no argument "zzz"; it takes content, count, owner, path, src',
  ]);
});

test('a name that every object has is not an argument', () => {
  for (const name of ['constructor', '__proto__', 'toString'])
    assert.match(args({ path: '/x', content: 'c', [name]: 1 }).faults.join(), name);
});

test('what a module does not take of its namesake is told with the reason', () => {
  const schema: ArgsSchema = {
    properties: { state: { type: 'string', enum: ['present'] } },
    notTaken: { gssapi: 'there is no Kerberos here', 'state=dump': 'dump by command' },
  };
  const given = new Map([
    ['gssapi', { value: true }],
    ['state', { value: 'dump' }],
  ]);
  const { faults } = coerceArgs('m', schema, given);
  assert.equal(
    faults.map(f => `${f.message}; ${f.suggestion}`),
    ['m does not take "gssapi" here; there is no Kerberos here', '"dump" is not one of present; dump by command'],
  );
});

test('arguments that may turn out to be omitted exclude nothing before they are known', () => {
  const schema: ArgsSchema = {
    properties: { a: { type: 'string' }, b: { type: 'string' } },
    exclusive: [['a', 'b']],
  };
  const open: Given = { value: LATER, mayBeOmitted: true };
  assert.equal(
    coerceArgs(
      'm',
      schema,
      new Map([
        ['a', open],
        ['b', { value: 'x' }],
      ]),
    ).faults,
    [],
  );
  const both = new Map<string, Given>([
    ['a', { value: LATER }],
    ['b', { value: 'x' }],
  ]);
  assert.is(coerceArgs('m', schema, both).faults.length, 1);
});

test('a mapping that a template made is taken as one, and told as one where none may be', () => {
  const made: unknown = Object.assign(Object.create(null), { a: 'b' });
  const schema: ArgsSchema = { properties: { m: { type: 'object' } }, notTaken: { 'm=x': 'no' } };
  assert.equal(coerceArgs('m', schema, new Map([['m', { value: made }]])).args, { m: made });
  assert.is(told({ type: 'boolean' }, { value: made }), 'wrong-type: expected true or false, found a mapping');
  assert.is(told(mode, { value: made }), 'wrong-type: expected a mode, found a mapping');
  assert.is(told(text, { value: made }), 'wrong-type: expected a text, found a mapping');
});

test.run();
