import { defineQuery } from '../module.ts';
import { sh } from '../shell/sh.ts';

export default defineQuery({
  name: 'service_facts',
  doc: 'Makes a fact of the services of the host: those of systemd, of OpenRC, and of scripts in init.d.',
  args: { properties: {} },
  examples: `
- service_facts:
- debug:
    msg: "{{ ansible_facts.services['ssh.service'].state }}"
`,
  returns: {
    ansible_facts:
      'services: by name a mapping with name, state (running, stopped, ...), source (systemd, sysv, openrc), status of units and runlevels of OpenRC.',
  },
  probe: () => sh`tp_services`,

  parse(reply) {
    if (reply.rc !== 0 || !reply.stdout.startsWith('services-'))
      return { failed: reply.stderr.trim() || 'the host did not list its services' };
    const lists = new Map(
      reply.stdout.split(/^services-/m).map(part => {
        const end = part.indexOf('\n');
        return [
          part.slice(0, end),
          part
            .slice(end + 1)
            .split('\n')
            .filter(Boolean),
        ] as const;
      }),
    );
    const services = new Map<string, Service>();
    const lines = (name: string) => lists.get(name) ?? [];
    initScripts(services, lines('scripts'), lines('chkconfig'));
    openrc(services, lines('openrc'), lines('runlevels'));
    systemd(services, lines('units'), lines('files'), lines('states'));
    return { values: { ansible_facts: { services: Object.fromEntries(services) } } };
  },
});

interface Service {
  readonly name: string;
  readonly state: string;
  readonly status?: string;
  readonly source: string;
  readonly runlevels?: readonly string[];
}

/** `service --status-all` of Debian: ` [ + ]  cron`; or the names with `running` or not, and what chkconfig lists. */
function initScripts(to: Map<string, Service>, scripts: readonly string[], levels: readonly string[]): void {
  const enabled = new Map(levels.map(line => [line.split(/\s+/)[0] ?? '', /\b3:on\b/.test(line)]));
  for (const line of scripts) {
    const [, sign, name = ''] = /^ *\[ (.) \] +(\S+)/.exec(line) ?? [];
    if (sign === undefined) continue;
    const on = enabled.get(name);
    const status = on === undefined ? {} : { status: on ? 'enabled' : 'disabled' };
    to.set(name, { name, state: sign === '+' ? 'running' : 'stopped', source: 'sysv', ...status });
  }
}

/** `rc-status -s`: ` sshd  [  started  ]`, and `rc-update show -v`: ` sshd | default boot`. */
function openrc(to: Map<string, Service>, states: readonly string[], runlevels: readonly string[]): void {
  const levels = new Map(
    runlevels.map(line => {
      const [name = '', list = ''] = line.split('|');
      return [name.trim(), list.split(/\s+/).filter(Boolean)];
    }),
  );
  for (const line of states) {
    const [, name, state = ''] = /^\s+(\S+)\s+\[\s*(\w+)/.exec(line) ?? [];
    if (name !== undefined) to.set(name, { name, state, source: 'openrc', runlevels: levels.get(name) ?? [] });
  }
}

/**
 * As Ansible has it: a unit in memory is running or stopped, and of those that are only files the state is that of the
 * manager, or unknown of a template; the status is what the file says, but of a unit that is missing or has failed that.
 */
function systemd(
  to: Map<string, Service>,
  units: readonly string[],
  files: readonly string[],
  states: readonly string[],
): void {
  for (const line of units) {
    const [name, load = '', active = '', sub = ''] = line.trim().split(/\s+/);
    if (!name?.endsWith('.service')) continue;
    const odd = load === 'not-found' || load === 'masked' ? load : active;
    to.set(name, { name, state: sub === 'running' ? 'running' : 'stopped', status: odd, source: 'systemd' });
  }
  const asked = new Map(states.map(line => [line.split('=')[0] ?? '', line.split('=')[1] ?? '']));
  for (const line of files) {
    const [name, status = ''] = line.trim().split(/\s+/);
    if (!name?.endsWith('.service')) continue;
    const known = to.get(name);
    if (known === undefined) to.set(name, { name, state: asked.get(name) ?? 'unknown', status, source: 'systemd' });
    else if (known.status !== 'not-found' && known.status !== 'failed') to.set(name, { ...known, status });
  }
}
