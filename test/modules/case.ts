import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import type { Kind } from '../../lab/lab.ts';

/** What is expected of one run of the task. What is not said is not looked at, but a failure must be said. */
export interface Expected {
  readonly changed?: boolean;
  /** Part of the message it fails with. */
  readonly failed?: string;
  readonly skipped?: boolean;
  /** Dry run: it cannot be told what would happen. */
  readonly unknown?: boolean;
  /** Round trips. */
  readonly frames?: number;
  /** Part of what `register` gets; a text beginning with ~ is a regular expression. */
  readonly values?: unknown;
  /** State keys with what they were and are. */
  readonly diff?: Readonly<Record<string, readonly [string, string]>>;
  /** Part of the answer that `store` gives the engine: path below the temp folder, content. */
  readonly store?: { readonly path: string; readonly content: string };
}

/** How a path of the temp folder shall be at the end. */
export interface After {
  readonly type?: string;
  readonly mode?: string;
  readonly content?: string;
  readonly contains?: string;
  readonly link?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly absent?: boolean;
  /** Names in a folder, all of them. */
  readonly names?: readonly string[];
}

/** One case: a task that is run in a dry run, for real, and again. `$TMP` is its temp folder, `$URL` its web server, `$LOGIN` with a password. */
export interface Case {
  readonly args?: Readonly<Record<string, unknown>>;
  readonly free?: string;
  readonly bad?: string;
  /** Shell text run in the temp folder first. */
  readonly before?: string;
  /** Shell text run in the temp folder between the first run and the second. */
  readonly between?: string;
  readonly check?: Expected;
  readonly first?: Expected;
  readonly second?: Expected;
  readonly after?: Readonly<Record<string, After>>;
  /** Commands made for the case: name to shell text. */
  readonly shims?: Readonly<Record<string, string>>;
  readonly shells?: readonly Shell[];
  /** Commands the place must have; `root`, and `gnu` for GNU's tar and xz in what is prepared. */
  readonly needs?: readonly string[];
  /** Commands that the session shall not find. */
  readonly hide?: readonly string[];
  /** Umask of the session, 022 unless told. */
  readonly umask?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * The kinds of host whose system it changes or needs: only `npm run test:modules` runs it, alone on its host, without
   * shims. `after` may name absolute paths.
   */
  readonly hosts?: readonly Kind[];
  /** Shell text that must end with 0 on the host at the end. */
  readonly verify?: string;
  /** Shell text run at the end, whatever came of the case. */
  readonly cleanup?: string;
}

export type Shell = 'dash' | 'bash' | 'busybox';
export const SHELLS: readonly Shell[] = ['dash', 'bash', 'busybox'];

export interface NamedCase {
  readonly module: string;
  readonly name: string;
  readonly file: string;
  readonly case: Case;
}

const KEYS = new Set(
  'args free bad before between check first second after shims hide shells needs umask environment hosts verify cleanup'.split(
    ' ',
  ),
);

/** The cases of the folders that are named, of all when none is. */
export function readCases(folder: URL, modules: readonly string[]): readonly NamedCase[] {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter(e => e.isDirectory())
    .map(e => e.name);
  return folders
    .filter(name => modules.length === 0 || modules.includes(name))
    .sort()
    .flatMap(module =>
      readdirSync(new URL(`${module}/`, folder))
        .filter(name => name.endsWith('.yml'))
        .sort()
        .map(name => readCase(module, new URL(`${module}/${name}`, folder))),
    );
}

function readCase(module: string, file: URL): NamedCase {
  const text = readFileSync(file, 'utf8');
  const value = parsed(text, file);
  const stray = Object.keys(value).filter(key => !KEYS.has(key));
  if (stray.length > 0) throw new Error(`${file.pathname}: unknown key ${stray.join(', ')}`);
  if (value.after === undefined && value.bad === undefined && value.first === undefined)
    throw new Error(`${file.pathname}: a case needs first, after or bad, or it cannot fail`);
  if (value.hosts !== undefined && value.shims !== undefined)
    throw new Error(`${file.pathname}: a case of real hosts has no shims`);
  return { module, name: basename(file.pathname, '.yml'), file: file.pathname, case: value };
}

function parsed(text: string, file: URL): Case {
  try {
    return parse(text, { version: '1.1' }) as Case;
  } catch (error) {
    throw new Error(`${file.pathname}: ${(error as Error).message}`);
  }
}
