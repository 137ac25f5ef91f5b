import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Float } from '../../../lib/template/values.ts';
import { resolvePlain } from '../../../lib/yaml/scalars.ts';

// How PyYAML resolves them (record-scalars.py); tests run from dist/, what was recorded stays beside the source.
const recorded = JSON.parse(
  readFileSync(new URL('../../../../test/unit/yaml/scalars.json', import.meta.url), 'utf8'),
) as Record<string, readonly [type: string, value: string | boolean | null]>;

/** As record-scalars.py tells a value. */
function told(value: ReturnType<typeof resolvePlain>): readonly [string, string | boolean | null] {
  if (value === null) return ['NoneType', null];
  if (typeof value === 'number') return ['int', String(value)];
  if (value instanceof Float) return ['float', pythonFloat(value.value)];
  return [typeof value === 'boolean' ? 'bool' : 'str', value];
}

function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = String(value).replace(/e([+-])(\d)$/, 'e$10$2');
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Numbers that JavaScript cannot hold stay text: a wrong number would be worse. */
const TOO_LARGE = ['9007199254740992', '-9007199254740992', '12345678901234567890', '0xffffffffffffffff'];

for (const [text, wanted] of Object.entries(recorded))
  test(`${text} is what PyYAML makes of it`, () => {
    if (TOO_LARGE.includes(text)) assert.is(resolvePlain(text), text);
    else assert.equal(told(resolvePlain(text)), wanted);
  });

test('nothing is null', () => {
  assert.is(resolvePlain(''), null);
});

test.run();
