import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isStart } from '../../../lib/engine/start-at.ts';
import { NO_DIRECTIVES } from '../../../lib/playbook/directives.ts';
import type { Role, Task } from '../../../lib/playbook/program.ts';

const task = (name: string, role?: string, tags: readonly string[] = []) =>
  ({ name, role: role && ({ name: role } as Role), directives: { ...NO_DIRECTIVES, tags } }) as Task;

for (const [pattern, name, role, meant] of [
  ['install', 'install', undefined, true],
  ['install', 'install it', undefined, false],
  ['install', 'install', 'web', true],
  ['web : install', 'install', 'web', true],
  ['db : install', 'install', 'web', false],
  ['inst*', 'install', 'web', true],
  ['*: install', 'install', 'web', true],
  ['ins?all', 'install', undefined, true],
  ['[ij]nstall', 'install', undefined, true],
  ['[!i]nstall', 'install', undefined, false],
  ['a.b', 'aXb', undefined, false],
  ['what (now)?', 'what (now)?', undefined, true],
  ['[brackets]', '[brackets]', undefined, true],
] as const)
  test(`"${pattern}" ${meant ? 'is' : 'is not'} "${name}"${role ? ` of ${role}` : ''}`, () =>
    assert.is(isStart(pattern, { only: [], skip: [] })(task(name, role)), meant));

test('a task that the tags leave out is not started at', () => {
  assert.not(isStart('a', { only: ['x'], skip: [] })(task('a', undefined, ['y'])));
  assert.ok(isStart('a', { only: ['x'], skip: [] })(task('a', undefined, ['x'])));
});

test.run();
