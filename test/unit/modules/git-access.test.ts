import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { repositoryOf, sshCommand } from '../../../lib/modules/shared/git-access.ts';

test('a password is taken out of an address of http, and only there', () => {
  assert.equal(repositoryOf('https://me:p%40ss%2Fx@git.example.com:8443/a.git'), {
    url: 'https://git.example.com:8443/a.git',
    user: 'me',
    password: 'p@ss/x',
  });
  for (const address of [
    'https://me@git.example.com/a.git',
    'git@git.example.com:a.git',
    'ssh://a:b@c/d',
    '/srv/a:b@c',
  ])
    assert.equal(repositoryOf(address), { url: address, user: '', password: '' });
});

test('the command for ssh never asks, and has the path of a key as one word', () => {
  const no = { accept_hostkey: false, accept_newhostkey: false };
  assert.is(sshCommand(no), 'ssh -o BatchMode=yes');
  assert.is(
    sshCommand({ ...no, key_file: "~/it's a key", accept_newhostkey: true }),
    `ssh -o BatchMode=yes -i "$HOME"/'it'\\''s a key' -o IdentitiesOnly=yes -o StrictHostKeyChecking=accept-new`,
  );
});

test.run();
