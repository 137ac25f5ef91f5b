import { type ArgsOf, type ArgsSchema, defineConverge, type Sh, sh, type Values } from '../module.ts';

const args = {
  properties: {
    chdir: { type: 'string', path: true, description: 'The folder to run it in.' },
    target: { type: 'string', description: 'The target; without one the first of the Makefile.' },
    params: { type: 'object', description: 'Variables for make, by name.' },
    file: { type: 'string', path: true, description: 'The Makefile, instead of the one in the folder.' },
    make: { type: 'string', path: true, description: 'Path of the program; gmake, else make, unless told.' },
    jobs: { type: 'integer', minimum: 1, description: 'How many commands run at once.' },
  },
  required: ['chdir'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'make',
  doc: 'Builds a target of a Makefile on the host, if make says (by -q) that there is something to do. A target that is never up to date, one without a file of its name, is built each time.',
  args,
  examples: `
- make: { chdir: /opt/app }
- make:
    chdir: /opt/app
    target: install
    jobs: 4
    params: { PREFIX: /usr/local, WITH_TLS: 1 }
  become: true
`,
  returns: {
    command: 'what was run',
    stdout: 'what make printed',
    stderr: 'what make printed as errors',
    chdir: 'the folder',
    target: 'the target',
    params: 'the variables',
    file: 'the Makefile',
    jobs: 'how many commands at once',
  },

  check(a) {
    const odd = [a.target, ...Object.keys(a.params ?? {})].find(word => word?.startsWith('-'));
    if (odd !== undefined) return `"${odd}" would be an option of make`;
    const [name] = Object.entries(a.params ?? {}).find(([, v]) => v === null || typeof v === 'object') ?? [];
    return name === undefined ? undefined : `params.${name} must be one value`;
  },

  goal: () => ({ built: true }),
  detail: () => ['program', 'stdout', 'stderr', 'fault'],

  probe: a =>
    sh.lines(
      enter(a),
      sh`tp_value=true tp_rc=0`,
      // a target without a file of its name is never up to date: what was built just now is
      sh`if [ -e "$tp_dir/made" ]; then rm -f "$tp_dir/made"; else`,
      scratch(),
      sh`"$tp_make" -q ${words(a)} >"$tp_dir/out" 2>"$tp_dir/err" || tp_rc=$?`,
      sh`[ "$tp_rc" = 0 ] || tp_value=false; fi`,
      sh`tp_kv built "$tp_value"; tp_kv program "$tp_make"`,
      sh`tp_kv stdout "$(cat "$tp_dir/out")"; tp_kv stderr "$(cat "$tp_dir/err")"`,
      // 1 says that there is something to do, more that it cannot be done
      sh`[ "$tp_rc" -lt 2 ] || tp_kv fault "$(tail -n 3 "$tp_dir/err")"`,
    ),

  refuse: (_, { fault }) => fault,

  apply: a =>
    sh.lines(
      enter(a),
      scratch(),
      sh`"$tp_make" ${words(a)} >"$tp_dir/out" 2>"$tp_dir/err" || { tp_rc=$?; cat "$tp_dir/out" "$tp_dir/err"; exit "$tp_rc"; }`,
      sh`: >"$tp_dir/made"`,
    ),

  values(a, { program = 'make', stdout = '', stderr = '' }): Values {
    const { chdir, target = null, params = null, file = null, jobs = null } = a;
    const command = [program, ...words(a)].map(word => quoted(word)).join(' ');
    return { command, stdout, stderr, chdir, target, params, file, jobs };
  },
});

/** Goes to the folder; sets tp_make. */
function enter(a: Args): Sh {
  const find =
    a.make === undefined
      ? sh`tp_make=$(command -v gmake || command -v make) || tp_error 'there is no make on this host: install the package make' || exit`
      : sh`tp_make=${a.make}; tp_has "$tp_make" || tp_error ${`there is no ${a.make} on this host`} || exit`;
  return sh.lines(find, sh`cd -- ${a.chdir} || exit`);
}

function scratch(): Sh {
  return sh`[ -d "$tp_dir" ] || mkdir -m 0700 "$tp_dir" || exit`;
}

function words(a: Args): readonly string[] {
  return [
    ...(a.jobs === undefined ? [] : ['-j', String(a.jobs)]),
    ...(a.file === undefined ? [] : ['-f', a.file]),
    ...(a.target === undefined ? [] : [a.target]),
    ...Object.entries(a.params ?? {}).map(([name, value]) => `${name}=${python(value)}`),
  ];
}

/** As Ansible, which gives what Python prints. */
function python(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** As Python's shlex quotes. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
