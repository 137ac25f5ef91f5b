import { sourceFile } from '../text/source.ts';
import { isVault } from '../vault/envelope.ts';
import { vaultDiagnostic } from '../vault/read-text.ts';
import { seal, type VaultSecret } from '../vault/vault.ts';
import { readInput, replaceFile } from './replace-file.ts';
import type { VaultWork } from './vault.ts';

/** A file, or standard input, and its bytes; `path` is undefined for standard input. */
interface Input {
  readonly path: string | undefined;
  readonly bytes: Buffer;
}

/** Encrypts files where they are. As ansible-vault: without a file what comes in goes out encrypted. */
export function encryptFiles(work: VaultWork): void {
  const inputs = readInputs(work);
  for (const { path, bytes } of inputs)
    if (isVault(bytes))
      work.found.error('bad-value', `${shown(path)} is encrypted already`, {
        suggestion: 'tplay vault rekey gives it another password',
      });
  if (work.found.failed) return;
  writeAll(
    work,
    'encrypted',
    inputs.map(({ path, bytes }) => ({ path, bytes: Buffer.from(seal(bytes, secretOf(work))) })),
  );
}

/** Decrypts files where they are, all or none. */
export function decryptFiles(work: VaultWork): void {
  const opened = openAll(work);
  if (!work.found.failed) writeAll(work, 'decrypted', opened);
}

/** Prints what is in files. */
export function viewFiles(work: VaultWork): void {
  const opened = openAll(work);
  if (!work.found.failed) for (const { bytes } of opened) work.terminal.out(bytes);
}

/** Encrypts files with another password: all are opened before any is written. */
export function rekeyFiles(work: VaultWork): void {
  if (work.operands.length === 0) return work.found.error('bad-option', 'rekey needs a file');
  const opened = openAll(work);
  if (work.found.failed) return;
  const sealed = opened.map(({ path, bytes }) => ({ path, bytes: Buffer.from(seal(bytes, secretOf(work))) }));
  for (const { path, bytes } of sealed) write(work, { path, bytes, done: 'rekeyed', keepMode: true });
}

function secretOf({ secret }: VaultWork): VaultSecret {
  if (secret === undefined) throw new Error('internal: nothing to encrypt with');
  return secret;
}

function shown(path: string | undefined): string {
  return path ?? 'standard input';
}

function readInputs({ operands, values, terminal, found }: VaultWork): readonly Input[] {
  const paths = operands.length === 0 ? ['-'] : operands;
  if (values.vaultOutput !== undefined && paths.length > 1)
    found.error('bad-option', '--output takes the result of one file, and several are given');
  return paths.flatMap(name => {
    const read = readInput(name, terminal.cwd);
    if (typeof read !== 'string') return [{ path: name === '-' ? undefined : name, bytes: read }];
    found.error('missing-file', `${name} cannot be read: ${read}`);
    return [];
  });
}

/** Every input in the clear; what stays closed is reported, at its first line. */
function openAll(work: VaultWork): readonly Input[] {
  return readInputs(work).flatMap(({ path, bytes }) => {
    const text = bytes.toString('latin1');
    if (!isVault(bytes)) {
      work.found.error('bad-value', `${shown(path)} is not encrypted`);
      return [];
    }
    const opened = work.vault.open(text);
    if (opened.ok) return [{ path, bytes: opened.bytes }];
    const span = { file: sourceFile(path ?? '-', text), start: 0, end: text.search(/\r?\n|$/) };
    work.found.add(vaultDiagnostic(opened.fault, span));
    return [];
  });
}

function writeAll(work: VaultWork, done: string, results: readonly Input[]): void {
  for (const { path, bytes } of results)
    write(work, { path: work.values.vaultOutput ?? path ?? '-', bytes, done, keepMode: false });
}

/** As ansible-vault: what was encrypted or decrypted is for its owner's eyes alone, what is rekeyed keeps its mode. */
function write(
  { terminal, found }: VaultWork,
  { path, bytes, done, keepMode }: Input & { readonly done: string; readonly keepMode: boolean },
): void {
  if (path === undefined || path === '-') return terminal.out(bytes);
  const fault = replaceFile(path, bytes, { cwd: terminal.cwd, keepMode });
  if (fault === undefined) terminal.err(`${done} ${path}\n`);
  else found.error('bad-value', `${path} cannot be written: ${fault}`);
}
