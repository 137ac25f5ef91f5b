import type { Compiler } from '../playbook/compiler.ts';
import type { Play, Program } from '../playbook/program.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import { type Book, makeBook } from './book.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules/index.ts';
import { silenced } from './silenced.ts';

/**
 * Everything the rules find in compiled playbooks, as warnings with the rule's name. Faults of included files go to the
 * diagnostics of the compiler, which `--syntax-check` does not look at.
 */
export async function lint(
  program: Program,
  { rules = RULES, compilerOf, hide }: LintOptions,
): Promise<readonly Diagnostic[]> {
  const book = await makeBook(program, compilerOf);
  return rules.flatMap(rule => findingsOf(rule, book, hide));
}

export interface LintOptions {
  readonly rules?: readonly Rule[];
  /** A compiler for what the includes of a play bring. */
  compilerOf(play: Play): Compiler;
  /** Is told what must not be shown of the files. */
  hide(secret: string): void;
}

function findingsOf(rule: Rule, book: Book, hide: LintOptions['hide']): readonly Diagnostic[] {
  const findings = [...rule.check(book)].filter(finding => !silenced(rule.name, finding));
  return findings.map(({ task: _task, secret, ...finding }) => {
    if (secret !== undefined) hide(secret);
    return { code: 'lint', rule: rule.name, severity: 'warning', ...finding };
  });
}
