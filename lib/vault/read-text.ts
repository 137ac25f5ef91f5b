import { isUtf8 } from 'node:buffer';
import { decodingProblem } from '../text/decode.ts';
import type { Checked, Diagnostic } from '../text/diagnostic.ts';
import { type SourceFile, type Span, sourceFile } from '../text/source.ts';
import { isVault, type VaultFault } from './envelope.ts';
import type { Vault } from './vault.ts';

/** Text of a file of the user's: as it stands, or opened where it is encrypted; then nothing of it may be shown. */
export function readText(path: string, bytes: Uint8Array, vault: Vault): Checked<SourceFile> {
  const open = (text: string) => vault.openText(text);
  if (!isVault(bytes)) {
    const problem = decodingProblem(path, bytes);
    if (problem) return { ok: false, errors: [problem] };
    return { ok: true, value: sourceFile(path, Buffer.from(bytes).toString('utf8'), { open }), warnings: [] };
  }
  const sealed = Buffer.from(bytes).toString('latin1');
  const opened = vault.open(sealed);
  if (!opened.ok) {
    const header = sealed.search(/\r?\n|$/);
    const span = { file: sourceFile(path, sealed), start: 0, end: header };
    return { ok: false, errors: [vaultDiagnostic(opened.fault, span)] };
  }
  if (!isUtf8(opened.bytes)) return notText(path, sealed);
  return { ok: true, value: sourceFile(path, opened.bytes.toString('utf8'), { open, secret: true }), warnings: [] };
}

/** A fault of an encrypted text at its place. */
export function vaultDiagnostic({ code, message, suggestion }: VaultFault, span: Span): Diagnostic {
  return { code, severity: 'error', message, span, ...(suggestion !== undefined && { suggestion }) };
}

function notText(path: string, shown: string): Checked<never> {
  const span = { file: sourceFile(path, shown), start: 0, end: 0 };
  return {
    ok: false,
    errors: [{ code: 'yaml-syntax', severity: 'error', message: 'the file is not UTF-8 text', span }],
  };
}
