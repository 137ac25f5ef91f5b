import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Checked } from '../text/diagnostic.ts';
import { type SourceFile, sourceFile } from '../text/source.ts';
import { readText } from '../vault/read-text.ts';
import { Vault } from '../vault/vault.ts';

/** How the inventory looks at files; paths are as the user gave them, and are shown so. */
export interface Files {
  kindOf(path: string): 'file' | 'directory' | 'missing';
  /** The text of a file that is there, opened where it is encrypted; what cannot be read is an error. */
  readFile(path: string): Checked<SourceFile>;
  /** Names in a folder that is there, sorted by their characters' codes as Ansible does. */
  listDir(path: string): Checked<readonly string[]>;
  isExecutable(path: string): boolean;
}

/** The files of this machine, relative paths taken from `cwd`; the vault opens those that are encrypted. */
export function diskFiles(cwd: string, vault: Vault = new Vault([])): Files {
  const at = (path: string) => resolve(cwd, path);
  return {
    kindOf: path => {
      try {
        const stat = statSync(at(path), { throwIfNoEntry: false });
        if (stat === undefined) return 'missing';
        return stat.isDirectory() ? 'directory' : 'file';
      } catch {
        return 'file'; // it is there but may not be looked at: reading it will say why
      }
    },
    readFile: path => {
      try {
        return readText(path, readFileSync(at(path)), vault);
      } catch (error) {
        return failed(path, `the file cannot be read: ${reason(error)}`);
      }
    },
    listDir: path => {
      try {
        return { ok: true, value: readdirSync(at(path)).sort(), warnings: [] };
      } catch (error) {
        return failed(path, `the folder cannot be read: ${reason(error)}`);
      }
    },
    isExecutable: path => {
      try {
        accessSync(at(path), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    },
  };
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

function failed(path: string, message: string): Checked<never> {
  const span = { file: sourceFile(path, ''), start: 0, end: 0 };
  return { ok: false, errors: [{ code: 'missing-file', severity: 'error', message, span }] };
}
