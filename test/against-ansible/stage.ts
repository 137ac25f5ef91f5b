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
import { hostRoot, type Lab } from '../../lab/lab.ts';
import type { Case } from './cases.ts';

/** Local hosts; each has a folder of its own, `root`, whose content is compared. */
const localHosts = (folder: string) => `all:
  hosts: { a: , b: , c: }
  vars: { root: "${folder}/root/{{ inventory_hostname }}" }
`;

/** `root` on a real host. */
const ON_HOST = '/srv/case';

const labHosts = (lab: Lab) => `all:
  hosts:
${lab.hosts.map(h => `    ${h.name}: { ansible_host: ${h.address}, ansible_user: ${h.user} }`).join('\n')}
  vars:
    root: ${ON_HOST}
    ansible_ssh_private_key_file: ${lab.privateKey}
    ansible_ssh_common_args: -o UserKnownHostsFile=${lab.knownHosts}
`;

/** A new folder in which one tool runs one case. */
export class Stage {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'tplay-against-'));
  /** The hosts' folders `root`, by their names. */
  readonly #roots: ReadonlyMap<string, string>;

  /** `lab` are the hosts of a case that needs some. */
  constructor(given: Case, lab?: Lab) {
    if ((given.needs === 'hosts') !== (lab !== undefined))
      throw new Error(`the case "${given.title}" has not its hosts`);
    this.#roots = new Map(
      lab === undefined
        ? ['a', 'b', 'c'].map(name => [name, join(this.folder, 'root', name)])
        : lab.hosts.map(({ name }) => [name, join(hostRoot(lab, name), ON_HOST)]),
    );
    const files = {
      'play.yml': given.playbook,
      'hosts.yml': given.inventory ?? (lab === undefined ? localHosts(this.folder) : labHosts(lab)),
      ...given.files,
    };
    for (const root of this.#roots.values()) {
      rmSync(root, { recursive: true, force: true });
      mkdirSync(root, { recursive: true });
    }
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
    }
    if (given.setup !== undefined) execFileSync('/bin/sh', ['-ec', given.setup], { cwd: this.folder });
  }

  /** The files left in the hosts' folders: path, kind, mode, content. */
  files(): readonly string[] {
    return [...this.#roots].flatMap(([name, root]) => {
      const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
      return paths.map(p => `file ${name}/${p} ${kindOf(join(root, p))}`);
    });
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
