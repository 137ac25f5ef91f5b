import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { sourceFile } from '../text/source.ts';
import { isVault } from '../vault/envelope.ts';
import { vaultDiagnostic } from '../vault/read-text.ts';
import { DEFAULT_ID, seal, type VaultSecret } from '../vault/vault.ts';
import { readInput, replaceFile } from './replace-file.ts';
import type { VaultWork } from './vault.ts';

/** Opens each file in an editor and encrypts what was changed, with the password and the id it had. */
export async function editFiles(work: VaultWork): Promise<void> {
  if (work.operands.length === 0) work.found.error('bad-option', 'edit needs a file');
  for (const path of work.operands) if (!work.found.failed) await editFile(path, work);
}

async function editFile(path: string, { terminal, found, vault, values }: VaultWork): Promise<void> {
  const read = readInput(path, terminal.cwd);
  if (typeof read === 'string') return found.error('missing-file', `${path} cannot be read: ${read}`);
  if (!isVault(read))
    return found.error('bad-value', `${path} is not encrypted`, { suggestion: `tplay vault encrypt ${path}` });
  const text = read.toString('latin1');
  const opened = vault.open(text);
  if (!opened.ok) {
    const span = { file: sourceFile(path, text), start: 0, end: text.search(/\r?\n|$/) };
    return found.add(vaultDiagnostic(opened.fault, span));
  }
  const secret = secretFor(values.encryptVaultId, opened, vault.secrets);
  if (secret === undefined)
    return found.error('bad-option', `no password is given for the vault id "${values.encryptVaultId}"`);
  const edited = await inEditor(basename(path), opened.bytes);
  if ('problem' in edited) return found.error('bad-value', `${path} is left as it is: ${edited.problem}`);
  if (edited.bytes.equals(opened.bytes)) return;
  const fault = replaceFile(path, Buffer.from(seal(edited.bytes, secret)), { cwd: terminal.cwd, keepMode: true });
  if (fault !== undefined) found.error('bad-value', `${path} cannot be written: ${fault}`);
}

/** As ansible-vault: the label stays as it was, also where the password of another id opened it. */
function secretFor(
  wanted: string | undefined,
  { by, label }: { readonly by: VaultSecret; readonly label: string | undefined },
  secrets: readonly VaultSecret[],
): VaultSecret | undefined {
  if (wanted !== undefined) return secrets.find(s => s.label === wanted);
  return { label: label ?? DEFAULT_ID, password: by.password };
}

type Edited = { readonly bytes: Buffer } | { readonly problem: string };

/** Has a copy edited in a folder that only this user can enter, in memory where there is such a place; it is always removed. */
async function inEditor(name: string, bytes: Uint8Array): Promise<Edited> {
  const folder = mkdtempSync(join(memoryFolder() ?? tmpdir(), 'tplay-vault-'));
  try {
    chmodSync(folder, 0o700);
    const path = join(folder, name);
    writeFileSync(path, bytes, { mode: 0o600 });
    const problem = await runEditor(path);
    if (problem !== undefined) return { problem };
    return { bytes: readFileSync(path) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function memoryFolder(): string | undefined {
  return statSync('/dev/shm', { throwIfNoEntry: false })?.isDirectory() ? '/dev/shm' : undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Runs $VISUAL, $EDITOR or vi, which may have words behind them (exec: so that signals reach it). Signals end the editor, not us: the copy must go. */
function runEditor(path: string): Promise<string | undefined> {
  const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi';
  let stopped: NodeJS.Signals | undefined;
  // before the editor begins: a signal that comes as soon as it does must not end us
  const listeners = SIGNALS.map(signal => {
    const listener = () => {
      // an interrupt of the keyboard reaches the editor itself, which may mean something else by it
      if (signal === 'SIGINT' || signal === 'SIGQUIT') return;
      stopped = signal;
      child.kill(signal);
    };
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  });
  const child = spawn('/bin/sh', ['-c', `exec ${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  return new Promise(resolve => {
    child.on('error', error => resolve(`the editor cannot be started: ${error.message}`));
    child.on('close', (status, signal) => {
      for (const off of listeners) off();
      const ended = stopped ?? signal;
      if (ended !== null && ended !== undefined)
        resolve(`the editor was stopped by ${ended} (${constants.signals[ended]})`);
      else resolve(status === 0 ? undefined : `the editor "${editor}" ended with status ${status}`);
    });
  });
}
