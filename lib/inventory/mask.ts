import type { Checked, Diagnostic } from '../text/diagnostic.ts';
import type { SourceFile, Span } from '../text/source.ts';
import { CONNECTION_NAMES, connectionVariable } from './connection-vars.ts';

const SECRETS = CONNECTION_NAMES.filter(name => connectionVariable(name)?.secret).join('|');
// What follows a name on the same line, in YAML: in quotes, or up to what ends a plain one; a template is no secret
// itself. In INI: up to the next variable's name.
const YAML = `(\\b(?:${SECRETS})["']?[ \\t]*:[ \\t]*)(?!["']?\\{\\{)("(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*'|[^\\s,}][^,}\\n]*)`;
const INI = `(\\b(?:${SECRETS})[ \\t]*=[ \\t]*)(?!["']?\\{\\{)((?:"(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*'|(?![ \\t]+[\\w.]+=)[^\\n])+)`;
const VALUES = [new RegExp(YAML, 'g'), new RegExp(INI, 'g')];

/** The same with passwords shown as stars in the lines that frames print, whatever stands wrong on those lines. */
export function maskSecrets<T>(checked: Checked<T>): Checked<T> {
  return checked.ok
    ? { ...checked, warnings: maskAll(checked.warnings) }
    : { ...checked, errors: maskAll(checked.errors) };
}

/** The same for diagnostics alone. */
export function maskAll(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const masked = new Map<SourceFile, SourceFile>();
  const maskSpan = (span: Span): Span => {
    const file = masked.get(span.file) ?? maskFile(span.file);
    masked.set(span.file, file);
    return { ...span, file };
  };
  return all.map(d => maskDiagnostic(d, maskSpan));
}

function maskDiagnostic(d: Diagnostic, maskSpan: (span: Span) => Span): Diagnostic {
  const notes = d.notes?.map(note => (note.span === undefined ? note : { ...note, span: maskSpan(note.span) }));
  return { ...d, ...(d.span && { span: maskSpan(d.span) }), ...(notes && { notes }) };
}

/** As long as the file was, so that every offset stays right. */
function maskFile(file: SourceFile): SourceFile {
  const stars = (_: string, name: string, value: string) => name + '*'.repeat(value.length);
  return { ...file, text: VALUES.reduce((text, values) => text.replace(values, stars), file.text) };
}
