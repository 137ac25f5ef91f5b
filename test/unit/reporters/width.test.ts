import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cut, fit, fitList, textWidth } from '../../../lib/reporters/width.ts';

test('wide characters count twice, combining ones and colours not at all', () => {
  assert.is(textWidth('abc'), 3);
  assert.is(textWidth('日本'), 4);
  assert.is(textWidth('e\u0301'), 1);
  assert.is(textWidth('\x1b[31mab\x1b[39m'), 2);
});

test('a cut text fits and ends in an ellipsis', () => {
  assert.is(cut('abcdef', 6), 'abcdef');
  assert.is(cut('abcdef', 5), 'abcd…');
  assert.is(cut('日本語', 5), '日本…');
  assert.is(cut('日本語', 4), '日…');
  assert.is(cut('abc', 0), '');
});

test('painted pieces are cut as one line', () => {
  const loud = (text: string) => text.toUpperCase();
  assert.is(fit([['ab', loud], ['cd'], ['ef', loud]], 6), 'ABcdEF');
  assert.is(fit([['ab', loud], ['cd'], ['ef', loud]], 4), 'ABcd');
  assert.is(fit([['ab', loud], ['cdx'], ['ef', loud]], 4), 'ABc…');
});

test('a list shows as many names as fit and counts the others', () => {
  assert.is(fitList(['web1', 'web2'], 20), 'web1, web2');
  assert.is(fitList(['web1', 'web2', 'web3', 'web4'], 20), 'web1, web2, … 2 more');
  assert.is(fitList(['a-long-name', 'b'], 8), 'a-long-…');
});

test.run();
