import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeFrame, FrameReader } from '../../lib/shell/protocol.ts';
import { put, quote, sh } from '../../lib/shell/sh.ts';
import { inShells, SHELLS } from './shells.ts';

const test = suite('quote');

/** Numbers that are the same in each run: a failure can be seen again. */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES = [
  ...Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1)),
  ...[
    "'",
    "'\\''",
    '"',
    '\\',
    '\\n',
    '$(id)',
    '`id`',
    '$HOME',
    '${x}',
    '\n',
    '\n\n',
    '\r\n',
    '!',
    '~',
    '*',
    '?',
    '[a]',
    '#',
    ' ',
    '\t',
    ';',
    '&',
    '|',
    '(',
    ')',
    '<',
    '>',
  ],
  ...[
    'é',
    '漢字',
    '🙂',
    '\u0301',
    '\u2028',
    '\ufeff',
    '\u00a0',
    '-',
    '--',
    '-n',
    '-e',
    '=',
    '%s',
    '%',
    '\\0',
    '\\c',
    'EOF',
  ],
];

function strings(count: number): readonly string[] {
  const next = randoms(20261120);
  const made = Array.from({ length: count }, () =>
    Array.from({ length: next(12) }, () => PIECES[next(PIECES.length)] ?? '').join(''),
  );
  return ['', '-', '-n', '-e x', '\n', "'", "''", '\\', '=', '=ls', '~', '~root', ...PIECES, ...made];
}

inShells(test, 'any text comes out of the shell as it went in', shell => {
  const all = strings(1500);
  const { bytes, err } = shell.run(sh.lines(...all.map(text => sh`printf '%s\000' ${text}`)));
  assert.is(err, '');
  const came = bytes.toString('utf8').split('\0').slice(0, -1);
  assert.is(came.length, all.length);
  all.forEach((text, i) => assert.is(came[i], text));
});

inShells(test, 'code that is quoted whole for eval holds any text', shell => {
  const all = strings(300);
  const script = sh.lines(
    ...all.map(text => sh`eval ${sh.quoted(sh`eval ${sh.quoted(sh`printf '%s\000' ${text}`)}`)}`),
  );
  const came = shell.run(script).bytes.toString('utf8').split('\0').slice(0, -1);
  assert.equal(came, all);
});

inShells(test, 'a file from put has exactly its bytes', shell => {
  const next = randoms(7);
  const contents = [
    Buffer.alloc(0),
    Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
    Buffer.from("%s\\n'\\\\%%"),
    Buffer.from('\n\n'),
    Buffer.from([45, 85, 0, 255]), // looks like an option of printf
    Buffer.from(Array.from({ length: 5000 }, () => next(256))),
    Buffer.from(strings(200).join('\n')),
  ];
  for (const content of contents) {
    const said = shell.run(sh`cat ${put(content)}`);
    assert.is(said.err, '');
    assert.ok(said.bytes.equals(content), `${content.length} bytes came as ${said.bytes.length}`);
  }
});

for (const [name, [program = '', ...args]] of Object.entries(SHELLS))
  test(`a frame with any text gives its reply and leaves the shell ready (${name})`, () => {
    const all = strings(100);
    const frames = all.map((text, i) =>
      encodeFrame('tag', i + 1, sh`printf %s ${text}; printf %s ${text} >&2; exit ${i % 100}`.reveal()),
    );
    const broken = encodeFrame('tag', all.length + 1, 'echo (');
    const last = encodeFrame('tag', all.length + 2, 'echo fine');
    const { stdout, stderr } = spawnSync(program, args, { input: [...frames, broken, last].join('') });
    let out = stdout;
    let err = stderr;
    for (const [i, text] of [...all, undefined, 'fine\n'].entries()) {
      const reader = new FrameReader('tag');
      reader.expect(i + 1);
      const outEnd = out.indexOf('\n', out.indexOf(`\ntag ${i + 1} `) + 1) + 1;
      const errEnd = err.indexOf('\n', err.indexOf(`\ntag ${i + 1}`) + 1) + 1;
      reader.stdout(out.subarray(0, outEnd));
      const reply = reader.stderr(err.subarray(0, errEnd));
      assert.ok(reply, `frame ${i + 1}`);
      if (text !== undefined) assert.is(reply?.stdout, text);
      else assert.is.not(reply?.rc, 0);
      if (text !== undefined && i < all.length) assert.is(`${reply?.rc} ${reply?.stderr}`, `${i % 100} ${text}`);
      out = out.subarray(outEnd);
      err = err.subarray(errEnd);
    }
  });

inShells(test, 'a quoted script with files of its own leaves those of the script around it alone', shell => {
  const outer = put('outer');
  const inner = sh.quoted(sh`cat ${put('inner')}; echo`);
  assert.is(shell.run(sh`cat ${outer}; eval ${inner}; cat ${outer}`).out, 'outerinner\nouter');
});

test('a text with NUL is refused', () => {
  assert.throws(() => quote('a\0b'), /NUL/);
});

test.run();
