import type { CustomStats, Event, Recap } from '../events.ts';
import { duration, type Look, plural } from './look.ts';
import { rule } from './titles.ts';
import { textWidth } from './width.ts';

const HOST_COLUMNS = 26; // as Ansible's default callback

/** The table of counts in the column form of Ansible, and a line with what the run took. */
export function recapText(event: Extract<Event, { type: 'run-finished' }>, check: boolean, look: Look): string {
  const names = event.recap.map(([host]) => look.line(host));
  const widest = Math.max(HOST_COLUMNS, ...names.map(textWidth));
  const lines = event.recap.map(([host, counts]) => {
    const name = look.line(host);
    const padded = hostPaint(counts, look)(name) + ' '.repeat(widest - textWidth(name));
    return `${padded} : ${countsText(counts, check, look)}\n`;
  });
  const cost = [plural(event.recap.length, 'host'), duration(event.ms), plural(event.frames, 'round trip')];
  if (check) cost.push('dry run');
  if (event.interrupted) cost.push('interrupted: not all tasks were run');
  const stats = event.stats === undefined || !look.customStats ? '' : statsText(event.stats, look);
  return `${rule('PLAY RECAP', look)}${lines.join('')}${stats}\n${cost.join(', ')}\n`;
}

/** What set_stats kept, as Ansible shows it. */
function statsText({ hosts, run }: CustomStats, look: Look): string {
  const values = (kept: Readonly<Record<string, unknown>>) =>
    look.line(JSON.stringify(sorted(kept), null, 1).replaceAll('\n', ''));
  const lines = hosts.map(([host, kept]) => `\t${look.line(host)}: ${values(kept)}\n`);
  const all = Object.keys(run).length === 0 ? '' : `\n\tRUN: ${values(run)}\n`;
  return `${rule('CUSTOM STATS:', look)}${lines.join('')}${all}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function countsText(counts: Recap, check: boolean, look: Look): string {
  const { paint } = look;
  const cells = [
    cell('ok', counts.ok, paint.green),
    cell('changed', counts.changed, paint.yellow),
    cell('unreachable', counts.unreachable, paint.red),
    cell('failed', counts.failed, paint.red),
    cell('skipped', counts.skipped, paint.cyan),
    cell('rescued', counts.rescued, paint.green),
    cell('ignored', counts.ignored, paint.blue),
  ];
  if (check) cells.push(cell('unknown', counts.unknown, paint.magenta));
  return cells.join(' ').trimEnd();
}

/** `ok=3` and spaces up to seven columns of number, coloured unless it is zero. */
function cell(name: string, count: number, colour: (text: string) => string): string {
  const text = `${name}=${count}`;
  const spaces = ' '.repeat(Math.max(0, name.length + 5 - text.length));
  return (count === 0 ? text : colour(text)) + spaces;
}

function hostPaint(counts: Recap, look: Look): (text: string) => string {
  if (counts.failed > 0 || counts.unreachable > 0) return look.paint.red;
  return counts.changed > 0 ? look.paint.yellow : look.paint.green;
}
