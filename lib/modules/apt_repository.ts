import { type ArgsOf, type ArgsSchema, defineConverge, sh } from '../module.ts';
import { modeFault, normalMode } from './shared/attributes.ts';

const args = {
  properties: {
    repo: {
      type: 'string',
      description: "A line of apt's lists: deb or deb-src, [options], address, suite, components.",
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether the line is there.',
    },
    filename: {
      type: 'string',
      description: 'Name of the list in sources.list.d, without .list; made from the address unless told.',
    },
    mode: { type: 'string', mode: true, description: 'Permissions of a list that is made.' },
    update_cache: {
      type: 'boolean',
      default: true,
      aliases: ['update-cache'],
      description: 'Gets new package lists after a change; when they cannot be got, the change is taken back.',
    },
    update_cache_retries: { type: 'integer', default: 5, minimum: 0, description: 'How often that is tried.' },
    update_cache_retry_max_delay: {
      type: 'integer',
      default: 12,
      minimum: 0,
      description: 'The longest pause between two tries, in seconds.',
    },
    validate_certs: {
      type: 'boolean',
      default: true,
      description: 'Whether the certificate of the server must be good when lists are got.',
    },
    codename: { type: 'string', description: 'Only for ppa:, which is not taken.' },
    install_python_apt: {
      type: 'boolean',
      default: true,
      description: 'Taken for playbooks that say it; the host needs no Python.',
    },
  },
  required: ['repo'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

/** Where lists are kept; a test has them elsewhere. */
const SOURCES = '"${tp_sources:-/etc/apt}/sources.list.d/"';

export default defineConverge({
  name: 'apt_repository',
  doc: 'Keeps a line in the lists of where apt gets packages from. A line that stands there as a comment is put in force; a list that has no line left is removed. What begins with ppa: is refused: it would ask a web service which line and key are meant; give both.',
  args,
  examples: `
- apt_repository:
    repo: deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable
    filename: docker
- apt_repository:
    repo: deb https://example.org/debian stable main
    state: absent
`,
  returns: { repo: 'The line.', state: 'present or absent.', file: 'The list that has it.' },

  check(a) {
    const ppa = /^ppa:([^/\s]+)(?:\/(\S+))?$/.exec(a.repo.trim());
    if (ppa !== null)
      return `give the archive's own line, deb https://ppa.launchpadcontent.net/${ppa[1]}/${ppa[2] ?? 'ppa'}/ubuntu ${a.codename ?? 'CODENAME'} main, and its key by deb822_repository or apt_key`;
    if (a.codename !== undefined) return 'codename is for ppa: only; write it into the line';
    if (/[\n\r]/.test(a.repo)) return 'repo must be one line';
    if (!/^deb(-src)? (\[[^[\]]+\] )?[^\s[]+:\S+ (\S+\/|\S+( \S+)+)$/.test(lineOf(a)))
      return `"${a.repo}" is no line of apt's lists: write deb [options] ADDRESS SUITE COMPONENT..., or a suite that ends in /`;
    if (a.filename !== undefined && !/^[\w.-]+$/.test(a.filename))
      return `"${a.filename}": apt takes only lists whose names are of letters, digits, "_", "-" and "."`;
    return modeFault(a.mode);
  },

  goal: a => ({ source: a.state }),
  probe: a => sh`tp_source ${lineOf(a)}`,
  detail: () => ['file'],

  apply(a) {
    const insecure = 'tp_apt_options=-oAcquire::https::Verify-Peer=false\\ -oAcquire::https::Verify-Host=false';
    return sh.lines(
      a.state === 'absent'
        ? sh`tp_source_remove ${lineOf(a)}`
        : sh`tp_source_add ${[lineOf(a)]} ${sh.code(SOURCES)}${`${fileOf(a)}.list`} ${[normalMode(a.mode) ?? '0644', textOf(a)]}`,
      a.update_cache && !a.validate_certs && sh.code(insecure),
      a.update_cache && sh`tp_source_update ${[a.update_cache_retries, a.update_cache_retry_max_delay]}`,
    );
  },

  values: (a, state) => ({ repo: a.repo, state: a.state, ...(state['file'] ? { file: state['file'] } : {}) }),
});

/** The line with one blank between its parts. */
function textOf(a: Args): string {
  return a.repo.trim().replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']');
}

/** The line without its comment. */
function lineOf(a: Args): string {
  return textOf(a).replace(/ #.*/, '');
}

/** As Ansible: the address without its scheme and login, other characters as `_`. */
function fileOf(a: Args): string {
  if (a.filename !== undefined) return a.filename;
  const address = /^deb(?:-src)? (?:\[[^\]]*\] )?(\S+)/.exec(lineOf(a))?.[1] ?? '';
  const bare = address.replace(/^\w+:\/\//, '').replace(/^[^/@]*@/, '');
  return bare
    .replace(/[^a-zA-Z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '_');
}
