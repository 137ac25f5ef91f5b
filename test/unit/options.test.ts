import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagsOf, NOT_HERE } from '../../lib/cli/flags.ts';
import { optionsTable, parseOptions, type RunOptions } from '../../lib/options.ts';
import { DEFAULT_SETTINGS } from '../../lib/settings/load.ts';

function run(...argv: readonly string[]): RunOptions {
  const parsed = parseOptions(argv);
  if (!parsed.ok || parsed.value.command !== 'run') throw new Error(`no run: ${JSON.stringify(parsed)}`);
  return parsed.value;
}

/** Each error as `message; suggestion`. */
function errors(...argv: readonly string[]): readonly string[] {
  const parsed = parseOptions(argv);
  if (parsed.ok) throw new Error(`no error: ${JSON.stringify(parsed.value)}`);
  assert.ok(parsed.errors.every(e => e.code === 'bad-option' && e.span === undefined));
  return parsed.errors.map(e => `${e.message}; ${e.suggestion}`);
}

function text(...argv: readonly string[]): string {
  const parsed = parseOptions(argv);
  if (!parsed.ok || !('text' in parsed.value)) throw new Error('no text');
  return parsed.value.text;
}

test('a playbook by name and its inventory need no flag', () => {
  const options = run('install', 'inventory/prod.yml');
  assert.equal(options.playbooks, ['install']);
  assert.is(options.byName, true);
  assert.equal(options.inventories, ['inventory/prod.yml']);
  assert.equal(options.tags, []);
  assert.is(options.output, undefined);
  assert.is(options.colour, undefined);
});

test('run takes several playbooks and inventories', () => {
  const options = run('run', 'a.yml', '-i', 'x.yml', 'b.yml', '--inventory=web1,web2,');
  assert.equal(options.playbooks, ['a.yml', 'b.yml']);
  assert.is(options.byName, false);
  assert.equal(options.inventories, ['x.yml', 'web1,web2,']);
  assert.equal(run('install', 'x.yml', '-i', 'y.yml').inventories, ['x.yml', 'y.yml']);
  assert.equal(run('install', '-i', 'y.yml').inventories, ['y.yml']);
});

test('every flag reaches its place', () => {
  const words =
    'install x -l web -t a,b -t c --skip-tags d, -C -D -e a=1 -e @f.yml -f 7 -u me -k -K -b --become-user root ' +
    '--become-method su --private-key k --ssh-common-args=-oPort=1 --ssh-extra-args -oUser=x -T 9 -c local ' +
    '--force-handlers -vv -v --list-hosts --list-tasks --list-tags --syntax-check --start-at-task s ' +
    '--host-key-checking accept-new --output json --timing --no-color --vault-id p@f --vault-password-file w -J';
  assert.equal(run(...words.split(' ')), {
    command: 'run',
    playbooks: ['install'],
    byName: true,
    inventories: ['x'],
    limit: 'web',
    tags: ['a', 'b', 'c'],
    skipTags: ['d'],
    startAtTask: 's',
    extraVars: ['a=1', '@f.yml'],
    check: true,
    diff: true,
    forks: 7,
    forceHandlers: true,
    step: false,
    connection: {
      kind: 'local',
      user: 'me',
      askPassword: true,
      privateKey: 'k',
      timeoutSeconds: 9,
      hostKeyChecking: 'accept-new',
      sshCommonArgs: '-oPort=1',
      sshExtraArgs: '-oUser=x',
    },
    become: { enabled: true, user: 'root', method: 'su', askPassword: true },
    syntaxCheck: true,
    list: ['hosts', 'tasks', 'tags'],
    output: 'json',
    verbosity: 3,
    timing: true,
    vault: { vaultId: ['p@f'], vaultPasswordFile: ['w'], askVaultPass: true },
    colour: false,
    settings: DEFAULT_SETTINGS.values,
    customStats: false,
  });
});

test('short flags are read together and with their value', () => {
  const options = run('install', 'x', '-CDbvvl', 'web', '-f3');
  assert.equal([options.check, options.diff, options.become.enabled, options.verbosity], [true, true, true, 2]);
  assert.equal([options.limit, options.forks], ['web', 3]);
});

test('extra variables stay as they were typed', () => {
  assert.equal(run('i', 'x', '-e', '{"a": [1]}', '-e', 'a="b c" d=e').extraVars, ['{"a": [1]}', 'a="b c" d=e']);
});

