import { distance } from 'fastest-levenshtein';
import type { Diagnostics } from '../text/diagnostic.ts';
import { nearest } from '../text/near.ts';
import { isSealed, kindName, type MapEntry, type ScalarNode } from '../yaml/node.ts';
import { CONNECTION_NAMES, type ConnectionVariable, connectionVariable } from './connection-vars.ts';

/** What is said instead of a connection plugin that is not here. */
const CONNECTIONS: Readonly<Record<string, string>> = {
  smart: 'write "ssh"',
  paramiko: 'write "ssh"',
  paramiko_ssh: 'write "ssh"',
  'ansible.builtin.ssh': 'write "ssh"',
  'ansible.builtin.paramiko_ssh': 'write "ssh"',
  'ansible.builtin.local': 'write "local"',
};
const METHODS = ['sudo', 'su', 'doas'];
const BOOLEANS = ['y', 'yes', 'on', '1', 'true', 't', 'n', 'no', 'off', '0', 'false', 'f']; // as Ansible's `bool`

/** Checks one variable, where it is a connection variable or looks like a misspelt one. Templates are left alone. */
export function checkConnection({ key, value }: MapEntry, found: Diagnostics): void {
  const name = key.source;
  const variable = connectionVariable(name);
  if (variable === undefined) return warnMisspelt(key, found);
  if (variable.unused !== undefined) return;
  if (value.kind !== 'scalar')
    return found.error('wrong-type', `${name} must be ${TYPES[variable.type]}, not ${kindName(value)}`, {
      span: value.span,
    });
  if (isSealed(value) || /\{\{|\{%/.test(value.source) || value.value === null) return;
  const wrong = CHECKS[variable.type](value, variable);
  if (wrong === undefined) return;
  const { code = 'bad-value', message, suggestion } = wrong;
  found.error(code, `${name} ${message}`, { span: value.span, ...(suggestion !== undefined && { suggestion }) });
}

interface Wrong {
  readonly code?: 'unsupported' | 'wrong-type';
  /** Reads on after the variable's name. */
  readonly message: string;
  readonly suggestion?: string | undefined;
}

const TYPES: Readonly<Record<ConnectionVariable['type'], string>> = {
  text: 'text',
  port: 'a whole number from 1 to 65535',
  count: 'a whole number',
  boolean: 'yes or no',
  connection: '"ssh" or "local"',
  'become-method': '"sudo", "su" or "doas"',
};

const CHECKS: Readonly<
  Record<ConnectionVariable['type'], (node: ScalarNode, v: ConnectionVariable) => Wrong | undefined>
> = {
  text: (node, variable) => {
    // A number with the spelling it was written in is what was meant; 0123 would become 83 unseen.
    if (typeof node.value === 'string' || String(node.value) === node.source) return undefined;
    const suggestion = variable.secret ? 'put quotes around it' : `write "${node.source}"`;
    return { code: 'wrong-type', message: 'must be text: without quotes YAML reads another value', suggestion };
  },
  port: node => (isWhole(node, 1, 65535) ? undefined : expected('port', node)),
  count: node => (isWhole(node, 0, 1_000_000) ? undefined : expected('count', node)),
  boolean: node =>
    typeof node.value === 'boolean' || BOOLEANS.includes(node.source.toLowerCase())
      ? undefined
      : expected('boolean', node),
  connection: node => {
    if (node.source === 'ssh' || node.source === 'local') return undefined;
    const suggestion = CONNECTIONS[node.source] ?? meant(node.source, ['ssh', 'local']);
    const message = `"${node.source}" is not supported: tplay reaches hosts by ssh or is on them (local)`;
    return { code: 'unsupported', message, suggestion };
  },
  'become-method': node => {
    if (METHODS.includes(node.source)) return undefined;
    const suggestion = meant(node.source, METHODS);
    return {
      code: 'unsupported',
      message: `"${node.source}" is not supported: it can be sudo, su or doas`,
      suggestion,
    };
  },
};

function isWhole(node: ScalarNode, from: number, to: number): boolean {
  // As text the digits count (a quoted "0022" is 22), as YAML the value.
  const number = typeof node.value === 'string' && /^\d+$/.test(node.value) ? Number(node.value) : node.value;
  return typeof number === 'number' && number >= from && number <= to;
}

function expected(type: ConnectionVariable['type'], node: ScalarNode): Wrong {
  return { message: `must be ${TYPES[type]}, not "${node.source}"` };
}

function meant(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

const FARTHEST = 2; // letters: facts like ansible_hostname are farther from every connection variable

function warnMisspelt(key: ScalarNode, found: Diagnostics): void {
  const name = key.source;
  if (!/^a\w*_/.test(name)) return;
  const near = CONNECTION_NAMES.reduce((best, known) => (distance(name, known) < distance(name, best) ? known : best));
  if (distance(name, near) > FARTHEST) return;
  found.warning('unknown-inventory-keyword', `"${name}" is no connection variable, but looks like one`, {
    span: key.span,
    suggestion: `did you mean "${near}"?`,
  });
}
