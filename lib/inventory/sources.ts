import { join } from 'node:path';
import { type Span, sourceFile } from '../text/source.ts';
import { readHostNames } from './host-names.ts';
import type { InventoryServices } from './services.ts';
import { readSourceFile } from './source-file.ts';
import type { SyntaxContext } from './syntax.ts';

/** What reading sources needs beside what one of them needs. */
export interface SourceContext extends Omit<SyntaxContext, 'source'> {
  readonly files: InventoryServices;
}

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
