import { type VaultFlags, vaultFlags } from '../options.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { didYouMean } from '../text/near.ts';
import { Vault, type VaultSecret } from '../vault/vault.ts';
import type { CommandLine } from './commands.ts';
import type { FlagValues } from './flags.ts';
import type { Terminal } from './terminal.ts';
import { editFiles } from './vault-edit.ts';
import { decryptFiles, encryptFiles, rekeyFiles, viewFiles } from './vault-files.ts';
import { vaultSecrets } from './vault-secrets.ts';
import { encryptStrings, wantsStdin } from './vault-string.ts';

/** One call of `tplay vault`: what it works on, and where everything wrong goes. */
export interface VaultWork {
  /** Files, or the texts of encrypt-string. */
  readonly operands: readonly string[];
  readonly values: FlagValues;
  readonly terminal: Terminal;
  readonly found: Diagnostics;
  readonly vault: Vault;
  /** What is encrypted with, for those that encrypt anew. */
  readonly secret: VaultSecret | undefined;
}

interface Action {
  /** `own`: with one of the given ids; `new`: with that of --new-vault-id. */
  readonly encrypts?: 'own' | 'new';
  stdin(operands: readonly string[], values: FlagValues): boolean;
  run(work: VaultWork): void | Promise<void>;
}

const noFile = (operands: readonly string[]): boolean => operands.length === 0 || operands.includes('-');
const never = (): boolean => false;

const ACTIONS: Readonly<Record<string, Action>> = {
  encrypt: { encrypts: 'own', stdin: noFile, run: encryptFiles },
  decrypt: { stdin: noFile, run: decryptFiles },
  view: { stdin: noFile, run: viewFiles },
  edit: { stdin: never, run: editFiles },
  rekey: { encrypts: 'new', stdin: never, run: rekeyFiles },
  'encrypt-string': { encrypts: 'own', stdin: wantsStdin, run: encryptStrings },
};

/** `tplay vault`: returns the exit status. */
export async function run({ operands, values }: CommandLine, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const [name, ...rest] = operands;
  const action = actionOf(name, found);
  if (action !== undefined) await act(action, { operands: rest, values, terminal, found });
  const all = found.sorted;
  if (all.length > 0) terminal.err(formatDiagnostics(all, terminal.colour && values.color));
  return found.failed ? 1 : 0;
}

function actionOf(name: string | undefined, found: Diagnostics): Action | undefined {
  const action = name === undefined ? undefined : ACTIONS[name.replaceAll('_', '-')];
  if (action !== undefined) return action;
  const names = Object.keys(ACTIONS);
  const suggestion = (name === undefined ? undefined : didYouMean(name, names)) ?? `one of: ${names.join(', ')}`;
  found.error('bad-option', name === undefined ? 'vault needs to know what to do' : `vault cannot "${name}"`, {
    suggestion,
  });
  return undefined;
}

async function act(action: Action, given: Omit<VaultWork, 'vault' | 'secret'>): Promise<void> {
  const { operands, values, terminal, found } = given;
  const flags = asked(vaultFlags(values));
  if (action.stdin(operands, values) && !terminal.isKeyboard && asks(flags)) {
    const suggestion = 'give the password by --vault-password-file';
    return found.error('bad-option', 'standard input holds the text, and the password cannot come from there', {
      suggestion,
    });
  }
  const vault = new Vault(await vaultSecrets(flags, { terminal, found, fresh: action.encrypts === 'own' }));
  if (found.failed) return;
  const secret =
    action.encrypts === 'own'
      ? ownSecret(vault, values, found)
      : action.encrypts === 'new'
        ? await newSecret(values, { terminal, found })
        : undefined;
  if (!found.failed) await action.run({ ...given, vault, secret });
}

/** As ansible-vault: who gives no password is asked for one. */
function asked(flags: VaultFlags): VaultFlags {
  const none = flags.vaultId.length === 0 && flags.vaultPasswordFile.length === 0;
  return none ? { ...flags, askVaultPass: true } : flags;
}

function asks(flags: VaultFlags): boolean {
  return flags.askVaultPass || flags.vaultId.some(id => /(^|@)prompt$/.test(id));
}

/** The secret to encrypt with: that of --encrypt-vault-id, else the only one there is. */
function ownSecret({ secrets }: Vault, values: FlagValues, found: Diagnostics): VaultSecret | undefined {
  const wanted = values.encryptVaultId;
  const ids = [...new Set(secrets.map(s => s.label))];
  if (wanted === undefined) {
    if (ids.length === 1) return secrets[0];
    const suggestion = `type: --encrypt-vault-id ${ids[0] ?? 'ID'}`;
    found.error('bad-option', `several vault ids are given (${ids.join(', ')}): which one to encrypt with?`, {
      suggestion,
    });
    return undefined;
  }
  const secret = secrets.find(s => s.label === wanted);
  if (secret === undefined)
    found.error('bad-option', `no password is given for the vault id "${wanted}" of --encrypt-vault-id`, {
      suggestion: didYouMean(wanted, ids) ?? `type: --vault-id ${wanted}@prompt`,
    });
  return secret;
}

async function newSecret(
  { newVaultId, newVaultPasswordFile }: FlagValues,
  at: { terminal: Terminal; found: Diagnostics },
): Promise<VaultSecret | undefined> {
  const flags = {
    vaultId: newVaultId === undefined ? [] : [newVaultId],
    vaultPasswordFile: newVaultPasswordFile === undefined ? [] : [newVaultPasswordFile],
    askVaultPass: newVaultId === undefined && newVaultPasswordFile === undefined,
  };
  const secrets = await vaultSecrets(flags, { ...at, fresh: true });
  if (secrets.length > 1)
    at.found.error('bad-option', 'rekey takes --new-vault-id or --new-vault-password-file, not both');
  return secrets[0];
}
