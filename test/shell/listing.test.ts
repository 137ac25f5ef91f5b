import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inShells, type Shell } from './shells.ts';

const test = suite('listing.sh');

/** A host without a stat command that knows -c. */
const NO_STAT = "mkdir bin; printf '#!/bin/sh\\nexit 1\\n' >bin/stat; chmod +x bin/stat; PATH=$PWD/bin:$PATH";
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

/** What is the same on every host: no owners, no size of a folder, no times but files'. */
function listing(shell: Shell, flags: string, before = ''): readonly string[] {
  const { out } = shell.run(`tp_listing ${flags}`, before);
  const facts = (line: string) => /^([0-9a-f]{4}|[-dl][rwxsStT-]{9}):\d+:\d+:(\d+):(\d+):[^:]*:/.exec(line);
  return out
    .split('\n')
    .map(line => {
      const [, mode = '', size, time] = facts(line) ?? [];
      return mode === ''
        ? line
        : `${mode} ${/^(4|d)/.test(mode) ? '' : size} ${/^(8|-)/.test(mode) ? time : ''}`.trim();
    })
    .sort();
}

const PREPARE = `mkdir -p r/d && printf abc >r/f && chmod 4640 r/f && touch -d @1000000000 r/f && printf 'x\\n- y' >r/d/.rsync-filter &&
chmod 600 r/d/.rsync-filter && touch -d @1000000000 r/d/.rsync-filter && ln -s 'a -> b
c' r/l && mkdir 'r/e=q%' && chmod 1777 'r/e=q%' && chmod 755 r r/d`;
const PATHS = ['.', './d', './d/.rsync-filter', './e%3Dq%25', './f', './l', '<x%0A- y', '>a -> b%0Ac'];

inShells(test, 'tp_listing prints what is in a folder (tp_listing_code)', shell => {
  assert.is(shell.run(PREPARE).rc, 0);
  const facts = ['41ed', '41ed', '43ff', '8180 5 1000000000', '89a0 3 1000000000', 'a1ff 8'];
  assert.equal(listing(shell, 'r'), ['', ...PATHS, ...facts].sort());
  const sums = ['#', `#${ABC}`];
  const summed = listing(shell, '-s r').map(l => (l.startsWith('#') && l !== `#${ABC}` ? '#' : l));
  assert.equal(summed, ['', ...PATHS, ...facts, ...sums].sort());
});

inShells(test, 'tp_listing does without stat -c', shell => {
  assert.is(shell.run(PREPARE).rc, 0);
  const found = listing(shell, 'r', NO_STAT);
  assert.equal(
    found.filter(l => !/^[-dl][rwxsStT-]{9}/.test(l)),
    ['', ...PATHS].sort(),
  );
  assert.equal(
    found.filter(l => /^[-dl][rwxsStT-]{9}/.test(l)).map(l => l.replace(/^(l.{9}) .*/, '$1')),
    [
      '-rw------- 5 1000000000',
      '-rwSr----- 3 1000000000',
      'drwxr-xr-x',
      'drwxr-xr-x',
      'drwxrwxrwt',
      'lrwxrwxrwx',
    ].sort(),
  );
});

inShells(test, 'tp_listing of one file, of nothing, of a file with a slash, of links', shell => {
  assert.is(
    shell.run('printf abc >"a b"; chmod 644 "a b"; mkdir d; >d/x; ln -s "a b" f; ln -s d l; ln -s none n').rc,
    0,
  );
  assert.equal(
    listing(shell, '-s "a b"').map(l => l.replace(/^(81a4 3).*/, '$1')),
    ['', './a b', '81a4 3', `#${ABC}`].sort(),
  );
  assert.is(shell.run('tp_listing none').rc, 44);
  assert.is(shell.run('tp_listing "a b/"').rc, 45);
  assert.equal(
    listing(shell, 'l').filter(l => /^[.>]/.test(l)),
    ['./l', '>d'],
  );
  assert.equal(
    listing(shell, 'l/').filter(l => /^[.>]/.test(l)),
    ['.', './x'],
  );
  assert.equal(
    listing(shell, '-L l').filter(l => /^[.>]/.test(l)),
    ['.', './x'],
  );
  assert.equal(
    listing(shell, 'f').filter(l => /^[.>]/.test(l)),
    ['./f', '>a b'],
  );
  assert.equal(listing(shell, '-L f').filter(l => /^[.>8]/.test(l)).length, 2);
  assert.equal(
    listing(shell, '-L .').filter(l => l.startsWith('>')),
    ['>none'],
  );
});

inShells(test, 'tp_listing_at and tp_listing_of look at some paths, and pass over what is gone', shell => {
  assert.is(shell.run('mkdir d; printf abc >d/a; >d/b').rc, 0);
  const { out } = shell.run('tp_listing_at d/a && tp_listing_of "" 1 ./a ./none ./b');
  assert.equal(
    out.split('\n').filter(l => l.startsWith('./')),
    ['./a', './b'],
  );
  assert.is(out.split('\n').filter(l => /^8/.test(l)).length, 2);
  assert.ok(out.includes(`#${ABC}\n#e3b0c4`));
});

inShells(test, 'tp_sync_extra prints what is not known and not left out, nor above that', shell => {
  const keys = `-exec sh -c "$tp_sync_keys" '' {} +`;
  const kept = `-exec sh -c "$tp_sync_keys" '!' {} + -prune`;
  const said = shell.run(`mkdir -p r/k r/o/p r/h/i/j; >r/k/a; >r/o/p/b; >r/h/i/j/x.o; >r/h/i/c; >'r/e=q%'; >'r/n
l'; >r/x.o; >'r/b\\c'; tp_known=$(tp_temp); printf '%s\\n' ./ ./k ./k/a >$tp_known
tp_sync_extra r -name '*.o' ! -name . ${kept} -o ${keys}; tp_sync_extra none ${keys}`);
  const lines = ['b%5Cc', 'e%3Dq%25', 'h/i/c', 'n%0Al', 'o', 'o/p', 'o/p/b'].map(p => `gone ./${p}=there\n`);
  assert.is(said.out, `extra=7\n${lines.join('')}extra=0\n`);
});

test.run();
