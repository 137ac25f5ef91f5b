import { knowsHash } from '../template/index.ts';
import type { Raw } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { toRaw } from '../vars/raw.ts';
import { kindName, type MapNode, type Node, valueOf } from '../yaml/node.ts';
import { givenOf, reportFaults } from './args.ts';
import { coerceArgs } from './coerce.ts';

/** A variable that somebody is asked for before anything runs. */
export interface Prompt {
  readonly name: string;
  readonly span: Span;
  readonly prompt: Raw | undefined;
  readonly default: Raw | undefined;
  /** What is typed is not shown, and is a secret from then on. */
  readonly private: boolean;
  /** Asked twice. */
  readonly confirm: boolean;
  /** The variable is the hash of what was typed, of this kind. */
  readonly encrypt: string | undefined;
  readonly salt: string | undefined;
  readonly saltSize: number;
}

/** What an entry of vars_prompt takes. */
export const PROMPT_ARGS = {
  properties: {
    name: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$', patternHint: 'it is the name of a variable' },
    prompt: { type: 'any' },
    default: { type: 'any' },
    private: { type: 'boolean', default: true },
    confirm: { type: 'boolean', default: false },
    encrypt: { type: 'string' },
    salt: { type: 'string' },
    salt_size: { type: 'integer', default: 16, minimum: 1, maximum: 16 },
    // What is typed is always data here; as Ansible's `unsafe: true`.
    unsafe: { type: 'boolean' },
  },
  required: ['name'],
} as const;

/** The variables of `vars_prompt`, in their order; what is wrong with them is reported. */
export function promptsOf(node: Node | undefined, found: Diagnostics): readonly Prompt[] {
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap(item => {
    if (item.kind === 'map') return promptOf(item, found);
    const suggestion = 'write - name: VARIABLE, and prompt:, default:, private:';
    found.error('wrong-shape', `a prompt is a mapping, this is ${kindName(item)}`, { span: item.span, suggestion });
    return [];
  });
}

function promptOf(map: MapNode, found: Diagnostics): readonly Prompt[] {
  const given = new Map(map.entries.map(e => [e.key.source, { key: e.key.span, node: e.value }]));
  const known = new Map([...given].map(([name, { node }]) => [name, givenOf(node)]));
  const { args, faults } = coerceArgs('a prompt', PROMPT_ARGS, known);
  reportFaults(faults, given, { span: map.span, found });
  const encrypt = args['encrypt'] as string | undefined;
  const hashable = encrypt === undefined || knowsHash(encrypt);
  if (!hashable) {
    const span = given.get('encrypt')?.node.span ?? map.span;
    found.error('bad-value', `there is no hash "${encrypt}"`, { span, suggestion: 'use sha512_crypt or sha256_crypt' });
  }
  if (faults.length > 0 || !hashable) return [];
  const raw = (name: string): Raw | undefined => {
    const value = valueOf(map, name);
    return value === undefined || (value.kind === 'scalar' && value.value === null) ? undefined : toRaw(value, found);
  };
  return [
    {
      name: args['name'] as string,
      span: given.get('name')?.key ?? map.span,
      prompt: raw('prompt'),
      default: raw('default'),
      private: args['private'] as boolean,
      confirm: args['confirm'] as boolean,
      encrypt,
      salt: args['salt'] as string | undefined,
      saltSize: args['salt_size'] as number,
    },
  ];
}
