import { allFacts, chosenFacts, FACT_PATH, factsScript, readFacts } from '../facts/index.ts';
import { type ArgsOf, type ArgsSchema, defineQuery } from '../module.ts';

const args = {
  properties: {
    gather_subset: {
      type: 'array',
      items: { type: 'string' },
      default: ['all'],
      description: 'What to gather: all, min, hardware, network, virtual or the name of a theme; `!` leaves it out.',
    },
    filter: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Returns only facts whose names match one of these patterns (`ansible_mem*`).',
    },
    gather_timeout: { type: 'integer', default: 10, minimum: 1, description: 'Seconds it may take.' },
    fact_path: {
      type: 'string',
      path: true,
      default: FACT_PATH,
      description: "Folder of the host's own `*.fact` files.",
    },
  },
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineQuery({
  name: 'setup',
  doc: 'Gathers facts of the host: names, distribution, addresses, memory, processors, file systems.',
  args,
  examples: `
- setup:
- setup:
    gather_subset: [min, network]
    filter: ansible_default_ipv4
`,
  returns: { ansible_facts: 'The facts, named ansible_…' },
  notes: [
    'What Ansible says of its own Python (`ansible_python`, `ansible_python_version`), of `lvm` and of `system_capabilities`, and what `facter` and `ohai` would add, is not there.',
  ],
  check: a => {
    const facts = chosen(a);
    return 'error' in facts ? facts.error : undefined;
  },
  probe: a => factsScript(facts(a)),
  parse(reply, a) {
    if (!reply.stdout.startsWith('facts-')) return { failed: `the facts could not be read: ${reply.stderr.trim()}` };
    const values = Object.entries(readFacts(facts(a), reply.stdout)).map(([k, v]): [string, unknown] => [
      `ansible_${k}`,
      v,
    ]);
    const found = Object.fromEntries(values.filter(([name]) => shown(a, name)));
    // as Ansible: what says that facts were gathered, and which, has no prefix
    return { values: { ansible_facts: { ...found, gather_subset: a.gather_subset, module_setup: true } } };
  },
  // What may hang (a dead server, a DNS) has a limit of its own; this one is for all together.
  timeoutMs: a => (a.gather_timeout + 30) * 1000,
});

function chosen(a: Args) {
  return chosenFacts(allFacts(a.fact_path), a.gather_subset);
}

function facts(a: Args) {
  const found = chosen(a);
  if ('error' in found) throw new Error(`internal: ${found.error}`);
  return found;
}

/** Does a pattern of the shell's kind match the name, with or without its prefix? */
function shown(a: Args, name: string): boolean {
  return (
    a.filter.length === 0 ||
    a.filter.some(pattern => pattern === '' || [name, name.slice('ansible_'.length)].some(n => glob(pattern).test(n)))
  );
}

function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  return new RegExp(`^${source}$`);
}
