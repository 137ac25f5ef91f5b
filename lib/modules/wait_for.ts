import { type ArgsOf, type ArgsSchema, defineQuery } from '../module.ts';
import { type Sh, sh } from '../shell/sh.ts';
import { extendedRegex } from './shared/ere.ts';

const args = {
  properties: {
    host: { type: 'string', default: '127.0.0.1', description: 'Name or address, as seen from the host.' },
    port: { type: 'integer', minimum: 1, maximum: 65535, description: 'The port to wait for.' },
    path: { type: 'string', description: 'The file to wait for.' },
    state: {
      type: 'string',
      enum: ['started', 'stopped', 'present', 'absent'],
      default: 'started',
      description: 'started and present wait for it to be there, stopped and absent for it to be gone.',
    },
    search_regex: { type: 'string', description: 'Text that the file holds, or that the server begins with.' },
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
  doc: 'Waits on the host until a port answers or is closed, or a file is there or gone; or just some time.',
  args,
  examples: `
- wait_for:
    port: 8000
    delay: 10
- wait_for:
    path: /tmp/foo
    search_regex: completed
- wait_for:
    timeout: 300
`,
  returns: {
    elapsed: 'Seconds it took.',
    state: 'As given.',
    port: 'As given.',
    path: 'As given.',
    match_groups: 'Always empty.',
    match_groupdict: 'Always empty.',
  },

  check(a) {
    const regex = extendedRegex(a.search_regex ?? '');
    if ('error' in regex) return regex.error;
    if (a.search_regex !== undefined && (a.state === 'stopped' || a.state === 'absent'))
      return 'search_regex is for what shall be there: state started or present';
    return a.search_regex !== undefined && a.port === undefined && a.path === undefined
      ? 'search_regex needs "port" or "path"'
      : undefined;
  },

  probe: a =>
    a.port === undefined && a.path === undefined
      ? sh`sleep ${a.timeout}; printf 'met %s\n' ${a.timeout}`
      : sh`tp_wait ${a.timeout} ${a.delay} ${a.sleep} ${sh.quoted(condition(a))}`,

  parse(reply, a) {
    const match = /^(met|timeout) (\d+)$/m.exec(reply.stdout);
    if (match === null) return { failed: reply.stderr.trim() || 'the host did not say whether it waits' };
    const values = {
      elapsed: Number(match[2]),
      state: a.state,
      port: a.port ?? null,
      path: a.path ?? null,
      search_regex: a.search_regex ?? null,
      match_groups: [],
      match_groupdict: {},
    };
    if (match[1] === 'met') return { values };
    return { failed: a.msg ?? `Timeout when waiting for ${what(a)}`, values: { elapsed: values.elapsed } };
  },

  inCheck: 'unknown',
  timeoutMs: a => (a.timeout + a.delay + a.connect_timeout + 30) * 1000,
});

function condition(a: Args): Sh {
  const gone = a.state === 'stopped' || a.state === 'absent';
  const regex = extendedRegex(a.search_regex ?? '');
  const ere = 'regex' in regex ? regex.regex : '';
  if (a.path !== undefined) {
    if (gone) return sh`! tp_exists ${a.path}`;
    return a.search_regex === undefined
      ? sh`[ -e ${a.path} ]`
      : // grep says 2 for a file that is not there: no reason to give up
        sh`grep -qsE -e ${ere} -- ${a.path} || (exit 1)`;
  }
  const server = [a.host, a.port, a.connect_timeout];
  if (a.search_regex !== undefined) return sh`tp_port_says ${server} ${ere}`;
  return gone ? sh`tp_port_closed ${server}` : sh`tp_port_open ${server}`;
}

function what(a: Args): string {
  const where = a.path === undefined ? `${a.host}:${a.port}` : `file ${a.path}`;
  if (a.search_regex !== undefined) return `search string ${a.search_regex} in ${where}`;
  if (a.path !== undefined) return a.state === 'absent' || a.state === 'stopped' ? `absence of ${where}` : where;
  return a.state === 'started' || a.state === 'present' ? where : `${where} to stop`;
}
