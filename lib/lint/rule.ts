import type { Note } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import type { Book } from './book.ts';

/** One thing a rule says. */
export interface Finding {
  readonly span: Span;
  /** One sentence: no position, no final stop. */
  readonly message: string;
  /** What to write instead. */
  readonly suggestion?: string;
  readonly notes?: readonly Note[];
  /** The head of the task it is about, whose line may hold the comment that silences it too. */
  readonly task?: Span;
  /** What stands there and is not to be shown. */
  readonly secret?: string;
}

/** A playbook, or the tasks of one, and the files beside it. */
export interface Example {
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A form that runs, and is likely not what was meant. */
export interface Rule {
  /** As comments name it: `# tplay:ignore <name>`. */
  readonly name: string;
  /** Why it is a trap: a sentence or two for docs/lint.md. */
  readonly doc: string;
  /** Shown in the docs, and proven by the tests: the rule finds the first and is silent about the second. */
  readonly bad: Example;
  readonly good: Example;
  check(book: Book): Iterable<Finding>;
}
