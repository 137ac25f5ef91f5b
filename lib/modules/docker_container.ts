import { definePlan, type Plan, type PlanRefusal, type Sh, sh } from '../module.ts';
import { type Comparisons, type Difference, differences, withoutGivenValues } from './shared/container-compare.ts';
import { argumentFault } from './shared/container-faults.ts';
import { commandWords } from './shared/container-lists.ts';
import { createCode, removeCode, stopCode } from './shared/container-make.ts';
import { networkChanges, networkCode } from './shared/container-networks.ts';
import { at, dictAt, type Inspected, textAt } from './shared/container-option.ts';
import { type DockerArgs, dockerArgs } from './shared/docker-args.ts';
import { engineCode, inspected, plainId, quotedOutput, quoteOutput, sections, withTag } from './shared/engine.ts';

export default definePlan({
  name: 'docker_container',
  doc: "Runs, changes and removes a container, by the host's docker or podman command. What is asked for is compared option by option with what inspect shows; where it differs, a new container is made first, then the old one is stopped and removed, and the new one takes its name (docker changes limits and restart_policy in place). Options that inspect does not show are kept in the label tplay.options.",
  args: dockerArgs,
  examples: `
- docker_container:
    name: web
    image: docker.io/library/nginx:1.27
    published_ports: ["8080:80"]
    volumes: ["/srv/www:/usr/share/nginx/html:ro"]
    restart_policy: unless-stopped
    env: { TOKEN: "{{ web_token }}" }
- docker_container: { name: migrate, image: app:2, command: [migrate, --all], detach: false, cleanup: true }
- docker_container: { name: web, state: absent }
`,
  returns: {
    container: 'what inspect prints of it; {} when it is absent. Variables that the task gives show no values',
    status: 'with detach: false, its exit status; container.Output is what it printed',
  },

  check: argumentFault,

  prepare: a =>
    a.pull && a.image !== undefined && a.state !== 'absent'
      ? sh.lines(engineCode(a), sh`"$@" pull -- ${a.image}`)
      : undefined,

  look: a =>
    sh.lines(
      engineCode(a),
      sh`printf '%%%% engine\n%s\n' "$tp_engine"`,
      sh`tp_inspect container ${a.name} "$@" || exit`,
      a.image !== undefined && sh`tp_inspect image ${imageName(a.image)} "$@" || exit`,
      ownImageCounts(a) &&
        sh`if tp_own=$("$@" container inspect -f '{{.Image}}' -- ${a.name} 2>/dev/null); then tp_as=own tp_inspect image "$tp_own" "$@" || exit; fi`,
      bindsAnywhere(a) && sh`printf '%%%% bound\n'`,
      bindsAnywhere(a) &&
        sh`if [ "$tp_engine" = docker ]; then for tp_net in ${bridges(a)}; do "$@" network inspect -f ${BOUND} -- "$tp_net" 2>/dev/null || :; done; fi`,
      a.env_file !== undefined && sh`printf '%%%% env_file\n'; cat -- ${a.env_file} || exit`,
      sharedWith(a) !== undefined &&
        sh`printf '%%%% shared\n'; "$@" container inspect -f '{{.Id}}' -- ${sharedWith(a)} || exit`,
    ),

  plan(a, reply) {
    const found = sections(reply);
    const container = containerOf(a, found);
    return container === undefined && a.state !== 'absent' && a.image === undefined
      ? { failed: `there is no container ${a.name}: give the image to make it of` }
      : planFor(effective(a, found), { container, found });
  },

  done(a, reply) {
    const found = sections(reply);
    const container = containerOf(a, found);
    const status = found.get('status');
    const shown = container && withoutGivenValues(a, container);
    if (status === undefined) return { values: shown === undefined ? {} : { container: shown } };
    const output = quotedOutput(found.get('output'));
    const values = { container: { ...shown, Output: output }, status: Number(status) };
    return Number(status) === 0
      ? { values }
      : { failed: `${a.name} ended with ${status.trim()}: ${lastLine(output)}`, values };
  },
});

