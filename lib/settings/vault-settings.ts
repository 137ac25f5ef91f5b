import type { Setting } from './setting.ts';

/** Where vault passwords come from. */
export const VAULT_SETTINGS = {
  vault_password_file: {
    type: 'path',
    ini: ['defaults.vault_password_file'],
    env: ['ANSIBLE_VAULT_PASSWORD_FILE'],
    doc: 'file that holds the vault password, or program that prints it; beside those of `--vault-password-file`',
  },
  vault_identity_list: {
    type: 'list',
    ini: ['defaults.vault_identity_list'],
    env: ['ANSIBLE_VAULT_IDENTITY_LIST'],
    flag: 'vaultId',
    adds: true,
    default: [],
    doc: 'vault ids and where their passwords are (`prod@prompt`, `dev@file`), before those of `--vault-id`',
  },
  ask_vault_pass: {
    type: 'switch',
    ini: ['defaults.ask_vault_pass'],
    env: ['ANSIBLE_ASK_VAULT_PASS'],
    flag: 'askVaultPass',
    default: false,
    doc: 'ask for the vault password',
  },
  vault_encrypt_identity: {
    type: 'text',
    ini: ['defaults.vault_encrypt_identity'],
    env: ['ANSIBLE_VAULT_ENCRYPT_IDENTITY'],
    flag: 'encryptVaultId',
    unset: 'the only one given',
    doc: 'the vault id to encrypt with, where several are given',
  },
} as const satisfies Readonly<Record<string, Setting>>;
