import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readIni } from '../../../lib/settings/ini.ts';
import { Diagnostics } from '../../../lib/text/diagnostic.ts';
import { formatDiagnostics } from '../../../lib/text/frame.ts';
import { sourceFile, spanName } from '../../../lib/text/source.ts';

function read(text: string): Readonly<Record<string, string>> {
  const found = new Diagnostics();
  const ini = readIni(sourceFile('ansible.cfg', text), found);
  assert.is(formatDiagnostics(found.sorted), '');
  return Object.fromEntries([...ini].map(([name, value]) => [name, value.text]));
}

function complaints(text: string): readonly string[] {
  const found = new Diagnostics();
  readIni(sourceFile('ansible.cfg', text), found);
  return found.sorted.map(d => `${d.span && spanName(d.span)} ${d.message}`);
}

test('keys and values stand with = or :, blanks around them do not count, keys are read in small letters', () => {
  const text = '[defaults]\nForks=5\nremote_user : me  \nroles_path = a:b\n[ssh_connection]\nssh_args=-o A=b\n';
  assert.equal(read(text), {
    'defaults.forks': '5',
    'defaults.remote_user': 'me',
    'defaults.roles_path': 'a:b',
    'ssh_connection.ssh_args': '-o A=b',
  });
});

test('comments begin a line with # or ;, or stand behind a value after a blank and ;', () => {
  const text = '# one\n; two\n[defaults] ; three\n  # four\na = 1 ; five\nb = x;y # z\n\nc =\n';
  assert.equal(read(text), { 'defaults.a': '1', 'defaults.b': 'x;y # z', 'defaults.c': '' });
});

test('indented lines continue a value, also behind an empty line', () => {
  assert.equal(read('[a]\nb = 1,\n   2,\n\n   3\nc=4\n'), { 'a.b': '1,\n2,\n3', 'a.c': '4' });
});

test('Windows line ends are no part of a value', () => {
  assert.equal(read('[a]\r\nb = 1\r\nc = 2\r\n'), { 'a.b': '1', 'a.c': '2' });
});

test('all that is wrong with a file is told at once', () => {
  const text = 'x = 1\n[defaults\n[a]\nwords\nb = 1\nB = 2\n[c]\n[a]\n= 3\n';
  assert.equal(complaints(text), [
    'ansible.cfg:1:1 "x" stands before any section',
    'ansible.cfg:2:1 a section is written in brackets',
    'ansible.cfg:4:1 a line of this file is a section or "key = value"',
    'ansible.cfg:6:1 the key "B" stands twice in this section',
    'ansible.cfg:8:1 the section [a] stands twice in this file',
    'ansible.cfg:9:1 a line of this file is a section or "key = value"',
  ]);
});

test.run();
