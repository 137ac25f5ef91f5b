import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sshArgs } from '../../../lib/remote/connection-options.ts';

test('options with a meaning here are taken, in each way ssh lets them be written', () => {
  const text =
    '-o StrictHostKeyChecking=no -oUserKnownHostsFile=/dev/null -p 2222 -l deploy -i ~/k -o "ConnectTimeout 5" -J a,b:22';
  assert.equal(sshArgs(text), {
    options: {
      hostKeys: 'off',
      knownHostsFiles: ['/dev/null'],
      port: 2222,
      user: 'deploy',
      privateKeyFile: '~/k',
      connectTimeoutMs: 5000,
      proxyJump: 'a,b:22',
    },
    warnings: [],
  });
  assert.equal(sshArgs('-o Port=1 -o User=u -o IdentityFile=f -o ProxyJump=j -p2').options, {
    port: 1,
    user: 'u',
    privateKeyFile: 'f',
    proxyJump: 'j',
  });
});

test('the first of a kind wins, as in ssh', () => {
  assert.equal(sshArgs('-p 1 -p 2').options, { port: 1 });
});

test('every other argument is a warning that names it', () => {
  const { options, warnings } = sshArgs('-o ControlMaster=auto -C -L 80:a:80 -o ControlPersist=60s stray -o Broken -o');
  assert.equal(options, {});
  assert.equal(warnings, [
    'ssh option "ControlMaster=auto" is ignored: it has no meaning here',
    'ssh argument "-C" is ignored: it has no meaning here',
    'ssh argument "-L 80:a:80" is ignored: it has no meaning here',
    'ssh option "ControlPersist=60s" is ignored: it has no meaning here',
    'ssh argument "stray" is ignored: an option was expected',
    'ssh argument "-o Broken" is ignored: Name=value was expected',
    'ssh argument "-o" is ignored: its value is missing',
  ]);
});

test('a value of the wrong kind is a warning', () => {
  const { options, warnings } = sshArgs('-p many -o ConnectTimeout=soon');
  assert.equal(options, {});
  assert.equal(warnings, [
    'ssh option "port=many" is ignored: a port was expected',
    'ssh option "ConnectTimeout=soon" is ignored: a number of seconds was expected',
  ]);
});

test('the usual ProxyCommand is a jump host, any other a warning', () => {
  for (const command of ['ssh -W %h:%p -q me@bastion', 'ssh -q -W %h:%p me@bastion', 'ssh me@bastion -W %h:%p'])
    assert.equal(
      sshArgs(`-o ProxyCommand="${command}"`),
      { options: { proxyJump: 'me@bastion' }, warnings: [] },
      command,
    );
  assert.equal(sshArgs(`-o 'ProxyCommand=ssh -p 2200 -W %h:%p b'`).options, { proxyJump: 'b:2200' });
  const other = sshArgs(`-o ProxyCommand='nc -x proxy %h %p'`);
  assert.equal(other.options, {});
  assert.match(other.warnings[0] as string, /use ProxyJump/);
});

test.run();
