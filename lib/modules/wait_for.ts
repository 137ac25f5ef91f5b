import { type ArgsOf, type ArgsSchema, defineQuery } from '../module.ts';
import { type Sh, sh } from '../shell/sh.ts';
import { hostPath } from './shared/attributes.ts';
import { extendedRegex } from './shared/ere.ts';
import { pythonRegexp, regexpFault } from './shared/python-regexp.ts';

/** States of TCP connections as the kernel numbers them. */
const STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
};

const args = {
  properties: {
    host: { type: 'string', default: '127.0.0.1', description: 'Name or address, as seen from the host.' },
    port: { type: 'integer', minimum: 1, maximum: 65535, description: 'The port to wait for.' },
    path: { type: 'string', path: true, description: 'The file to wait for.' },
    state: {
      type: 'string',
      enum: ['started', 'stopped', 'present', 'absent', 'drained'],
      default: 'started',
      description:
        'started and present wait for it to be there, stopped and absent for it to be gone, drained for a port without active connections.',
    },
    search_regex: {
      type: 'string',
      description: 'Text that a line of the file holds, or one of the first lines of the server.',
    },
    active_connection_states: {
      type: 'array',
      items: { type: 'string', enum: Object.keys(STATES) },
      default: ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'],
      description: 'States of connections that count as active.',
    },
    exclude_hosts: {
      type: 'array',
      items: { type: 'string' },
      description: 'Names or addresses whose connections do not count: for drained.',
    },
    timeout: { type: 'integer', default: 300, minimum: 0, description: 'Seconds to wait at most.' },
    delay: { type: 'integer', default: 0, minimum: 0, description: 'Seconds before the first look.' },
    sleep: { type: 'integer', default: 1, minimum: 1, description: 'Seconds between two looks.' },
    connect_timeout: { type: 'integer', default: 5, minimum: 1, description: 'Seconds that one connection may take.' },
    msg: { type: 'string', description: 'What to say when it did not come.' },
  },
  exclusive: [['port', 'path']],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineQuery({
  name: 'wait_for',
  doc: 'Waits on the host until a port answers, is closed or has no active connections, or a file is there or gone; or just some time.',
  args,
  examples: `
- wait_for:
    port: 8000
    delay: 10
- wait_for:
    path: /tmp/foo
    search_regex: completed (?P<task>\\w+)
- wait_for:
    host: 0.0.0.0
    port: 8000
    state: drained
    exclude_hosts: [10.2.1.2]
- wait_for:
    timeout: 300
`,
  returns: {
    elapsed: 'Seconds it took.',
    state: 'As given.',
    port: 'As given.',
    path: 'As given.',
    match_groups: 'What the groups of search_regex matched, in order.',
    match_groupdict: 'What its named groups matched.',
  },

  check(a) {
    const regex = extendedRegex(a.search_regex ?? '');
    if ('error' in regex) return regex.error;
    const fault = regexpFault('search_regex', a.search_regex);
    if (fault !== undefined) return fault;
    if (a.state === 'drained' && a.port === undefined) return 'state drained is about a port; give "port"';
    if (a.state !== 'drained' && a.exclude_hosts !== undefined) return 'exclude_hosts is for state drained';
    if (a.search_regex !== undefined && !['started', 'present'].includes(a.state))
      return 'search_regex is for what shall be there: state started or present';
    return a.search_regex !== undefined && a.port === undefined && a.path === undefined
      ? 'search_regex needs "port" or "path"'
      : undefined;
  },

  probe: a =>
    a.port === undefined && a.path === undefined
      ? sh`sleep ${a.delay + a.timeout}; printf 'met %s\n' ${a.delay + a.timeout}`
      : sh.lines(first(a), sh`tp_wait ${a.timeout} ${a.delay} ${a.sleep} ${sh.quoted(condition(a))}`),

  parse(reply, a) {
    const match = /^(met|timeout) (\d+)\n?$(?![^])/m.exec(reply.stdout);
    if (match === null) return { failed: reply.stderr.trim() || 'the host did not say whether it waits' };
    const found = matched(a, reply.stdout.slice(0, match.index));
    const values = {
      elapsed: Number(match[2]),
      state: a.state,
      port: a.port ?? null,
      path: a.path ?? null,
      search_regex: a.search_regex ?? null,
      match_groups: found?.slice(1).map(text => text ?? null) ?? [],
      match_groupdict: named(found),
    };
    if (match[1] === 'met') return { values };
    return { failed: a.msg ?? `Timeout when waiting for ${what(a)}`, values: { elapsed: values.elapsed } };
  },

  inCheck: 'unknown',
  timeoutMs: a => (a.timeout + a.delay + a.connect_timeout + 30) * 1000,
});

/** The match in the line that the host found. */
function matched(a: Args, line: string): RegExpExecArray | undefined {
  if (a.search_regex === undefined) return undefined;
  return pythonRegexp(a.search_regex, { multiline: true }).exec(line.replace(/\n$/, '')) ?? undefined;
}

function named(found: RegExpExecArray | undefined): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Object.entries(found?.groups ?? {}).map(([name, text]) => [name, text ?? null]));
}

/** What is evaluated once, before the first look: addresses of names. */
function first(a: Args): Sh | undefined {
  if (a.state !== 'drained') return undefined;
  return sh.lines(
    sh`tp_ours=$(tp_tcp_addresses ${a.host}) || exit 2`,
    sh`tp_not=$(tp_tcp_addresses ${a.exclude_hosts ?? []}) || exit 2`,
  );
}

function condition(a: Args): Sh {
  const gone = a.state === 'stopped' || a.state === 'absent';
  const regex = extendedRegex(a.search_regex ?? '');
  const [ere, anyCase] = 'regex' in regex ? [regex.regex, regex.anyCase && 'i'] : ['', ''];
  if (a.path !== undefined) {
    const path = hostPath(a.path);
    // as Ansible: a link that leads nowhere is gone
    if (gone) return sh`[ ! -e ${path} ]`;
    return a.search_regex === undefined ? sh`[ -e ${path} ]` : sh`tp_file_says ${path} ${ere} ${anyCase || ''}`;
  }
  const server = [a.host, a.port, a.connect_timeout];
  if (a.search_regex !== undefined) return sh`tp_port_says ${server} ${ere} ${anyCase || ''}`;
  if (a.state === 'drained')
    return sh`tp_drained ${a.port} ${a.active_connection_states.map(s => STATES[s]).join('|')} "$tp_ours" "$tp_not"`;
  return gone ? sh`tp_port_closed ${server}` : sh`tp_port_open ${server}`;
}

function what(a: Args): string {
  const where = a.path === undefined ? `${a.host}:${a.port}` : `file ${a.path}`;
  if (a.search_regex !== undefined) return `search string ${a.search_regex} in ${where}`;
  if (a.path !== undefined) return a.state === 'absent' || a.state === 'stopped' ? `absence of ${where}` : where;
  if (a.state === 'drained') return `${where} to have no active connections`;
  return a.state === 'started' || a.state === 'present' ? where : `${where} to stop`;
}
