import { basename, extname, join } from 'node:path';
import type { Diagnostics } from '../text/diagnostic.ts';
import { type SourceFile, type Span, sourceFile } from '../text/source.ts';
import { readYaml } from '../yaml/read.ts';
import type { Files } from './files.ts';
import { readHostNames } from './host-names.ts';
import { readInventoryTree, type SyntaxContext } from './syntax.ts';

/** What reading sources needs beside what one of them needs. */
export interface SourceContext extends Omit<SyntaxContext, 'source'> {
  readonly files: Files;
}

const YAML = ['.yml', '.yaml', '.json', ''];
// What Ansible passes over in a folder of sources.
const IGNORED = /^\.|^(group_vars|host_vars|vars_plugins)$|(\.(pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)|~)$/;
const DEEPEST = 20; // folders in folders: a link to a folder above would never end

/** Reads a comma list of hosts, as Ansible's host_list plugin; its diagnostics point into the text of the option. */
export function readHostList(text: string, c: SourceContext): void {
  const file = sourceFile('-i', text);
  for (const { 0: word, index } of text.matchAll(/[^\s,](?:[^,]*[^\s,])?/g)) {
    const span: Span = { file, start: index, end: index + word.length };
    const range = word.replace(/^\[[^[\]]+\](?=:\d+$)/, '').includes('[');
    const read = readHostNames(word);
    if (range)
      c.found.error('bad-value', 'a list of hosts takes no ranges', { span, suggestion: 'write an inventory file' });
    else if (!read.ok)
      c.found.error('bad-value', read.problem, {
        span,
        ...(read.suggestion !== undefined && { suggestion: read.suggestion }),
      });
    else
      for (const name of read.names) {
        if (c.draft.hosts.has(name)) continue; // as Ansible: a host known already is left as it is
        c.draft.host(name, { span, port: read.port });
        c.draft.group('ungrouped').hosts.add(name);
      }
  }
}

/** Reads every source in a folder in the order of their names, folders in it too. */
export function readSourceFolder(path: string, c: SourceContext, depth = 0): number {
  const listed = c.files.listDir(path);
  if (!listed.ok) {
    for (const e of listed.errors) c.found.add(e);
    return 0;
  }
  let read = 0;
  for (const name of listed.value.filter(n => !IGNORED.test(n))) {
    const inner = join(path, name);
    if (c.files.kindOf(inner) === 'file') {
      readSourceFile(inner, c);
      read++;
    } else if (depth < DEEPEST) read += readSourceFolder(inner, c, depth + 1);
    else c.found.error('recursion', `the folder ${inner} is nested too deeply to be an inventory`);
  }
  if (read === 0 && depth === 0)
    c.found.error('missing-file', `the folder "${path}" holds no inventory`, {
      suggestion: 'put a file that ends in .yml there',
    });
  return read;
}

/** Reads one file of a kind that is supported, or says which kind it is. */
export function readSourceFile(path: string, c: SourceContext): void {
  const read = c.files.readFile(path);
  if (!read.ok) {
    for (const e of read.errors) c.found.add(e);
    return;
  }
  const file = read.value;
  const kind = kindOf(path, file.text, c.files);
  if (kind !== 'yaml') return reportKind(kind, path, file, c.found);
  const tree = readYaml(file);
  for (const d of tree.ok ? tree.warnings : tree.errors) c.found.add(d);
  if (!tree.ok) return;
  // A line of words is YAML too, but nobody means it so: it is a host of an INI file.
  if (tree.value.kind === 'scalar' && tree.value.value !== null) return reportKind('ini', path, file, c.found);
  readInventoryTree(tree.value, { ...c, source: path });
}

type Kind = 'yaml' | 'ini' | 'script' | 'toml' | 'vault' | 'other';

function kindOf(path: string, text: string, files: Files): Kind {
  const extension = extname(basename(path));
  if (text.startsWith('$ANSIBLE_VAULT;')) return 'vault';
  if (text.startsWith('#!')) return 'script';
  if (extension === '.ini' || extension === '.cfg') return 'ini';
  if (extension === '.toml') return 'toml';
  const first = text.split('\n').find(line => !/^\s*([#;]|$)/.test(line)) ?? '';
  if (extension !== '' && YAML.includes(extension)) return 'yaml';
  if (files.isExecutable(path)) return 'script';
  if (/^\s*\[[^\]]*\]\s*([#;].*)?$/.test(first)) return 'ini';
  return extension === '' ? 'yaml' : 'other';
}

const KINDS: Readonly<Record<Exclude<Kind, 'yaml'>, string>> = {
  ini: 'this is an INI inventory, which is not supported',
  toml: 'this is a TOML inventory, which is not supported',
  script: 'this is an inventory script, which is not supported',
  vault: 'this file is encrypted by ansible-vault, which is not supported',
  other: 'the name of an inventory file ends in .yml, .yaml or .json, or has no dot',
};

function reportKind(kind: Exclude<Kind, 'yaml'>, path: string, file: SourceFile, found: Diagnostics): void {
  const end = file.text.indexOf('\n');
  const span = { file, start: 0, end: end < 0 ? file.text.length : end };
  const convert = `make a YAML inventory of it: ansible-inventory -i ${path} --list --yaml --export`;
  const suggestion = kind === 'vault' ? `ansible-vault decrypt ${path}` : kind === 'other' ? undefined : convert;
  found.error('unsupported', KINDS[kind], { span, ...(suggestion !== undefined && { suggestion }) });
}
