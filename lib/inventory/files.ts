import { isUtf8 } from 'node:buffer';
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Checked, DiagnosticCode } from '../text/diagnostic.ts';
import { type SourceFile, sourceFile } from '../text/source.ts';

/** How the inventory looks at files; paths are as the user gave them, and are shown so. */
export interface Files {
  kindOf(path: string): 'file' | 'directory' | 'missing';
  /** The text of a file that is there; what cannot be read is an error. */
  readFile(path: string): Checked<SourceFile>;
  /** Names in a folder that is there, sorted by their characters' codes as Ansible does. */
  listDir(path: string): Checked<readonly string[]>;
  isExecutable(path: string): boolean;
}

/** The files of this machine, relative paths taken from `cwd`. */
export function diskFiles(cwd: string): Files {
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
        const bytes = readFileSync(at(path));
        if (!isUtf8(bytes)) return failed(path, 'yaml-syntax', 'the file is not UTF-8 text');
        return { ok: true, value: sourceFile(path, bytes.toString('utf8')), warnings: [] };
      } catch (error) {
        return failed(path, 'missing-file', `the file cannot be read: ${reason(error)}`);
      }
    },
    listDir: path => {
      try {
        return { ok: true, value: readdirSync(at(path)).sort(), warnings: [] };
      } catch (error) {
        return failed(path, 'missing-file', `the folder cannot be read: ${reason(error)}`);
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

function failed(path: string, code: DiagnosticCode, message: string): Checked<never> {
  const span = { file: sourceFile(path, ''), start: 0, end: 0 };
  return { ok: false, errors: [{ code, severity: 'error', message, span }] };
}
