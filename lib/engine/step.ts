import pLimit from 'p-limit';
import type { TaskRef } from '../events.ts';

/** `--step`: whether each task runs is asked, until somebody says that the rest shall. */
export class Step {
  readonly #ask: (prompt: string) => Promise<string>;
  // Hosts that go at their own pace come to their tasks at the same time: one question after the other.
  readonly #one = pLimit(1);
  #asking = true;

  constructor(ask: (prompt: string) => Promise<string>) {
    this.#ask = ask;
  }

  /** Whether a task runs; `host` where it is about one host alone. Words and answers are Ansible's. */
  runs(task: TaskRef, host?: string): Promise<boolean> {
    return this.#one(async () => {
      if (!this.#asking) return true;
      const word = task.handler ? 'HANDLER' : 'TASK';
      const title = task.role === undefined ? task.name : `${task.role} : ${task.name}`;
      const where = host === undefined ? '' : ` on ${host}`;
      const answer = await this.#ask(`Perform task: ${word}: ${title}${where} (N)o/(y)es/(c)ontinue: `);
      const said = answer.trim().toLowerCase();
      if (['c', 'continue'].includes(said)) this.#asking = false;
      return !this.#asking || ['y', 'yes'].includes(said);
    });
  }
}
