import { addGrant, type Grant, type GrantNames, type Grants, readObject, readPrivileges } from './mysql-grants.ts';
import { grantTokens, type Token } from './mysql-words.ts';

const MARKS = '(),.:/';
const FORM = 'write "database.table:PRIVILEGE,PRIVILEGE/other.*:PRIVILEGE" or a mapping of objects to privileges';

/** Reads the argument `priv`: the privileges wanted on each object, or an error sentence. */
export function readPriv(priv: unknown, names: GrantNames): { readonly grants: Grants } | { readonly error: string } {
  const entries = typeof priv === 'string' ? fromText(priv) : fromMapping(priv);
  if (typeof entries === 'string') return { error: entries };
  const grants = new Map<string, Grant>();
  for (const { written, object: objectTokens, privileges: privilegeTokens } of entries) {
    const object = readObject(objectTokens);
    if (object === undefined) return { error: `priv: "${written}" names no object; ${FORM}` };
    const privileges = readPrivileges(privilegeTokens);
    if (privileges === undefined) return { error: `priv: "${written}" has no list of privileges; ${FORM}` };
    if (privileges.has('REQUIRESSL')) return { error: 'priv: REQUIRESSL is no privilege any more' };
    const known = grants.size;
    addGrant(grants, { object, privileges }, names);
    // Ansible takes only the last of them
    if (grants.size === known)
      return { error: `priv: "${written}" is an object that is named before; list its privileges together` };
  }
  return { grants };
}

interface Entry {
  readonly written: string;
  readonly object: readonly Token[];
  readonly privileges: readonly Token[];
}

function fromText(text: string): readonly Entry[] | string {
  const tokens = grantTokens(text, MARKS);
  if (tokens === undefined) return `priv: a quote is not closed; ${FORM}`;
  return split(tokens, '/').map(part => {
    const [object = [], privileges = [], more] = split(part, ':');
    return { written: part.map(t => t.text).join(''), object, privileges: more === undefined ? privileges : [] };
  });
}

function fromMapping(priv: unknown): readonly Entry[] | string {
  if (priv === null || typeof priv !== 'object' || Array.isArray(priv)) return `priv: ${FORM}`;
  const pairs = priv instanceof Map ? [...priv] : Object.entries(priv);
  return pairs.map(([object, privileges]) => ({
    written: `${object}: ${privileges}`,
    object: grantTokens(String(object), MARKS) ?? [],
    privileges: grantTokens(String(privileges), MARKS) ?? [],
  }));
}

function split(tokens: readonly Token[], mark: string): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'mark' && token.text === mark) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
