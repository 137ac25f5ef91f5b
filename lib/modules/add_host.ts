import { defineLocal } from '../module.ts';

export default defineLocal({
  name: 'add_host',
  once: true,
  doc: 'Adds a host, and groups that it is in, to the inventory until the end of the run; every further argument is a variable of it. Runs once for all hosts. Plays and tasks that follow see it.',
  args: {
    properties: {
      name: {
        type: 'string',
        aliases: ['host', 'hostname'],
        description: 'Name of the host; a port may stand behind it (`web9:2222`).',
      },
      groups: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        aliases: ['group', 'groupname'],
        description: 'Groups it is in; those that are not there are made.',
      },
    },
    required: ['name'],
    additional: true,
  },
  examples: `
- add_host:
    name: "{{ new_server.address }}"
    groups: [web, fresh]
    ansible_user: admin
- add_host: name=db9:2222 groups=db
`,
  returns: { add_host: 'The host: `host_name`, `groups` and `host_vars`.' },
  check(a) {
    const { port = 1 } = portOf(a.name);
    return port > 0 && port < 65536 ? undefined : `a port is a number from 1 to 65535, not ${port}`;
  },
  run(a) {
    const { name, groups, ...vars } = a;
    const { host, port } = portOf(name);
    const host_vars = port === undefined ? vars : { ansible_ssh_port: port, ...vars };
    return {
      values: { add_host: { host_name: host, groups, host_vars } },
      adds: { host, ...(port !== undefined && { port }), groups, vars: Object.keys(vars) },
    };
  },
});

/** `web1:22` and `[fe80::1]:22`; an IPv6 address alone has no port. */
function portOf(name: string): { readonly host: string; readonly port?: number } {
  const [, host, port] = /^(?:\[([^\]]+)\]|[^:]+):(\d+)$/.exec(name) ?? [];
  if (port === undefined) return { host: name };
  return { host: host ?? name.slice(0, name.lastIndexOf(':')), port: Number(port) };
}
