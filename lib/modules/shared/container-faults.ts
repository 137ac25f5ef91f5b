import { words } from './attributes.ts';
import { engineFault } from './container-args.ts';
import { mountFault } from './container-mounts.ts';
import { networkFault } from './container-networks.ts';
import { at, textAt } from './container-option.ts';
import { containerOptions } from './container-options.ts';
import { bindingsOf, bytesOf, nanosOf } from './container-values.ts';
import type { DockerArgs } from './docker-args.ts';

/** What is wrong with the arguments, as a sentence. */
export function argumentFault(a: DockerArgs): string | undefined {
  const fault = engineFault(a);
  if (fault !== undefined) return fault;
  if (a.command_handling !== 'correct') return 'command_handling: only correct, lists are lists';
  if (a.restart_retries !== undefined && a.restart_policy !== 'on-failure')
    return 'restart_retries needs restart_policy: on-failure';
  if (a.cleanup && a.detach !== false) return 'cleanup needs detach: false';
  return valueFault(a) ?? comparisonFault(a) ?? mountFault(a) ?? networkFault(a);
}

function valueFault(a: DockerArgs): string | undefined {
  for (const name of ['memory', 'memory_reservation', 'memory_swap', 'shm_size'] as const)
    if (a[name] !== undefined && bytesOf(a[name]) === undefined) return `${name}: "${a[name]}" is no size like 512M`;
  for (const name of ['published_ports', 'exposed_ports'] as const)
    for (const text of a[name] ?? [])
      if (bindingsOf(text, '') === undefined)
        return `${name}: "${text}" is no port like 8080:80 or 127.0.0.1:8080:80/tcp`;
  for (const name of ['interval', 'timeout', 'start_period']) {
    const text = textAt(a.healthcheck, name);
    if (text !== '' && nanosOf(text) === undefined) return `healthcheck: ${name} "${text}" is no duration like 1m30s`;
  }
  const stray = Object.keys(a.healthcheck ?? {}).find(
    k => !['test', 'interval', 'timeout', 'start_period', 'retries'].includes(k),
  );
  if (stray !== undefined) return `healthcheck has no "${stray}"`;
  for (const name of ['device_read_bps', 'device_read_iops', 'device_write_bps', 'device_write_iops'] as const)
    for (const one of a[name] ?? [])
      if (at(one, 'path') === undefined || bytesOf(textAt(one, 'rate')) === undefined)
        return `${name}: each has a "path" and a "rate"`;
  const name = Object.keys(a.env ?? {}).find(key => !/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(key));
  if (name !== undefined) return `env: "${name}" is no name of a variable`;
  const broken = Object.entries(a.env ?? {}).find(
    ([key, v]) => String(v).includes('\n') && /\W|^(PATH|HOME|DOCKER_.*|CONTAINER.*|LD_.*)$/.test(key),
  );
  if (broken !== undefined)
    return `env: the value of ${broken[0]} has a line break, which cannot be handed over: put it into a file`;
  if (typeof a.command === 'string' && words(a.command) === undefined) return 'command has a quote that is not closed';
  return undefined;
}

function comparisonFault(a: DockerArgs): string | undefined {
  for (const [name, how] of Object.entries(a.comparisons)) {
    if (name !== '*' && name !== 'image' && name !== 'networks' && !containerOptions.some(o => o.name === name))
      return `comparisons: there is no option "${name}" of a container`;
    if (!['strict', 'ignore', 'allow_more_present'].includes(String(how)))
      return `comparisons: ${name} is strict, ignore or allow_more_present`;
    const kind = containerOptions.find(o => o.name === name)?.kind;
    if (how === 'allow_more_present' && (name === '*' || name === 'image' || kind === 'value'))
      return `comparisons: ${name} is strict or ignore`;
  }
  return undefined;
}
