import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tagged } from '../../../lib/playbook/tags.ts';

/** Whole plays are compared with Ansible in test/engine/ansible/tags.yml; these are the corners of the rule itself. */
const CASES: readonly (readonly [tags: string, only: string, skip: string, runs: boolean])[] = [
  ['', '', '', true],
  ['', 'x', '', false],
  ['', 'all', '', true],
  ['', 'untagged', '', true],
  ['', 'tagged', '', false],
  ['', '', 'untagged', false],
  ['', '', 'tagged', true],
  ['', '', 'all', false],
  ['x', 'x', '', true],
  ['x', 'x', 'x', false],
  ['x', 'tagged', '', true],
  ['x', 'untagged', '', false],
  ['untagged', 'untagged', '', true],
  ['untagged', 'tagged', '', false],
  ['untagged', '', 'tagged', true],
  ['untagged,x', 'tagged', '', true],
  ['x', '', 'tagged', false],
  ['always', 'x', '', true],
  ['always', 'x', 'always', false],
  ['always', '', 'all', true],
  ['always', '', 'all,always', false],
  ['always,x', 'y', 'x', false],
  ['never', '', '', false],
  ['never', 'all', '', false],
  ['never', 'tagged', '', false],
  ['never', 'never', '', true],
  ['never,x', 'x', '', true],
  ['never,x', 'y', '', false],
  ['never,always', '', '', true],
];

const words = (text: string) => text.split(',').filter(w => w !== '');

for (const [tags, only, skip, runs] of CASES)
  test(`tags [${tags}] with -t "${only}" --skip-tags "${skip}" ${runs ? 'run' : 'do not run'}`, () =>
    assert.is(tagged(words(tags), { only: words(only), skip: words(skip) }), runs));

test.run();
