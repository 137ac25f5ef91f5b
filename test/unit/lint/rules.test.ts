import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileOptions } from '../../../lib/cli/prepare.ts';
import { playOf } from '../../../lib/lint/example.ts';
import { lint } from '../../../lib/lint/lint.ts';
import type { Example } from '../../../lib/lint/rule.ts';
import { RULES } from '../../../lib/lint/rules/index.ts';
import { compilePlaybooks } from '../../../lib/playbook/compile.ts';
import { Compiler } from '../../../lib/playbook/compiler.ts';
import { DEFAULT_SETTINGS } from '../../../lib/settings/load.ts';
import { type Diagnostic, Diagnostics } from '../../../lib/text/diagnostic.ts';
import { formatDiagnostics } from '../../../lib/text/frame.ts';
import { lineText, positionAt } from '../../../lib/text/source.ts';
import { Vault } from '../../../lib/vault/vault.ts';

/** What lint says of an example; it must have no errors. */
async function linted(example: Example): Promise<readonly Diagnostic[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tplay-lint-'));
  try {
    for (const [name, text] of Object.entries({ ...example.files, 'play.yml': playOf(example) })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const found = new Diagnostics();
    const secrets = { vault: new Vault([]), hide: () => undefined };
    const options = { extraVars: [], settings: DEFAULT_SETTINGS.values };
    const compile = compileOptions(options, ['play.yml'], { cwd: folder, found, secrets });
    const program = await compilePlaybooks(['play.yml'], compile);
    if (!program.ok) throw new Error(formatDiagnostics(program.errors));
    const compilerOf = () => new Compiler({ ...compile, playbookDir: folder, found });
    const findings = await lint(program.value, { compilerOf, hide: () => undefined });
    if (found.failed) throw new Error(formatDiagnostics(found.sorted));
    return findings;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rulesIn = (all: readonly Diagnostic[]) => all.map(d => d.rule);

for (const rule of RULES) {
  test(`${rule.name} finds its bad example`, async () => {
    const found = (await linted(rule.bad)).filter(d => d.rule === rule.name);
    assert.ok(found.length > 0);
    for (const d of found) {
      assert.is(d.severity, 'warning');
      assert.ok(d.span !== undefined && d.span.end > d.span.start, 'a finding has a place');
    }
  });
  test(`${rule.name} is silent about its good example`, async () => {
    assert.not.ok(rulesIn(await linted(rule.good)).includes(rule.name));
  });
  test(`a comment silences ${rule.name}`, async () => {
    const [first] = (await linted(rule.bad)).filter(d => d.rule === rule.name);
    assert.ok(first?.span !== undefined);
    const { line } = positionAt(first.span.file, first.span.start);
    const before = lineText(first.span.file, line);
    const name = first.span.file.path.endsWith('play.yml') ? undefined : first.span.file.path;
    const text = name === undefined ? playOf(rule.bad) : (rule.bad.files?.[name] ?? '');
    const after = text.replace(before, `${before} # tplay:ignore ${rule.name} - a test`);
    assert.is.not(after, text);
    const example =
      name === undefined ? { ...rule.bad, text: after } : { ...rule.bad, files: { ...rule.bad.files, [name]: after } };
    const left = (await linted(example)).filter(d => d.rule === rule.name);
    assert.not.ok(left.some(d => d.message === first.message && d.span?.start === first.span?.start));
  });
}

test('names of rules are words, each once', () => {
  assert.is(new Set(RULES.map(rule => rule.name)).size, RULES.length);
  for (const { name } of RULES) assert.match(name, /^[a-z]+(-[a-z]+)+$/);
});

test('a comment above, on the first line of the task, or without names silences too', async () => {
  const clean = async (text: string) => assert.equal(rulesIn(await linted({ text })), [], text);
  await clean('# tplay:ignore unnamed-task\n- command: id\n  changed_when: false\n');
  await clean('- command: id # noqa\n');
  await clean('- name: x # tplay:ignore always-changed\n  command: id\n');
  await clean('- name: x\n  # noqa: always-changed\n  command: id\n');
});

test('a comment about another rule silences nothing', async () => {
  const found = await linted({ text: '- name: x\n  command: id # tplay:ignore unnamed-task - other\n' });
  assert.equal(rulesIn(found), ['always-changed']);
});

test('what includes bring is looked at, once where a file includes itself', async () => {
  const found = await linted({
    text: '- include_tasks: more.yml\n- include_role: { name: r }\n',
    files: {
      'more.yml': '- name: x\n  command: id\n- include_tasks: more.yml\n  when: false\n',
      'roles/r/tasks/main.yml': '- name: y\n  command: id\n',
    },
  });
  assert.equal(rulesIn(found), ['always-changed', 'always-changed']);
  assert.match(found[0]?.span?.file.path ?? '', /more\.yml$/);
  assert.match(found[1]?.span?.file.path ?? '', /roles\/r\/tasks\/main\.yml$/);
});

test.run();
