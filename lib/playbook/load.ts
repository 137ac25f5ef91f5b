import { readdirSync, readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Checked } from '../text/diagnostic.ts';
import { type SourceFile, sourceFile } from '../text/source.ts';
import type { Node } from '../yaml/node.ts';
import { readYaml } from '../yaml/read.ts';

/** Reads the user's YAML files, each once; paths are shown as people type them: relative to the working directory. */
export class FileStore {
  readonly cwd: string;
  readonly #texts = new Map<string, SourceFile | undefined>();
  readonly #trees = new Map<string, Checked<Node>>();

  constructor(cwd: string) {
    this.cwd = cwd;
  }

  /** A path as messages show it. */
  shown(path: string): string {
    const short = relative(this.cwd, resolve(this.cwd, path));
    return short === '' ? '.' : short.startsWith('..') ? resolve(this.cwd, path) : short;
  }

  /** The file's text, or undefined where there is no such readable file. */
  read(path: string): SourceFile | undefined {
    const full = resolve(this.cwd, path);
    if (!this.#texts.has(full)) this.#texts.set(full, this.#readNow(full));
    return this.#texts.get(full);
  }

  #readNow(full: string): SourceFile | undefined {
    try {
      return sourceFile(this.shown(full), readFileSync(full, 'utf8'));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** The file as a located tree; undefined where there is no such file. */
  yaml(path: string): Checked<Node> | undefined {
    const file = this.read(path);
    if (file === undefined) return undefined;
    const known = this.#trees.get(file.path) ?? readYaml(file);
    this.#trees.set(file.path, known);
    return known;
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
