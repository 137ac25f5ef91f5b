import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Secrets } from '../engine/local-files.ts';
import type { VaultFlags } from '../options.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { Redactor } from '../text/redact.ts';
import { isVault } from '../vault/envelope.ts';
import { DEFAULT_ID, Vault, type VaultSecret } from '../vault/vault.ts';
import { isClientScript, readVaultId, type VaultId } from '../vault/vault-id.ts';
import { askSecret, type Terminal } from './terminal.ts';

/** How a password is asked for. */
interface Asking {
  readonly terminal: Terminal;
  readonly found: Diagnostics;
  /** For encrypting: asked twice, so that nobody seals with a slip of the finger. */
  readonly fresh?: boolean;
}

/** Opens the vault that the flags and the environment name; its passwords are hidden from now on. */
export async function openSecrets(
  flags: VaultFlags,
  { redactor, ...asking }: Asking & { readonly redactor: Redactor },
): Promise<Secrets> {
  const vault = new Vault(await vaultSecrets(flags, asking));
  for (const { password } of vault.secrets) redactor.add(Buffer.from(password).toString('utf8'));
  return { vault, hide: text => redactor.add(text) };
}

/** Asks for, reads and runs what the flags name, in Ansible's order; what does not work goes to `found`. */
export async function vaultSecrets(flags: VaultFlags, asking: Asking): Promise<readonly VaultSecret[]> {
  const ids: VaultId[] = [
    ...flags.vaultId.map(readVaultId),
    ...flags.vaultPasswordFile.map(path => ({ label: undefined, source: { path } })),
    ...(flags.askVaultPass ? [{ label: undefined, source: 'prompt' as const }] : []),
  ];
  const secrets: VaultSecret[] = [];
  for (const { label, source } of ids) {
    const password =
      source === 'prompt'
        ? await askPassword(label ?? DEFAULT_ID, asking)
        : readPassword(source.path, { label, asking, before: secrets });
    if (password !== undefined) secrets.push({ label: label ?? DEFAULT_ID, password });
  }
  return secrets;
}

async function askPassword(label: string, { terminal, found, fresh }: Asking): Promise<Buffer | undefined> {
  const named = label === DEFAULT_ID ? '' : ` (${label})`;
  const password = await askSecret(terminal, `${fresh ? 'New vault' : 'Vault'} password${named}: `);
  if (password === '') {
    found.error('bad-option', `the vault password${named} is empty`);
    return undefined;
  }
  if (fresh && (await askSecret(terminal, `Confirm new vault password${named}: `)) !== password) {
    found.error('bad-option', `the vault passwords${named} are not the same`);
    return undefined;
  }
  return Buffer.from(password);
}

interface Reading {
  readonly label: string | undefined;
  readonly asking: Asking;
  /** Those that were given before: one may open an encrypted password file. */
  readonly before: readonly VaultSecret[];
}

/** The password of a file; of a program, what it prints. */
function readPassword(path: string, { label, asking, before }: Reading): Buffer | undefined {
  const { found, terminal } = asking;
  const full = resolve(terminal.cwd, path.replace(/^~(?=\/)/, process.env['HOME'] ?? '~'));
  const fail = (message: string, suggestion?: string) =>
    void found.error('bad-option', message, suggestion === undefined ? {} : { suggestion });
  const kind = statSync(full, { throwIfNoEntry: false });
  if (kind === undefined) return fail(`there is no vault password file "${path}"`, suggestPrompt(path, label));
  if (kind.isDirectory()) return fail(`the vault password file "${path}" is a folder`);
  const read = isProgram(full) ? runScript(full, label) : readText(full, before);
  if ('problem' in read) return fail(`the vault password file "${path}" ${read.problem}`, read.suggestion);
  return read.bytes.length > 0 ? read.bytes : fail(`the vault password file "${path}" gives an empty password`);
}

function suggestPrompt(path: string, label: string | undefined): string | undefined {
  return /^[\w-]+$/.test(path) && label === undefined
    ? `to be asked for the password of the id ${path} write --vault-id ${path}@prompt`
    : undefined;
}

type Read = { readonly bytes: Buffer } | { readonly problem: string; readonly suggestion?: string };

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readText(path: string, before: readonly VaultSecret[]): Read {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return { problem: `cannot be read: ${(error as NodeJS.ErrnoException).code}` };
  }
  if (isVault(bytes)) {
    const opened = new Vault(before).open(bytes.toString('latin1'));
    if (!opened.ok) return { problem: `is encrypted itself: ${opened.fault.message}`, suggestion: 'name it last' };
    bytes = opened.bytes;
  }
  return { bytes: stripped(bytes, /^[ \t\n\r\v\f]+|[ \t\n\r\v\f]+$/g) };
}

/** Its stdin and stderr are ours, so that it can ask. As Ansible: only the line break at its output's end goes. */
function runScript(path: string, label: string | undefined): Read {
  const client = isClientScript(basename(path));
  const { error, status, signal, stdout } = spawnSync(
    path,
    client && label !== undefined ? ['--vault-id', label] : [],
    {
      stdio: ['inherit', 'pipe', 'inherit'],
    },
  );
  if (error !== undefined)
    return {
      problem: `cannot be run: ${(error as NodeJS.ErrnoException).code}`,
      suggestion: `if it holds the password itself: chmod -x ${path}`,
    };
  if (client && status === 2) return { problem: `has no password for the vault id "${label ?? DEFAULT_ID}"` };
  if (status !== 0) return { problem: `ended with ${signal ?? `status ${status}`}` };
  return { bytes: stripped(stdout, /^[\r\n]+|[\r\n]+$/g) };
}

function stripped(bytes: Buffer, what: RegExp): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(what, ''), 'latin1');
}
