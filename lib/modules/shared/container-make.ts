import { put, type Sh, sh } from '../../module.ts';
import { labelOf } from './container-compare.ts';
import { commandWords } from './container-lists.ts';
import { firstNetwork, furtherNetworks, networkCode, networkFlags } from './container-networks.ts';
import { type Inspected, LABEL, textsAt, textsOf } from './container-option.ts';
import { containerOptions } from './container-options.ts';
import type { DockerArgs } from './docker-args.ts';

/** Stops it, or kills it where that is wanted; one that does not run is no error. */
export function stopCode(a: DockerArgs): Sh {
  const wait = a.stop_timeout === undefined ? [] : ['-t', a.stop_timeout];
  const signal = a.kill_signal === undefined ? [] : ['-s', a.kill_signal];
  return a.force_kill
    ? sh`"$@" kill ${signal} ${a.name} >/dev/null 2>&1 || :`
    : sh`"$@" stop ${wait} ${a.name} >/dev/null`;
}

/** Removes it; that it went by itself meanwhile (auto_remove) is no error. */
export function removeCode(a: DockerArgs): Sh {
  const volumes = a.keep_volumes ? [] : ['-v'];
  return sh`"$@" rm -f ${volumes} ${a.name} >/dev/null || ! "$@" container inspect ${a.name} >/dev/null 2>&1`;
}

/**
 * Makes the container under another name first: what is wrong with the options is found while the old one still runs. A run
 * that is cut leaves the old one, or none and a new one without its name, which the next run removes.
 */
export function createCode(a: DockerArgs, at: { old: boolean; runs: boolean; image: Inspected | undefined }): Sh {
  const image = a.image;
  if (image === undefined) throw new Error('internal: a container is made of an image');
  const made = `${a.name}.tplay-new`;
  const { flags, before } = createFlags(a);
  return sh.lines(
    at.image === undefined && sh`"$@" pull -- ${image} >/dev/null`,
    sh`if "$@" container inspect ${made} >/dev/null 2>&1; then "$@" rm -f ${made} >/dev/null; fi`,
    before,
    sh`"$@" create --name ${made} ${flags} -- ${image} ${argumentWords(a, at.image)} >/dev/null`,
    ...(at.old ? [at.runs && stopCode(a), removeCode(a)] : []),
    sh`"$@" rename ${made} ${a.name}`,
    networkCode({ join: furtherNetworks(a), leave: [] }, a.name),
  );
}

/** The rest of the entrypoint and the command: with an entrypoint both commands forget that of the image, with none as well. */
function argumentWords(a: DockerArgs, image: Inspected | undefined): readonly string[] {
  const own = commandWords(a.command) ?? [];
  if (a.entrypoint?.length === 0 && own.length === 0) return textsAt(image, 'Config.Cmd');
  return [...(a.entrypoint?.slice(1) ?? []), ...own];
}

function createFlags(a: DockerArgs): { readonly flags: Sh; readonly before: Sh } {
  const env = Object.entries(textsOf(a.env ?? {}));
  // a file of the environment knows no line breaks: those values come from the command's own environment
  const lines = env.filter(([, value]) => !value.includes('\n')).map(([name, value]) => `${name}=${value}\n`);
  const broken = env.filter(([, value]) => value.includes('\n'));
  const network = firstNetwork(a);
  const flags = sh`${[
    containerOptions.flatMap(option => option.flags(a)),
    network === undefined ? [] : networkFlags(network, 'create'),
    a.entrypoint === undefined ? [] : [`--entrypoint=${a.entrypoint[0] ?? ''}`],
    lines.length === 0 ? [] : ['--env-file', put(lines.join(''))],
    broken.map(([name]) => `--env=${name}`),
    a.runtime === undefined ? [] : sh`$(if [ "$tp_engine" = docker ]; then printf %s ${`--runtime=${a.runtime}`}; fi)`,
    ['--label', `${LABEL}=${labelOf(a)}`],
  ]}`;
  const before = sh.lines(...broken.map(([name, value]) => sh`export ${sh.code(name)}=${value}`));
  return { flags, before };
}
