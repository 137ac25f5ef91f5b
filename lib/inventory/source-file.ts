import { basename, extname } from 'node:path';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';
import { readYaml } from '../yaml/read.ts';
import { readIniInventory } from './ini.ts';
import { readScript } from './script.ts';
import type { SourceContext } from './sources.ts';
import { readInventoryTree } from './syntax.ts';

/** Reads one file of a kind that is supported, or says which kind it is. */
export function readSourceFile(path: string, c: SourceContext): void {
  const read = c.files.readFile(path);
  const executable = c.files.isExecutable(path);
  // What may be executed and is no text is a program.
  if (!read.ok && executable && read.errors.every(e => e.code === 'yaml-syntax')) return readScript(path, c);
  if (!read.ok) {
    for (const e of read.errors) c.found.add(e);
    return;
  }
  const file = read.value;
  const kind = kindOf(path, file.text);
  if (kind === 'ini') return readIniInventory(file, { ...c, source: path });
  if (kind === 'script' && executable) return readScript(path, c);
  if (kind !== 'yaml') return reportKind(kind, path, file, c.found);
  const tree = readYaml(file);
  for (const d of tree.ok ? tree.warnings : tree.errors) c.found.add(d);
  if (tree.ok) readInventoryTree(tree.value, { ...c, source: path });
}

type Kind = 'yaml' | 'ini' | 'script' | 'toml' | 'other';

/**
 * Ansible tries one plugin after the other and reports what each said. Here the first line that is no comment decides:
 * one file is then told about by one reader. As Ansible: an executable file without `#!` is no script. Only a YAML inventory needs its ending, as in Ansible.
 */
function kindOf(path: string, text: string): Kind {
  const extension = extname(basename(path));
  if (text.startsWith('#!')) return 'script';
  if (extension === '.toml') return 'toml';
  const first = /^[ \t]*(?![#;\s]).*$/m.exec(text.replace(/^\ufeff/, ''))?.[0].trim() ?? '';
  const named = ['.yml', '.yaml', '.json', ''].includes(extension);
  if (first === '' ? !named : !isYaml(first)) return 'ini';
  return named ? 'yaml' : 'other';
}

/** A line such as `web:`, `---`, `{` or `- x`, and none such as `[web]`, `web1 a=1` or `web1:22`. */
function isYaml(line: string): boolean {
  return /^(?:---|%|\{|-(?:\s|$)|\[.*[,"'{]|\[$|[^=#[]*?:(?:\s|$))/.test(line);
}

const KINDS: Readonly<Record<Exclude<Kind, 'yaml' | 'ini'>, string>> = {
  toml: 'this is a TOML inventory, which is not supported',
  script: 'this is an inventory script, but nobody may execute it',
  other: 'the name of a YAML inventory ends in .yml, .yaml or .json, or has no dot',
};

function reportKind(kind: keyof typeof KINDS, path: string, file: SourceFile, found: Diagnostics): void {
  const end = file.text.indexOf('\n');
  const span = { file, start: 0, end: end < 0 ? file.text.length : end };
  const suggestions = {
    toml: `make a YAML inventory of it: ansible-inventory -i ${path} --list --yaml --export`,
    script: `chmod +x ${path}`,
    other: undefined,
  };
  const suggestion = suggestions[kind];
  found.error('unsupported', KINDS[kind], { span, ...(suggestion !== undefined && { suggestion }) });
}
