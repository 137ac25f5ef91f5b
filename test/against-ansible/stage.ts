import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Case } from './cases.ts';

/** Local hosts; each has a folder of its own, `root`, whose content is compared. */
const inventory = (folder: string) => `all:
  hosts: { a: , b: , c: }
  vars: { root: "${folder}/root/{{ inventory_hostname }}" }
`;

/** A new folder in which one tool runs one case. */
export class Stage {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'tplay-against-'));

  constructor(given: Case) {
    const files = {
      'play.yml': given.playbook,
      'hosts.yml': given.inventory ?? inventory(this.folder),
      ...given.files,
    };
    for (const host of ['a', 'b', 'c']) mkdirSync(join(this.folder, 'root', host), { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
    }
    if (given.setup !== undefined) execFileSync('/bin/sh', ['-ec', given.setup], { cwd: this.folder });
  }

  /** The files left in the hosts' folders: path, kind, mode, content. */
  files(): readonly string[] {
    const root = join(this.folder, 'root');
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
    return paths.filter(p => p.includes('/')).map(p => `file ${p} ${kindOf(join(root, p))}`);
  }

  /** A text in which this folder has a name that is the same for every run. */
  plain(text: string): string {
    return text.replaceAll(this.folder, '/case');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const LONG = 500; // characters of a file that are shown; a longer one is told by its hash

function kindOf(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  const owner = stat.uid === process.getuid?.() ? '' : ` of ${stat.uid}`;
  if (!stat.isFile()) return `${stat.isDirectory() ? 'directory' : 'special'} ${mode}${owner}`;
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  const short = text.length <= LONG ? JSON.stringify(text) : createHash('sha256').update(bytes).digest('hex');
  return `${mode}${owner} ${short}`;
}
