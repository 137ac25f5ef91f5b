import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodingFault, encodingOf } from '../../../lib/modules/shared/encoding.ts';

const test = suite('encodings');

const hex = (name: string, text: string) => encodingOf(name)?.encode(text)?.toString('hex');

test('a text becomes the bytes that Python makes of it, and comes back', () => {
  const made: readonly (readonly [string, string, string])[] = [
    ['utf-8', 'ä€', 'c3a4e282ac'],
    ['utf-8-sig', 'ä', 'efbbbfc3a4'],
    ['UTF_16', 'a€', 'fffe6100ac20'],
    ['utf-16-be', 'a', '0061'],
    ['utf-32', '😀', 'fffe000000f60100'],
    ['utf-32-be', 'a', '00000061'],
    ['latin-1', 'ä\x80', 'e480'],
    ['ascii', 'a~', '617e'],
    ['cp1252', '€', '80'],
    ['iso8859-15', '€', 'a4'],
    ['koi8-r', 'Ж', 'f6'],
  ];
  for (const [name, text, bytes] of made) {
    assert.is(hex(name, text), bytes, name);
    assert.is(encodingOf(name)?.decode(Buffer.from(bytes, 'hex')), text, name);
  }
  assert.is(encodingOf('utf-16')?.decode(Buffer.from('feff0061', 'hex')), 'a');
});

test('a character without a place, bytes that are none, and names nobody has are said', () => {
  assert.is(encodingOf('latin-1')?.stray('a€b'), '€');
  assert.is(hex('ascii', 'ä'), undefined);
  assert.is(encodingOf('utf-8')?.decode(Uint8Array.of(0xff)), undefined);
  assert.is(encodingOf('ascii')?.decode(Uint8Array.of(0xff)), undefined);
  assert.is(encodingOf('utf-16-le')?.decode(Uint8Array.of(1)), undefined);
  assert.match(encodingFault('encoding', 'klingon') ?? '', 'encoding "klingon" is not known here');
  assert.is(encodingFault('encoding', 'iso-8859-99') === undefined, false);
});

test.run();
