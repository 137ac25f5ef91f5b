import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../skip.ts';
import { inShells, type Shell } from './shells.ts';

const test = suite('sync.sh');
const root = process.getuid?.() === 0;
const asRoot = (name: string, body: (shell: Shell) => void) =>
  root ? inShells(test, name, body) : skipped(name, 'needs root');

asRoot('tp_sync_ids takes names that the host knows, else numbers', shell => {
  const said =
    shell.run(`tp_sync_ids daemon 5 bin 6; echo $tp_eo $tp_eg; tp_sync_ids no-such 5 no-such 6; echo $tp_eo $tp_eg
tp_sync_ids '' 7 '' 8; echo $tp_eo $tp_eg; tp_sync_ids '' '' '' ''; echo "[$tp_eo$tp_eg]"`);
  assert.is(said.out, '1 2\n5 6\n7 8\n[]\n');
});

inShells(
  test,
  'tp_tree prints the size and time of files, what is wanted where nothing is, and owners as wanted',
  shell => {
    const said = shell.run(`mkdir -m 0750 r r/d; printf abc >r/f; chmod 640 r/f; touch -d @1000000000 r/f r/d; ln -s "to
x" r/l; tp_known=$(tp_temp); tp_tree -n 'mode size mtime' r f d l none; tp_tree -n -k ./k -s -w wanted -S sum size r none
tp_tree '' r f; tp_tree -i me $(id -u) us $(id -g) owner r f; cat $tp_known`);
    assert.is(
      said.out,
      `./f=file 0640 3 1000000000
./d=directory 0750 1000000000
./l=link to\\nx
./none=absent
./k=wanted
sha256 of ./k=sum
./f=file
./f=file me
./f\n./d\n./l\n./none\n./k
`,
    );
  },
);

asRoot('tp_tree tells another owner, and tp_sync_own makes it right', shell => {
  const look = 'tp_tree -i daemon 1 bin 2 "owner group" . f';
  const said = shell.run(
    `>f; ln -s nowhere l; tp_known=$(tp_temp); ${look}; tp_sync_own daemon 1 bin 2 . f l; ${look}; stat -c %u:%g l`,
  );
  assert.is(said.out, './f=file #0 #0\n./f=file daemon bin\n1:2\n');
});

inShells(test, 'tp_sync_clear makes room, tp_sync_remove removes files and empty folders', shell => {
  const said = shell.run(`mkdir -p r/full/in r/empty; >r/-f; ln -s full r/l
tp_sync_clear r empty -f l && ls r; tp_sync_clear r full 2>/dev/null || echo kept; tp_sync_clear -r r full && ls -A r; echo --
mkdir -p r/a/b; >r/a/b/c; tp_sync_remove r a/b/c a/b none && ls -A r/a; >r/a/c; tp_sync_remove r a || ls r/a`);
  assert.is(said.out, 'full\nkept\n--\nc\n');
  assert.match(said.err, /what is excluded is left alone/);
});

inShells(test, 'tp_sync_each runs a command with all paths, tp_sync_time sets times', shell => {
  shell.run(
    `mkdir 'r r'; tp_sync_each 'mkdir -m 0700 --' 'r r' -a 'b c' 'b c/$d'; tp_sync_time 1234567890 'r r' '' 'b c'`,
  );
  assert.equal(readdirSync(join(shell.folder, 'r r')), ['-a', 'b c']);
  assert.is(statSync(join(shell.folder, 'r r')).mtimeMs, 1234567890_000);
  assert.is(statSync(join(shell.folder, 'r r/b c')).mtimeMs, 1234567890_000);
});

inShells(test, 'tp_sync_mode gives the mode that is there, or what umask leaves', shell => {
  shell.run('umask 027; >a; >b; >old; chmod 604 old; chmod 777 a b; tp_sync_mode none a; tp_sync_mode old b');
  const mode = (name: string) => (statSync(join(shell.folder, name)).mode & 0o7777).toString(8);
  assert.equal([mode('a'), mode('b')], ['750', '604']);
});

inShells(test, 'tp_sync_unpack unpacks beside, and only what is whole, tp_sync_move moves to the places', shell => {
  execFileSync(
    'sh',
    [
      '-c',
      'mkdir -p s/d "s/e e"; echo 1 >s/d/f; echo 2 >"s/e e/-g"; echo 3 >s/h; touch -d @1000000000 s/h; cd s; mkdir end; tar cf ../t .; rmdir end; tar cf ../cut .',
    ],
    {
      cwd: shell.folder,
    },
  );
  writeFileSync(join(shell.folder, 'bad'), 'no tar');
  const said = shell.run(`mkdir -p r/d "r/e e"; echo old >r/d/f
tp_sync_unpack ./t r end 'tp_sync_move "$tp_from" r d/f "e e/-g" h'; echo $?; for a in bad cut; do tp_sync_unpack ./$a r end 'echo never' 2>/dev/null; echo $?; done; ls -A r`);
  assert.is(said.out, '0\n1\n1\nd\ne e\nh\n');
  assert.equal([read(shell, 'r/d/f'), read(shell, 'r/e e/-g'), read(shell, 'r/h')], ['1\n', '2\n', '3\n']);
  assert.is(statSync(join(shell.folder, 'r/h')).mtimeMs, 1000000000_000);
});

const read = (shell: Shell, name: string) => readFileSync(join(shell.folder, name), 'utf8');

test.run();
