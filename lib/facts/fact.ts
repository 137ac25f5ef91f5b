import { type Sh, sh } from '../shell/sh.ts';

/** What the host was seen to be: the files that the facts named, and what this fact's own probe printed. */
export interface Seen {
  /** Text of a file without the last line break; undefined when it is not there or not readable. */
  file(path: string): string | undefined;
  /** Every file read whose path matches, by path. */
  files(pattern: RegExp): ReadonlyMap<string, string>;
  readonly out: string;
}

/** A theme of facts: files to read, something to run, and a pure parser. Names are without `ansible_`. */
export interface Fact {
  /** What `gather_subset` calls it. */
  readonly name: string;
  /** The subset it belongs to; `min` is always gathered unless `!min` is said. */
  readonly subset: 'min' | 'hardware' | 'network' | 'virtual';
  /** Files to read; shell patterns. One `grep` reads those of all facts: a process per file would cost ten times that. */
  readonly files?: readonly string[];
  readonly probe?: Sh;
  parse(seen: Seen): Readonly<Record<string, unknown>>;
}

/**
 * One script for all the given facts. Prints a separator that nothing else prints, then the files as `path:line`, then
 * the output of every probe behind a separator with its name.
 */
export function factsScript(facts: readonly Fact[]): Sh {
  const patterns = [...new Set(facts.flatMap(f => f.files ?? []))].join(' ');
  return sh.lines(
    sh`tp_cut=facts-$tp_tag; printf '%s\n' "$tp_cut"`,
    // The patterns are ours, never a user's. grep names the file on each line, as there are two or more.
    sh`grep -s '' /dev/null ${sh.code(patterns)}`,
    ...facts.flatMap(f => (f.probe === undefined ? [] : [sh`printf '\n%s %s\n' "$tp_cut" ${f.name}`, f.probe])),
  );
}

/** Reads what `factsScript` printed, each fact by its own parser. */
export function readFacts(facts: readonly Fact[], out: string): Readonly<Record<string, unknown>> {
  const cut = out.slice(0, out.indexOf('\n'));
  const [files = '', ...outputs] = out.slice(cut.length + 1).split(`\n${cut} `);
  const texts = readFiles(files);
  const byName = new Map(outputs.map(o => [o.slice(0, o.indexOf('\n')), o.slice(o.indexOf('\n') + 1)]));
  const values: Record<string, unknown> = {};
  for (const fact of facts) {
    const seen: Seen = {
      file: path => texts.get(path),
      files: pattern => new Map([...texts].filter(([path]) => pattern.test(path))),
      out: byName.get(fact.name) ?? '',
    };
    Object.assign(values, fact.parse(seen));
  }
  return values;
}

function readFiles(text: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const path = line.slice(0, colon);
    const found = lines.get(path);
    if (found === undefined) lines.set(path, [line.slice(colon + 1)]);
    else found.push(line.slice(colon + 1));
  }
  return new Map([...lines].map(([path, all]) => [path, all.join('\n')]));
}

/** `KEY=value` lines of a shell-like file (os-release), without their quotes. */
export function readSettings(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match?.[1] === undefined) continue;
    const value = (match[2] ?? '').trim();
    const quoted = /^(["'])(.*)\1$/.exec(value);
    settings.set(match[1], (quoted?.[2] ?? value).replace(/\\(["\\$`])/g, '$1'));
  }
  return settings;
}
