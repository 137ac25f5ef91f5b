import pc from 'picocolors';
import type { Diagnostic } from './diagnostic.ts';
import { Redactor } from './redact.ts';
import { lineText, positionAt, type Span, spanName } from './source.ts';

/** Prints diagnostics as `file:line:col severity code: message` with the line, a squiggle and what to type instead. */
export function formatDiagnostics(all: readonly Diagnostic[], colour = false): string {
  return all.map(d => formatDiagnostic(d, colour)).join('\n');
}

function formatDiagnostic(shown: Diagnostic, colour: boolean): string {
  const d = withoutSecrets(shown);
  const paint = pc.createColors(colour);
  const severity = d.severity === 'error' ? paint.red('error') : paint.yellow('warning');
  const head = `${d.span ? `${paint.bold(spanName(d.span))} ` : ''}${severity} ${d.rule === undefined ? d.code : `[${d.rule}]`}: ${d.message}`;
  const lines = [head];
  if (d.span) lines.push(...codeFrame(d.span, d.suggestion, paint.cyan));
  else if (d.suggestion !== undefined) lines.push(`  ${paint.cyan(d.suggestion)}`);
  for (const note of d.notes ?? [])
    lines.push(`  note: ${note.message}${note.span ? ` at ${spanName(note.span)}` : ''}`);
  return `${lines.join('\n')}\n`;
}

/** Of an encrypted file keys may be told, since what is wrong is often a key, but no value and no line. */
function withoutSecrets(d: Diagnostic): Diagnostic {
  const file = [d.span, ...(d.notes ?? []).map(n => n.span)].find(span => span?.file.secret)?.file;
  if (file === undefined) return d;
  const redactor = new Redactor();
  for (const line of file.text.split('\n')) for (const value of valuesOf(line)) redactor.add(value);
  const { suggestion } = d;
  return {
    ...d,
    message: redactor.text(d.message),
    ...(suggestion !== undefined && { suggestion: redactor.text(suggestion) }),
  };
}

/** What may be a value on a line of YAML: all of it that is no key, as it stands and without quotes. */
function valuesOf(line: string): readonly string[] {
  const value = line.replace(/^\s*(?:- +)*(?:[\w.-]+\s*:(?:\s+|$))?/, '').trim();
  const parts = /^[[{]/.test(value)
    ? value.split(/[[\]{},]/).map(part => part.replace(/^\s*[\w.-]+\s*:\s/, '').trim())
    : [];
  return [value, ...parts].flatMap(part => [part, part.replace(/^(["'])(.*)\1$/, '$2')]);
}

const WIDEST = 160; // a minified line of 10 MB must not fill the terminal

function codeFrame(span: Span, suggestion: string | undefined, paint: (text: string) => string): string[] {
  if (span.file.secret)
    return ['  the file is encrypted: the line is not shown', ...(suggestion ? [`  ${paint(suggestion)}`] : [])];
  const { line, column } = positionAt(span.file, span.start);
  const whole = lineText(span.file, line);
  const from = column > WIDEST ? column - 40 : 0;
  const text = whole.slice(from, from + WIDEST);
  const length = Math.max(1, Math.min(span.end - span.start, whole.length - column + 1, WIDEST));
  const gutter = `  ${line} | `;
  // Tabs are kept in front of the squiggle, so that it stands where the eye sees the text.
  const indent = text.slice(0, column - 1 - from).replace(/[^\t]/g, ' ');
  const mark = `${' '.repeat(gutter.length - 2)}| ${indent}${'~'.repeat(length)}`;
  return [`${gutter}${printable(text)}`, paint(suggestion === undefined ? mark : `${mark} ${suggestion}`)];
}

/** Control characters shown as `\xNN`, so that no file or host can write to the terminal past us. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, c => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
