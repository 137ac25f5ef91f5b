import { type ArgsOf, type ArgsSchema, definePlan, type Plan, type PlanRefusal, type Sh, sh } from '../module.ts';
import { engineArgs, engineFault, engineNotTaken } from './shared/container-args.ts';
import { dictAt, type Inspected, textAt, textsAt, textsOf } from './shared/container-option.ts';
import { engineCode, inspected, plainId, quotedOutput, quoteOutput, sections, withTag } from './shared/engine.ts';

const args = {
  properties: {
    name: { type: 'string', description: 'Name of the image, with its tag or without; or its number.' },
    tag: { type: 'string', default: 'latest', description: 'Its tag, where name has none.' },
    state: { type: 'string', enum: ['absent', 'present'], default: 'present', description: 'Whether it is there.' },
    source: {
      type: 'string',
      enum: ['build', 'load', 'pull', 'local'],
      description: 'Where one that is missing comes from; local: it must be there.',
    },
    build: {
      type: 'object',
      description:
        'How it is built: path (needed), dockerfile, args, target, pull, nocache, rm, network, platform, etc_hosts, cache_from, container_limits (memory, memswap, cpushares, cpusetcpus).',
    },
    pull: { type: 'object', description: 'How it is pulled: platform.' },
    load_path: { type: 'string', path: true, description: 'Archive of the host that is loaded.' },
    archive_path: {
      type: 'string',
      path: true,
      description: 'Where on the host the image is saved to, when it is another one there.',
    },
    repository: {
      type: 'string',
      description: "Further name that the image gets; without a tag of its own with the image's.",
    },
    push: { type: 'boolean', default: false, description: 'Pushes it (repository, if given): a change each time.' },
    force_source: { type: 'boolean', default: false, description: 'Builds, loads or pulls it again.' },
    force_tag: { type: 'boolean', default: false, description: 'repository is moved to this image from another one.' },
    force_absent: {
      type: 'boolean',
      default: false,
      description: 'Removes it with all its names, and though containers use it.',
    },
    ...engineArgs,
  },
  notTaken: {
    ...engineNotTaken,
  },
  required: ['name'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

const BUILD =
  'path dockerfile args target pull nocache rm network platform etc_hosts cache_from container_limits http_timeout use_config_proxy';

export default definePlan({
  name: 'docker_image',
  doc: "Pulls, builds, loads, tags, pushes, saves or removes an image by the host's docker or podman command. One that is there is not asked for again unless force_source; podman cannot tell whether a push sent anything, so that each counts as a change.",
  args,
  examples: `
- docker_image: { name: docker.io/library/nginx, tag: "1.27", source: pull }
- docker_image:
    name: registry.example.com/app:2
    source: build
    build: { path: /srv/app, args: { VERSION: "2" } }
    push: true
- docker_image: { name: app:1, source: load, load_path: /srv/app-1.tar }
`,
  returns: {
    image: 'what inspect prints of it; {} where there is none, { state: Deleted } where it was removed',
    actions: 'what was done',
    stdout: 'what the build printed; nothing when none was needed',
  },

  check(a) {
    const fault = engineFault(a);
    if (fault !== undefined) return fault;
    if (a.source === 'build' && textAt(a.build, 'path') === '') return 'source: build needs "path" in "build"';
    if (a.source === 'load' && a.load_path === undefined) return 'source: load needs "load_path"';
    if (textAt(a.build, 'http_timeout') !== '')
      return 'build: http_timeout is not taken: use the keyword "timeout" of the task';
    if (textAt(a.build, 'use_config_proxy') !== '')
      return 'build: use_config_proxy is not taken: the command does as its own configuration says';
    const stray = Object.keys(a.build ?? {}).find(key => !BUILD.split(' ').includes(key));
    if (stray !== undefined) return `build has no "${stray}"`;
    const odd = Object.keys(dictAt(a.build, 'args')).find(name => !/^[A-Za-z_]\w*$/.test(name));
    if (odd !== undefined) return `build: "${odd}" is no name of an argument`;
    const other = Object.keys(a.pull ?? {}).find(key => key !== 'platform');
    return other === undefined ? undefined : `pull has no "${other}"`;
  },

  look: a =>
    sh.lines(
      engineCode(a),
      sh`tp_inspect image ${nameOf(a)} "$@" || exit`,
      a.repository !== undefined && sh`tp_as=repository tp_inspect image ${furtherName(a, a.repository)} "$@" || exit`,
      a.archive_path !== undefined &&
        sh`printf '%%%% archive\n'; if [ -f ${a.archive_path} ]; then tar -xOf ${a.archive_path} manifest.json 2>/dev/null || :; fi`,
    ),

  plan(a, reply) {
    const found = sections(reply);
    const image = inspected(found.get('image'));
    if (a.state === 'absent') return removal(a, image);
    const steps = [...sourceSteps(a, image), ...tagSteps(a, { image, target: inspected(found.get('repository')) })];
    const missing = image === undefined && a.source === undefined;
    if (missing || (image === undefined && a.source === 'local'))
      return {
        failed: `there is no image ${nameOf(a)}${missing ? ': say by "source" where to get it' : ''}`,
        later: true,
      };
    if (a.archive_path !== undefined && !archived(a, image, found.get('archive')))
      steps.push({
        what: `Archived image ${nameOf(a)} to ${a.archive_path}`,
        code: sh`tp_new=${a.archive_path}.tplay-new; rm -f -- "$tp_new"; "$@" save -o "$tp_new" -- ${nameOf(a)} >/dev/null; mv -f -- "$tp_new" ${a.archive_path}`,
      });
    if (a.push) {
      const name = a.repository === undefined ? nameOf(a) : furtherName(a, a.repository);
      steps.push({ what: `Pushed image ${name}`, code: sh`"$@" push -- ${name} >/dev/null` });
    }
    return planOf(a, image, steps);
  },

  done(a, reply) {
    const found = sections(reply);
    const actions = JSON.parse(found.get('actions') ?? '[]') as readonly string[];
    const told = { actions, stdout: quotedOutput(found.get('build')) };
    const image = inspected(found.get('image'));
    if (a.state === 'absent') return { values: { actions, image: { state: 'Deleted' } } };
    if (image === undefined) return { values: told };
    const old = found.get('before')?.trim();
    const same = old !== undefined && old !== '' && plainId(image['Id']) === old && !a.push;
    return { values: { ...told, image }, ...(same && { changed: false }) };
  },
});

interface Step {
  readonly what: string;
  readonly code: Sh;
}

function nameOf(a: Args): string {
  return withTag(a.name, a.tag);
}

/** As Ansible: without a tag of its own it gets that of the image. */
function furtherName(a: Args, repository: string): string {
  const own = /^sha256:|@/.test(a.name) ? undefined : /:([^/:]+)$/.exec(a.name)?.[1];
  return withTag(repository, own ?? a.tag);
}

function planOf(a: Args, image: Inspected | undefined, steps: readonly Step[]): Plan {
  const id = plainId(image?.['Id']);
  const before = { image: image === undefined ? 'absent' : 'present' };
  const actions = steps.map(s => s.what);
  if (steps.length === 0) return { before, after: before, values: { image: image ?? {}, actions, stdout: '' } };
  // a second look would want it again
  const command = a.push || a.force_source;
  const script = sh.lines(
    engineCode(a),
    ...steps.map(s => s.code),
    toldCode(actions),
    command && sh.lines(sh`printf '%%%% before\n%s\n' ${id}`, sh`tp_inspect image ${nameOf(a)} "$@"`),
  );
  const after = { image: 'present', ...(actions.length > 0 && { actions: actions.join(', ') }) };
  return { before, after, script, command, values: { image: image ?? {}, actions, stdout: '' } };
}

/** The second look no longer knows what was to be done. */
function toldCode(actions: readonly string[]): Sh {
  return sh`printf '%%%% actions\n%s\n' ${JSON.stringify(actions)}`;
}

function removal(a: Args, image: Inspected | undefined): Plan | PlanRefusal {
  const state = { image: image === undefined ? 'absent' : 'present' };
  if (image === undefined) return { before: state, after: state, values: { image: {}, actions: [] } };
  const force = a.force_absent ? ['-f'] : [];
  const name = a.force_absent ? plainId(image['Id']) : nameOf(a);
  const actions = [`Removed image ${nameOf(a)}`];
  const script = sh.lines(engineCode(a), sh`"$@" rmi ${force} ${name} >/dev/null`, toldCode(actions));
  return {
    before: state,
    after: { image: 'absent' },
    script,
    values: { image: { state: 'Deleted' }, actions },
  };
}

function sourceSteps(a: Args, image: Inspected | undefined): Step[] {
  if (image !== undefined && !a.force_source) return [];
  const name = nameOf(a);
  switch (a.source) {
    case 'pull': {
      const platform = textAt(a.pull, 'platform');
      const flags = platform === '' ? [] : [`--platform=${platform}`];
      return [{ what: `Pulled image ${name}`, code: sh`"$@" pull ${flags} -- ${name} >/dev/null` }];
    }
    case 'build':
      return [{ what: `Built image ${name} from ${textAt(a.build, 'path')}`, code: buildCode(a) }];
    case 'load': {
      const gone = `${a.load_path} has no image ${name}`;
      return [
        {
          what: `Loaded image ${name} from ${a.load_path}`,
          code: sh`"$@" load -i ${a.load_path} >/dev/null; "$@" image inspect -- ${name} >/dev/null 2>&1 || { tp_error ${gone}; exit 1; }`,
        },
      ];
    }
    default:
      return [];
  }
}

/** Build arguments are in the environment of the command: they may be secret. */
function buildCode(a: Args): Sh {
  const b = a.build;
  const own = Object.entries(textsOf(dictAt(b, 'args')));
  const text = (name: string, flag: string) => (textAt(b, name) === '' ? [] : [`${flag}=${textAt(b, name)}`]);
  const dockerfile = textAt(b, 'dockerfile');
  const path = textAt(b, 'path');
  const flags = [
    ...(dockerfile === '' ? [] : ['-f', dockerfile.startsWith('/') ? dockerfile : `${path}/${dockerfile}`]),
    ...own.map(([name]) => `--build-arg=${name}`),
    ...text('target', '--target'),
    ...(textAt(b, 'pull') === 'true' ? ['--pull'] : []),
    ...(textAt(b, 'nocache') === 'true' ? ['--no-cache'] : []),
    ...(textAt(b, 'rm') === 'false' ? ['--rm=false'] : []),
    ...text('network', '--network'),
    ...text('platform', '--platform'),
    ...Object.entries(textsOf(dictAt(b, 'etc_hosts'))).map(([host, address]) => `--add-host=${host}:${address}`),
    ...textsAt(b, 'cache_from').map(name => `--cache-from=${name}`),
    ...text('container_limits.memory', '--memory'),
    ...text('container_limits.memswap', '--memory-swap'),
    ...text('container_limits.cpushares', '--cpu-shares'),
    ...text('container_limits.cpusetcpus', '--cpuset-cpus'),
  ];
  const given = own.map(([name, value]) => sh`${sh.code(name)}=${value}`);
  return sh.lines(
    sh`tp_file=$(tp_temp)`,
    sh`(${given.length > 0 && sh`export ${given};`} "$@" build -t ${nameOf(a)} ${flags} -- ${path} >"$tp_file" 2>&1) || { cat -- "$tp_file" >&2; exit 1; }`,
    sh`printf '%%%% build\n'; ${quoteOutput}`,
  );
}

/** As Ansible: a further name that leads to another image is left there unless force_tag. */
function tagSteps(a: Args, at: { image: Inspected | undefined; target: Inspected | undefined }): Step[] {
  if (a.repository === undefined) return [];
  const name = furtherName(a, a.repository);
  const same = at.image !== undefined && plainId(at.target?.['Id']) === plainId(at.image['Id']);
  if (at.target !== undefined && (same || !a.force_tag)) return [];
  return [{ what: `Tagged image ${nameOf(a)} to ${name}`, code: sh`"$@" tag ${nameOf(a)} ${name}` }];
}

/** Whether an archive has this very image by this name. */
function archived(a: Args, image: Inspected | undefined, manifest: string | undefined): boolean {
  const id = plainId(image?.['Id']);
  try {
    const list = JSON.parse(manifest || '[]') as unknown[];
    return list.some(
      one =>
        id !== '' &&
        textAt(one, 'Config').includes(id) &&
        textsAt(one, 'RepoTags').some(tag => tag.endsWith(nameOf(a))),
    );
  } catch {
    return false; // no archive of images: it is written anew
  }
}
