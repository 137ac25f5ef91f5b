import type { Kind } from '../../lab/lab.ts';

/** What came of one case on one host. */
export interface Result {
  readonly module: string;
  readonly kind: Kind;
  /** The file of the case. */
  readonly file: string;
  readonly failed?: string;
  /** Why it was not run. */
  readonly skipped?: string;
  /** Round trips of a run that found everything right. */
  readonly frames?: number | undefined;
  /** Whether it worked with the host's own commands: not with some made for the case, not about what cannot be done. */
  readonly real: boolean;
}

interface To {
  readonly kinds: readonly Kind[];
  readonly seconds: number;
  say(line: string): void;
}

/** Says all: a table of modules and kinds of host, why cases were skipped, what failed. Returns the exit status. */
export function report(results: readonly Result[], { kinds, seconds, say }: To): number {
  const modules = [...new Set(results.map(r => r.module))].sort();
  const rows = modules.map(module => {
    const mine = results.filter(r => r.module === module);
    return [module, ...kinds.map(kind => cell(mine.filter(r => r.kind === kind))), trips(mine)];
  });
  for (const line of aligned([['module', ...kinds, 'round trips unchanged'], ...rows])) say(line);
  if (rows.some(row => row.some(text => text.includes('~')))) say(`\n${STAND_IN}`);
  for (const line of reasons(results)) say(line);
  const failed = results.filter(r => r.failed !== undefined);
  for (const r of failed) say(`\nFAIL ${r.kind} ${r.file}\n  ${r.failed?.replaceAll('\n', '\n  ')}`);
  const skipped = results.filter(r => r.skipped !== undefined).length;
  say(
    `\n${results.length - failed.length - skipped} passed, ${failed.length} failed, ${skipped} skipped in ${seconds.toFixed(0)} s`,
  );
  return failed.length === 0 ? 0 : 1;
}

const STAND_IN =
  '~: only with commands made for the case, or about what cannot be done; the module was not seen at work there';

function cell(results: readonly Result[]): string {
  const skipped = results.filter(r => r.skipped !== undefined).length;
  const ran = results.length - skipped;
  const passed = ran - results.filter(r => r.failed !== undefined).length;
  const seen = results.some(r => r.real && r.skipped === undefined && r.failed === undefined);
  return `${ran === 0 ? '' : `${passed}/${ran}${seen ? '' : '~'}`}${skipped === 0 ? '' : ` -${skipped}`}`.trim();
}

function trips(results: readonly Result[]): string {
  const all = results.flatMap(r => (r.frames === undefined ? [] : [r.frames]));
  return all.length === 0 ? '' : String(Math.max(...all));
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? [];
  return [
    '',
    ...rows.map(row =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ];
}

/** A line for each module, kinds and reason of what was skipped. */
function reasons(results: readonly Result[]): readonly string[] {
  const counts = new Map<string, Map<Kind, number>>();
  for (const { module, kind, skipped } of results) {
    if (skipped === undefined) continue;
    const of = counts.get(`${module}: ${skipped}`) ?? new Map<Kind, number>();
    counts.set(`${module}: ${skipped}`, of.set(kind, (of.get(kind) ?? 0) + 1));
  }
  const lines = [...counts].map(([what, of]) => `  ${what} (${[...of].map(([kind, n]) => `${kind} ${n}`).join(', ')})`);
  return lines.length === 0 ? [] : ['\nskipped:', ...lines.sort()];
}
