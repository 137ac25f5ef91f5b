import { type ArgsOf, type ArgsSchema, defineQuery, type QueryResult, sh } from '../module.ts';

const args = {
  properties: {
    database: { type: 'string', description: 'Which: passwd, group, shadow, hosts, services and others the host has.' },
    key: { type: 'string', default: '', description: 'Whose entry; without it all of the database.' },
    service: {
      type: 'string',
      description: "Asks this service alone (files, ldap); the host's getent must know `-s`.",
    },
    split: {
      type: 'string',
      description: 'What parts the values; by itself ":" in passwd, group, shadow and gshadow, else blanks.',
    },
    fail_key: { type: 'boolean', default: true, description: 'Fails when the database has no such key.' },
  },
  required: ['database'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

/** getent's exit statuses, as its manual has them. */
const MISSING = 2;
const REASONS: Readonly<Record<number, string>> = {
  1: 'the database is unknown or an argument is missing',
  [MISSING]: 'the database has no such key',
  3: 'the database cannot be listed: give "key"',
};

export default defineQuery({
  name: 'getent',
  doc:
    "Reads the host's databases of users, groups, hosts and others with its getent, which asks directory services too; " +
    'what it says becomes the fact `getent_<database>`.',
  args,
  examples: `
- getent:
    database: passwd
    key: root
- debug: { msg: "{{ ansible_facts.getent_passwd.root[4] }}" }
- getent:
    database: services
    key: http
    fail_key: false
`,
  returns: {
    ansible_facts:
      '`getent_<database>`: of each key the list of its other fields; of a key with several entries a list of such ' +
      'lists; null for a key that is not there (`fail_key: false`).',
  },

  check(a) {
    if (!/^[A-Za-z0-9_]+$/.test(a.database)) return `"${a.database}" cannot be the name of a database`;
    if (a.split === '') return 'split is empty: leave it out, or give what parts the values';
    return a.key.includes('\n') ? 'key holds a line break' : undefined;
  },

  probe: a =>
    sh.lines(
      sh`tp_has getent || tp_error 'this host has no getent: install libc-bin (Debian), glibc-common (EL) or musl-utils (Alpine)' || exit 99`,
      // a key that begins with a dash is no option; musl's getent takes -- for the name of a database
      sh`getent ${a.service !== undefined && ['-s', a.service]} ${a.key.startsWith('-') && '--'} ${a.database} ${a.key !== '' && a.key}`,
    ),

  parse(reply, a): QueryResult {
    const fact = (found: unknown) => ({ ansible_facts: { [`getent_${a.database}`]: found } });
    if (reply.rc === 0) return { values: fact(entries(reply.stdout, a)) };
    if (reply.rc === MISSING && !a.fail_key)
      return { values: { ...fact({ [a.key]: null }), msg: 'the database has no such key' } };
    const said = reply.stderr.trim();
    const reason = REASONS[reply.rc];
    if (reason === undefined || reply.rc === 99) return { failed: said || `getent ended with status ${reply.rc}` };
    return { failed: `getent ${a.database}${a.key && ` ${a.key}`}: ${reason}` };
  },
});

function entries(text: string, a: Args): Readonly<Record<string, unknown>> {
  const byColon = ['passwd', 'group', 'shadow', 'gshadow'].includes(a.database);
  const split = a.split?.replaceAll('\\t', '\t') ?? (byColon ? ':' : undefined);
  const found = new Map<string, string[][]>();
  for (const line of text.split('\n').filter(l => l.trim() !== '')) {
    const [key = '', ...fields] = split === undefined ? line.trim().split(/\s+/) : line.split(split);
    found.set(key, [...(found.get(key) ?? []), fields]);
  }
  return Object.fromEntries([...found].map(([key, all]) => [key, all.length === 1 ? all[0] : all]));
}
