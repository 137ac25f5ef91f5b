import type { Lab, LabSpec } from '../../lab/lab.ts';
import type { Ran } from './events.ts';

/**
 * What an operator does, on hosts of a lab: playbooks one after the other, and what must hold behind each. A file
 * `<name>.scenario.ts` exports one as its default; README.md has an example.
 */
export interface Scenario {
  /** As the file is called. */
  readonly name: string;
  /** Its lab needs a name (up to 9 of a-z and 0-9) and a subnet that no other scenario or test has. */
  readonly lab: LabSpec;
  /** The inventory's text; how to reach the lab's hosts stands in host_vars beside it, for hosts it names. */
  inventory(stage: Stage): string;
  /** What this machine lacks for it, one sentence each: then it is skipped and counted as that. */
  missing?(): readonly string[];
  /** Makes what the first step needs and no operator would do by tplay: packages, repositories. */
  prepare?(stage: Stage): Promise<void> | void;
  /** Ends what `prepare` or a step started on this machine; also when a step failed or Ctrl-C came. */
  finish?(stage: Stage): Promise<void> | void;
  /** Further folders of hosts that change by themselves, so that they tell nothing about a dry run. */
  readonly living?: readonly string[];
  readonly steps: readonly Step[];
}

/**
 * One thing the operator types. A step that shall end well is run three times: dry (nothing on any host may change), for
 * real (what changed must be what the dry run said), and again (nothing may change).
 */
export interface Step {
  readonly title: string;
  /** Arguments of tplay without the inventory: the playbook's name or path, then flags. Without it only `verify`. */
  readonly play?: readonly string[] | ((stage: Stage) => readonly string[]);
  /** The inventory from this step on. */
  readonly inventory?: (stage: Stage) => string;
  /** `fails`: it must, on the first run; there is no dry run, and no second one. */
  readonly expect?: 'ok' | 'fails';
  /** What the run must say: titles, messages, diagnostics, what failed commands printed. */
  readonly says?: RegExp;
  /** Why there is no dry run. */
  readonly skipCheck?: string;
  /** Why there is no second run, or why it may change something. */
  readonly skipSecond?: string;
  /** Before the dry run; after it; and when the real one is over, before it is run again. */
  before?(stage: Stage): Promise<void> | void;
  beforeRun?(stage: Stage): Promise<void> | void;
  verify?(stage: Stage, ran: Ran): Promise<void> | void;
  /** When the second run is over. */
  verifySecond?(stage: Stage, ran: Ran): Promise<void> | void;
}

/** What steps work with. */
export interface Stage {
  readonly lab: Lab;
  /** The top folder of this repository. */
  readonly root: string;
  /** A folder of this scenario's own, gone afterwards; the inventory and files beside it are in there. */
  readonly folder: string;
  readonly inventory: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Writes a file below the folder, such as `group_vars/web.yml`; its path. */
  write(path: string, text: string): string;
  /** Runs a shell command on a host as root; what it printed. Throws when it fails. */
  on(host: string, command: string, input?: string): Promise<string>;
  /** Runs tplay on the inventory, whatever comes of it. */
  tplay(...args: readonly string[]): Promise<Ran>;
  /** Runs tplay and kills it, as a power cut would, when a task of this title starts on any host. */
  cut(title: string, ...args: readonly string[]): Promise<Ran>;
  /** Waits until it holds; throws, saying what, when it does not within the seconds. */
  until(what: string, seconds: number, holds: () => Promise<boolean> | boolean): Promise<void>;
  address(host: string): string;
}
