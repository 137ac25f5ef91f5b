import { lint } from '../lint/lint.ts';
import type { Rule } from '../lint/rule.ts';
import { RULES } from '../lint/rules/index.ts';
import { EVERY_TASK, hostOptions } from '../options.ts';
import { compilePlaybooks } from '../playbook/compile.ts';
import { Compiler } from '../playbook/compiler.ts';
import type { Play } from '../playbook/program.ts';
import { diagnosticData } from '../reporters/json.ts';
import { type Diagnostic, Diagnostics } from '../text/diagnostic.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { didYouMean } from '../text/near.ts';
import { Redactor } from '../text/redact.ts';
import type { CommandLine } from './commands.ts';
import type { FlagValues } from './flags.ts';
import { playbookSource } from './playbooks.ts';
import { compileOptions } from './prepare.ts';
import { type Terminal, terminalColour } from './terminal.ts';
import { openSecrets } from './vault-secrets.ts';
import { report, withPlays } from './with-plays.ts';

/** `tplay lint`: the errors of playbooks, and what runs but is likely not meant. Returns the exit status. */
export async function run({ operands, values }: CommandLine, terminal: Terminal): Promise<number> {
  if (values.rules) {
    terminal.out(RULES.map(({ name, doc }) => `${name}\n  ${doc}\n`).join('\n'));
    return 0;
  }
  const found = new Diagnostics();
  const options = hostOptions(values);
  const rules = rulesOf(values, found);
  if (operands.length === 0)
    found.error('bad-option', 'lint needs a playbook', { suggestion: 'type: tplay lint site.yml' });
  if (found.failed) return report(found, options, terminal);
  const redactor = new Redactor();
  await (values.inventory.length === 0 ? alone : withHosts)(operands, { values, rules, terminal, found, redactor });
  const all = found.sorted;
  const text =
    values.lintOutput === 'json' ? jsonLines(all) : formatDiagnostics(all, terminalColour(options, terminal));
  terminal.out(redactor.text(text));

  return found.failed || (all.length > 0 && !values.warnOnly) ? 1 : 0;
}

interface Linting {
  readonly values: FlagValues;
  readonly rules: readonly Rule[];
  readonly terminal: Terminal;
  readonly found: Diagnostics;
  /** Everything printed passes it. */
  readonly redactor: Redactor;
}

/** With an inventory all is checked that is checked before a run. */
async function withHosts(
  playbooks: readonly string[],
  { values, rules, terminal, found, redactor }: Linting,
): Promise<void> {
  const source = playbookSource(playbooks, { byName: false, cwd: terminal.cwd, found });
  const needs = { source, found, terminal, redactor, asks: false, reporter: () => ({ on: () => undefined }) };
  await withPlays({ ...hostOptions(values), ...EVERY_TASK }, needs, async ({ context, plays }) => {
    const program = { plays: plays.map(at => at.play) };
    const compilerOf = (play: Play) => context.compiler(play.dir, found);
    for (const finding of await lint(program, { rules, compilerOf, hide: text => redactor.add(text) }))
      found.add(finding);
    return 0;
  });
}

/** Without one nothing is said about hosts. */
async function alone(
  playbooks: readonly string[],
  { values, rules, terminal, found, redactor }: Linting,
): Promise<void> {
  const options = hostOptions(values);
  const secrets = await openSecrets(options.vault, { terminal, found, redactor });
  const compile = compileOptions(options, playbooks, { cwd: terminal.cwd, found, secrets });
  const program = await compilePlaybooks(playbooks, compile);
  for (const d of program.ok ? program.warnings : program.errors) found.add(d);
  if (!program.ok || found.failed) return;
  const compilerOf = (play: Play) => new Compiler({ ...compile, playbookDir: play.dir, found });
  for (const finding of await lint(program.value, { rules, compilerOf, hide: text => redactor.add(text) }))
    found.add(finding);
}

function rulesOf({ skipRule }: FlagValues, found: Diagnostics): readonly Rule[] {
  const names = RULES.map(rule => rule.name);
  const skipped = skipRule.flatMap(list => list.split(',')).map(name => name.trim());
  for (const name of skipped.filter(name => !names.includes(name))) {
    const suggestion = didYouMean(name, names) ?? 'tplay lint --rules lists them';
    found.error('bad-option', `there is no rule "${name}"`, { suggestion });
  }
  return RULES.filter(rule => !skipped.includes(rule.name));
}

function jsonLines(all: readonly Diagnostic[]): string {
  return all.map(d => `${JSON.stringify(diagnosticData(d))}\n`).join('');
}
