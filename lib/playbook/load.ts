import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Checked } from '../text/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';
import { isVault, type VaultFault } from '../vault/envelope.ts';
import { readText } from '../vault/read-text.ts';
import { Vault } from '../vault/vault.ts';
import type { Node } from '../yaml/node.ts';
import { readYaml } from '../yaml/read.ts';

/** Reads the user's YAML files, each once; paths are shown as people type them: relative to the working directory. */
export class FileStore {
  readonly cwd: string;
  /** Opens the files that are encrypted, and what is encrypted in them. */
  readonly vault: Vault;
  /** Of files that were read while a run goes on: what they were then. */
  readonly #stamps = new Map<string, string>();
  readonly #trees = new Map<string, Checked<Node> | undefined>();

  constructor(cwd: string, vault: Vault = new Vault([])) {
    this.cwd = cwd;
    this.vault = vault;
  }

  /** A path as messages show it. */
  shown(path: string): string {
    const short = relative(this.cwd, resolve(this.cwd, path));
    return short === '' ? '.' : short.startsWith('..') ? resolve(this.cwd, path) : short;
  }

  /** The file as a located tree, or why it is none; undefined where there is no such file. */
  yaml(path: string): Checked<Node> | undefined {
    const full = resolve(this.cwd, path);
    if (!this.#trees.has(full)) this.#trees.set(full, this.#yamlNow(full));
    return this.#trees.get(full);
  }

  /** A file's text; undefined where there is none, or none that can be read. */
  text(path: string): string | undefined {
    const read = this.#read(resolve(this.cwd, path));
    return read?.ok === true ? read.value.text : undefined;
  }

  #yamlNow(full: string): Checked<Node> | undefined {
    const read = this.#read(full);
    return read?.ok === true ? readYaml(read.value) : read;
  }

  #read(full: string): Checked<SourceFile> | undefined {
    try {
      return readText(this.shown(full), readFileSync(full), this.vault);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Why an encrypted file cannot be opened; undefined for all others. */
  closed(path: string): VaultFault | undefined {
    const full = resolve(this.cwd, path);
    if (!isEncrypted(full)) return undefined;
    const opened = this.vault.open(readFileSync(full, 'latin1'));
    return opened.ok ? undefined : opened.fault;
  }

  /** The same as the file is now: while a run goes on its tasks may write files that others read. */
  yamlNow(path: string): Checked<Node> | undefined {
    const full = resolve(this.cwd, path);
    const info = statSync(full, { throwIfNoEntry: false, bigint: true });
    const stamp = info === undefined ? '' : `${info.ino} ${info.size} ${info.mtimeNs}`;
    if (this.#stamps.get(full) !== stamp) {
      this.#trees.delete(full);
      this.#stamps.set(full, stamp);
    }
    return this.yaml(full);
  }

  isDirectory(path: string): boolean {
    return statSync(resolve(this.cwd, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  isFile(path: string): boolean {
    return statSync(resolve(this.cwd, path), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  /** Names in a folder, sorted; none where there is no such folder. */
  list(path: string): readonly string[] {
    try {
      return readdirSync(resolve(this.cwd, path)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** The first of `base.yml`, `base.yaml`, `base.json`, `base` that is a file, as Ansible looks for main files. */
  variant(base: string): string | undefined {
    return ['.yml', '.yaml', '.json', ''].map(end => base + end).find(p => this.isFile(p));
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}

/** Looks at the first bytes alone: the file may be an archive of gigabytes. */
function isEncrypted(full: string): boolean {
  const file = openSync(full, 'r');
  try {
    const head = Buffer.alloc(32);
    return isVault(head.subarray(0, readSync(file, head)));
  } finally {
    closeSync(file);
  }
}
