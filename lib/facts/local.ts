import { type Sh, sh } from '../shell/sh.ts';
import type { Fact } from './fact.ts';

/** Where the administrator of a host puts facts of its own. */
export const FACT_PATH = '/etc/ansible/facts.d';

/** Facts of the host's own: `*.fact` files, run when they are executable, else read; JSON or INI. */
export function local(folder: string): Fact {
  return {
    name: 'local',
    subset: 'min',
    probe: probeLocal(folder),
    parse: seen => ({ local: readLocal(seen.out) }),
  };
}

function probeLocal(folder: string): Sh {
  return sh`tp_local_facts ${folder}`;
}

/** Reads parts of `fact STATUS NAME`, each line of content behind a blank. */
function readLocal(out: string): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const part of out.split(/^fact /m).slice(1)) {
    const [head = '', ...lines] = part.split('\n');
    const [, status, path = ''] = /^(\S+) (.*)$/.exec(head) ?? [];
    const name = path.replace(/^.*\//, '').replace(/\.fact$/, '');
    const text = lines.map(line => line.slice(1)).join('\n');
    values[name] =
      status === '0' ? (readJson(text) ?? readIni(text) ?? broken(path)) : `error: ${path} ended with ${status}`;
  }
  return values;
}

function broken(path: string): string {
  return `error loading facts as JSON or ini - please check content: ${path}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: then it is INI
  }
}

/** `[section]` and `key = value` or `key: value` lines; undefined when a line is neither. Names of keys in small letters. */
function readIni(text: string): Readonly<Record<string, unknown>> | undefined {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> | undefined;
  for (const line of text.split('\n').map(l => l.trim())) {
    if (line === '' || /^[#;]/.test(line)) continue;
    const title = /^\[(.+)\]$/.exec(line)?.[1];
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line);
    if (title !== undefined) section = sections[title] ??= {};
    else if (section !== undefined && pair !== null) section[(pair[1] as string).toLowerCase()] = pair[2] as string;
    else return undefined;
  }
  return sections;
}