test('all that is wrong is told at once, with what to type', () => {
  assert.equal(
    errors('i', 'x', '--limti', 'web', '--list', '--chekc=3', '-f', '0', '--output', 'plan', '-c', 'docker'),
    [
      'unknown flag --limti; did you mean "--limit"?',
      'tplay run has no flag --list; did you mean --list-hosts or --list-tasks or --list-tags?',
      'unknown flag --chekc; did you mean "--check"?',
      '--forks cannot be "0"; a whole number from 1, such as --forks 10',
      '--connection cannot be "docker"; one of: ssh, local',
      '--output cannot be "plan"; did you mean "plain"?',
    ],
  );
});

test('a flag cut short is completed where only one begins so', () => {
  assert.equal(errors('i', 'x', '--forc'), ['unknown flag --forc; did you mean --force-handlers?']);
});

test('a flag of Ansible that is not here says what to do instead', () => {
  assert.equal(errors('i', 'x', '--key-file', 'k'), ['unknown flag --key-file; write --private-key']);
  const ours = new Set<string>(flagsOf('run').flatMap(([, flag]) => [flag.long, flag.short ?? '']));
  for (const flag of NOT_HERE.keys()) assert.not.ok(ours.has(flag), flag);
});

test('a flag without its value is an error, also when another flag follows', () => {
  assert.equal(errors('i', 'x', '--limit'), ['--limit needs a value; type: --limit <pattern>']);
  assert.equal(errors('i', 'x', '-vl'), ['-vl needs a value; type: -vl <pattern>']);
  assert.equal(errors('i', 'x', '-l', '--check'), [
    '--limit needs a value, and --check follows; type: --limit <pattern> --check, or --limit=--check if that is the value',
  ]);
  assert.is(run('i', 'x', '--ssh-extra-args=-C').connection.sshExtraArgs, '-C');
  assert.equal(errors('i', 'x', '--limit='), ['the value of --limit is empty; undefined']);
});

test('a switch takes no value and a limit is given once', () => {
  assert.equal(errors('i', 'x', '--check=no'), ['--check takes no value; type: --check']);
  assert.equal(errors('i', 'x', '-l', 'a', '-l', 'b'), ["--limit is given 2 times; join the values: --limit 'a,b'"]);
});

test('missing and superfluous words are errors that show the right line', () => {
  assert.equal(errors(), ['no playbook is given; type: tplay install inventory/prod.yml (tplay --help says more)']);
  assert.equal(errors('install'), ['no inventory is given; type: tplay install inventory/prod.yml']);
  assert.equal(errors('run', 'a.yml'), ['no inventory is given; type: tplay run a.yml -i inventory/prod.yml']);
  assert.equal(errors('run', '-i', 'x'), ['run needs a playbook; type: tplay run site.yml -i inventory/prod.yml']);
  assert.equal(errors('-C', 'run', 'a.yml', '-i', 'x'), [
    'run is a command and stands before all flags; type: tplay run ...',
  ]);
  assert.equal(errors('a', 'b', 'c'), [
    'one playbook and one inventory are expected, and c follows; several inventories: -i c; several playbooks: tplay run a.yml b.yml -i b',
  ]);
});

test('help shows examples first, both forms, every flag and the exit statuses', () => {
  const help = text('--help');
  const order = [
    'Examples\n',
    'tplay <playbook> <inventory> [flags]',
    'tplay run <playbook.yml>... -i',
    'Exit status\n',
  ];
  const places = order.map(part => help.indexOf(part));
  assert.ok(places.every(place => place >= 0));
  assert.equal(
    [...places].sort((a, b) => a - b),
    places,
  );
  for (const [, flag] of flagsOf('run')) assert.match(help, flag.long);
  assert.ok(help.split('\n').every(line => line.length <= 100));
  assert.is(text('help'), help);
  assert.is(text('install', '-h', '--nonsense'), help);
  assert.match(text('run', '--help'), 'tplay run site.yml -i');
  assert.is(text('help', 'run'), text('run', '-h'));
});

test('the version is the one of the package', () => {
  assert.match(text('--version'), /^\d+\.\d+\.\d+\S*\n$/);
});

test('the table of the README has every flag once', () => {
  const rows = optionsTable().trimEnd().split('\n').slice(2);
  assert.is(rows.length, flagsOf('run').length);
  assert.ok(rows.every(row => /^\| `[^|]+` \| [^|]+ \|$/.test(row)));
});

test('a flag of the table is named as the parser names it', () => {
  for (const [name, { long, kind, value }] of flagsOf('run')) {
    const bare = long.replace(/^--(no-)?/, '');
    assert.is(
      bare.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      name,
    );
    assert.is(value !== undefined, ['text', 'list', 'number'].includes(kind), long);
  }
});

test.run();