/** The engine takes the beginning of an id for a name too: of one that is short that is not what was meant. */
function containerOf(a: DockerArgs, found: ReadonlyMap<string, string>): Inspected | undefined {
  const container = inspected(found.get('container'));
  const isNamed = textAt(container, 'Name').replace(/^\//, '') === a.name;
  return isNamed || (ID.test(a.name) && textAt(container, 'Id').startsWith(a.name)) ? container : undefined;
}

const ID = /^[0-9a-f]{12,64}$/;

/** With its tag, or it could be taken for the beginning of an id. */
function imageName(image: string): string {
  return ID.test(image) ? image : withTag(image);
}

interface Found {
  readonly container: Inspected | undefined;
  readonly found: ReadonlyMap<string, string>;
}

function planFor(a: DockerArgs, { container, found }: Found): Plan | PlanRefusal {
  const values = { container: container === undefined ? {} : withoutGivenValues(a, container) };
  const before: Record<string, string> = { container: container === undefined ? 'absent' : 'present' };
  if (a.state === 'absent') {
    const script = container && sh.lines(engineCode(a), stopCode(a), removeCode(a));
    return { before, after: { container: 'absent' }, script, values: script ? { container: {} } : values };
  }
  const after: Record<string, string> = { container: 'present' };
  const image = inspected(found.get('image'));
  const runs = at(container, 'State.Running') === true;
  const fault = (container && labelFault(a, image)) ?? commandFault(a, image);
  if (fault !== undefined) return { failed: fault };
  const own = inspected(found.get('own'));
  const wrong = container === undefined ? [] : wrongOptions(a, { container, image: own ?? image });
  for (const { option, is, want } of wrong)
    Object.assign(before, { [option.name]: is }) && Object.assign(after, { [option.name]: want });
  const otherImage = container !== undefined && isOtherImage(a, { container, image });
  if (otherImage) {
    before['image'] = textAt(container, 'Config.Image');
    after['image'] = a.image ?? '';
  }
  const inPlace = found.get('engine')?.trim() === 'docker' && wrong.every(d => d.option.update);
  const makes = container === undefined || a.recreate || otherImage || (wrong.length > 0 && !inPlace);
  if (a.recreate && container !== undefined) after['container'] = 'made anew';
  const steps = makes
    ? [createCode(a, { old: container !== undefined, runs, image })]
    : [updateCode(a, wrong), networkSteps(a, container, { before, after })];
  const running = runningCode(a, {
    runs: runs && !makes,
    ran: runs,
    paused: at(container, 'State.Paused') === true && !makes,
    before,
    after,
  });
  const command = a.recreate || (a.state === 'started' && (a.detach === false || a.restart));
  const todo = [...steps, running].filter((s): s is Sh => s !== undefined);
  if (todo.length === 0) return { before, after, values };
  const show = command && !a.cleanup && sh`tp_inspect container ${a.name} "$@"`;
  return { before, after, script: sh.lines(engineCode(a, a.runtime), ...todo, show), command, values };
}

function wrongOptions(a: DockerArgs, { container, image }: { container: Inspected; image: Inspected | undefined }) {
  return differences(a, { container, image }, a.comparisons as Comparisons);
}

function comparison(a: DockerArgs, name: string): string | undefined {
  return (a.comparisons as Comparisons)[name] ?? (a.comparisons as Comparisons)['*'];
}

function isOtherImage(
  a: DockerArgs,
  { container, image }: { container: Inspected; image: Inspected | undefined },
): boolean {
  if (a.image === undefined || comparison(a, 'image') === 'ignore' || a.ignore_image) return false;
  if (image === undefined || plainId(image['Id']) !== plainId(container['Image'])) return true;
  return a.image_name_mismatch === 'recreate' && textAt(container, 'Config.Image') !== a.image;
}

function labelFault(a: DockerArgs, image: Inspected | undefined): string | undefined {
  if (a.image_label_mismatch !== 'fail' || comparison(a, 'labels') !== 'strict') return undefined;
  const spare = Object.keys(dictAt(image, 'Config.Labels')).filter(name => !(name in (a.labels ?? {})));
  return spare.length === 0 ? undefined : `the image has labels that "labels" has not: ${spare.sort().join(', ')}`;
}

function updateCode(a: DockerArgs, wrong: readonly Difference[]): Sh | undefined {
  if (wrong.length === 0) return undefined;
  return sh`"$@" update ${wrong.flatMap(d => d.option.flags(a))} ${a.name} >/dev/null`;
}

function networkSteps(
  a: DockerArgs,
  container: Inspected | undefined,
  { before, after }: { before: Record<string, string>; after: Record<string, string> },
): Sh | undefined {
  const mode = comparison(a, 'networks');
  if (a.networks === undefined || container === undefined || mode === 'ignore') return undefined;
  const changes = networkChanges(a, container, a.purge_networks || mode === 'strict');
  if (changes.join.length + changes.leave.length === 0) return undefined;
  before['networks'] = Object.keys(dictAt(container, 'NetworkSettings.Networks')).sort().join(' ');
  after['networks'] = a.networks
    .map(n => textAt(n, 'name'))
    .sort()
    .join(' ');
  return networkCode(changes, a.name);
}

interface Running {
  /** It runs when this is its turn; one that was made anew does not, though the old one `ran`. */
  readonly runs: boolean;
  readonly ran: boolean;
  readonly paused: boolean;
  readonly before: Record<string, string>;
  readonly after: Record<string, string>;
}

/** Starts, stops, restarts or pauses it, as its state wants. */
function runningCode(a: DockerArgs, { runs, ran, paused, before, after }: Running): Sh | undefined {
  const turn = (is: string, want: string) => {
    before['state'] = is;
    after['state'] = want;
  };
  const pauses = a.paused === true && sh`"$@" pause ${a.name} >/dev/null`;
  if (a.state === 'stopped' && runs) {
    turn('running', 'stopped');
    return stopCode(a);
  }
  if (a.state !== 'started') return undefined;
  if (!runs) {
    if (!ran || a.paused === true) turn(ran ? 'running' : 'stopped', a.paused === true ? 'paused' : 'running');
    if (a.detach === false) return attachCode(a);
    return sh.lines(sh`"$@" start ${a.name} >/dev/null`, pauses);
  }
  if (a.restart) {
    turn('running', 'restarted');
    return sh.lines(
      sh`"$@" restart ${a.stop_timeout === undefined ? [] : ['-t', a.stop_timeout]} ${a.name} >/dev/null`,
      pauses,
    );
  }
  if (a.paused === undefined || a.paused === paused) return undefined;
  turn(paused ? 'paused' : 'running', a.paused ? 'paused' : 'running');
  return a.paused ? sh.lines(pauses) : sh`"$@" unpause ${a.name} >/dev/null`;
}

/** Runs it to its end; its exit status is no failure of the script. */
function attachCode(a: DockerArgs): Sh {
  return sh.lines(
    sh`tp_file=$(tp_temp); tp_rc=0; "$@" start --attach ${a.name} >"$tp_file" 2>&1 || tp_rc=$?`,
    sh`printf '%%%% status\n%s\n%%%% output\n' "$tp_rc"; ${quoteOutput}`,
    a.cleanup && removeCode(a),
  );
}

/** A container whose network another one shares. */
function sharedWith(a: DockerArgs): string | undefined {
  return a.network_mode?.startsWith('container:') ? a.network_mode.slice('container:'.length) : undefined;
}

/** Whether the image that the container is of tells what it has beside what was asked for, not the one that is given. */
function ownImageCounts(a: DockerArgs): boolean {
  return a.image === undefined || a.image_comparison === 'current-image';
}

/** Whether a port is published without an address. */
function bindsAnywhere(a: DockerArgs): boolean {
  return a.default_host_ip === undefined && (a.published_ports ?? []).some(text => !/^(\d+\.|\[)/.test(text));
}

const BOUND = '{{index .Options "com.docker.network.bridge.host_binding_ipv4"}}';

function bridges(a: DockerArgs): readonly string[] {
  return a.networks?.length ? a.networks.map(n => textAt(n, 'name')) : ['bridge'];
}

/** As Ansible: the address that the network is bound to, or every one of IPv4. */
function boundTo(found: ReadonlyMap<string, string>): string | undefined {
  const lines = found.get('bound')?.split('\n');
  return lines && (lines.find(line => /^[\d.]+$/.test(line)) ?? '0.0.0.0');
}

function commandFault(a: DockerArgs, image: Inspected | undefined): string | undefined {
  if (a.entrypoint?.length !== 0 || (commandWords(a.command) ?? []).length > 0 || image !== undefined) return undefined;
  return `entrypoint: [] needs "command" as long as ${a.image} is not there to say its own`;
}

/** The arguments with what is only known on the host: the environment of env_file, the number of a container named. */
function effective(a: DockerArgs, found: ReadonlyMap<string, string>): DockerArgs {
  const lines = (found.get('env_file') ?? '').split('\n').filter(line => /^[^#\s][^=]*=/.test(line));
  const fromFile = Object.fromEntries(lines.map(line => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')]));
  const shared = found.get('shared')?.trim();
  const defaults =
    a.container_default_behavior === 'compatibility'
      ? {
          auto_remove: false,
          init: false,
          interactive: false,
          memory: '0',
          paused: false,
          privileged: false,
          read_only: false,
          tty: false,
        }
      : {};
  const bound = boundTo(found);
  const given = Object.fromEntries(Object.entries(a).filter(([, value]) => value !== undefined));
  return {
    ...defaults,
    ...given,
    ...(a.env_file !== undefined && { env: { ...fromFile, ...a.env } }),
    ...(bound !== undefined && { default_host_ip: bound }),
    ...(shared !== undefined && { network_mode: `container:${shared}` }),
  } as DockerArgs;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
