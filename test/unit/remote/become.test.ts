import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { becomeCommand } from '../../../lib/remote/become.ts';

const words = { prompt: 'PROMPT', hello: 'HELLO', go: 'GO', shell: '/bin/sh' };

test('without a password sudo asks nothing and starts the program itself', () => {
  assert.equal(becomeCommand({ method: 'sudo', user: 'root' }, '/bin/sh', words), {
    command: 'exec sudo -H -n -u root -- /bin/sh',
    password: undefined,
  });
});

test('with a password sudo prompts with a random word, and the password is no argument', () => {
  const { command, password } = becomeCommand({ method: 'sudo', user: 'root', password: 'pw' }, '/bin/sh', words);
  assert.match(command, /^exec sudo -H -S -p PROMPT -u root -- \/bin\/sh -c '/);
  assert.not.match(command, /pw/);
  assert.is(password, 'pw');
});

test('flags stand in place of the default ones; those that decide about asking are ours', () => {
  const { command } = becomeCommand(
    { method: 'sudo', user: 'app', flags: ['-E', '-n'], exe: '/opt/s u' },
    '/bin/sh',
    words,
  );
  assert.is(command, "exec '/opt/s u' -E -n -u app -- /bin/sh");
});

test('a user name that a shell would read as code is quoted', () => {
  assert.match(becomeCommand({ method: 'doas', user: '$(id)' }, '/bin/sh', words).command, /'\$\(id\)'/);
});

test('su without a password gets an empty one, or it would wait for one', () => {
  assert.is(becomeCommand({ method: 'su', user: 'root' }, '/bin/sh', words).password, '');
});

test.run();
