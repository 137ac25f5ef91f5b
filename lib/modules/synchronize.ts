import type { Locals } from '../module.ts';
import { defineConverge } from '../module.ts';
import { baseName, homeWord } from './shared/path.ts';
import type { Rule } from './shared/rsync-rules.ts';
import type { SyncTree } from './shared/sync.ts';
import { syncApply } from './shared/sync-apply.ts';
import { itemised } from './shared/sync-lines.ts';
import { syncGoal, syncProbe } from './shared/sync-look.ts';
import { type Depth, folderRules, rulesOf, skipper } from './shared/sync-rules.ts';

const archived = { type: 'boolean' } as const;

interface Args {
  readonly src: string;
  readonly dest: string;
  readonly mode: string;
  readonly archive: boolean;
  readonly checksum: boolean;
  readonly compress: boolean;
  readonly copy_links: boolean;
  readonly delete: boolean;
  readonly dirs: boolean;
  readonly existing_only: boolean;
  readonly recursive?: boolean | undefined;
  readonly links?: boolean | undefined;
  readonly perms?: boolean | undefined;
  readonly times?: boolean | undefined;
  readonly owner?: boolean | undefined;
  readonly group?: boolean | undefined;
  readonly partial: boolean;
  readonly rsync_opts?: readonly string[] | undefined;
  readonly rsync_timeout: number;
  readonly rsync_path?: string | undefined;
  readonly link_dest?: readonly string[] | undefined;
  readonly private_key?: string | undefined;
  readonly dest_port?: number | undefined;
}

export default defineConverge({
  name: 'synchronize',
  doc: 'Makes a folder of the host the same as one of the controller, or the other way, or one of another host, over the connections that there are: no side needs rsync. What is right is not sent; the rest goes as one archive.',
  notes: [
    'With delegate_to, push goes from that host to the host of the task, pull the other way; where both are one, it goes from one folder of it to another. All goes through the controller, which keeps nothing of it: the hosts need not reach each other.',
    'become is about the host of the task. What is read or written on the controller or on the host of delegate_to is so as the user who logs in there.',
    'New files are put in place together, when all have arrived whole. A file that is changed while it is read is an error, and then nothing is.',
  ],
  args: {
    properties: {
      src: {
        type: 'string',
        description:
          'File or folder of the controller, with pull or delegate_to of a host; a folder ending in / means what is in it.',
      },
      dest: { type: 'string', description: 'Path where it goes to; its last part is made where it is missing.' },
      mode: {
        type: 'string',
        enum: ['pull', 'push'],
        default: 'push',
        description:
          'push: from the controller, or the host of delegate_to, to the host; pull: from the host to there. A relative dest on the controller is seen from the playbook.',
      },
      archive: {
        type: 'boolean',
        default: true,
        description: 'Turns recursive, links, perms, times, owner and group on. Devices and sockets are passed over.',
      },
      checksum: {
        type: 'boolean',
        default: false,
        description: 'Files are the same by their checksum, not by size and time. So it is too where times is off.',
      },
      compress: {
        type: 'boolean',
        default: true,
        description: 'Taken and without effect: what is sent is not packed, which takes longer than most links do.',
      },
      copy_links: { type: 'boolean', default: false, description: 'Copies what links lead to.' },
      delete: {
        type: 'boolean',
        default: false,
        description: 'Removes what is in dest and not in src, when all else is done; what is excluded stays.',
      },
      dirs: {
        type: 'boolean',
        default: false,
        description: 'Without recursive: makes the folders, not what is in them.',
      },
      existing_only: { type: 'boolean', default: false, description: 'Makes nothing that is not there.' },
      recursive: { ...archived, description: 'What is in folders too; as archive unless told.' },
      links: { ...archived, description: 'Copies links as links, else they are passed over; as archive unless told.' },
      perms: { ...archived, description: 'Permissions as they are in src; as archive unless told.' },
      times: { ...archived, description: 'Modification times as they are in src; as archive unless told.' },
      owner: {
        ...archived,
        description: 'Owners by name, where the user on the host is root; as archive unless told.',
      },
      group: { ...archived, description: 'Groups by name, where the user may; as archive unless told.' },
      rsync_opts: {
        type: 'array',
        items: { type: 'string' },
        description:
          'Of the options of rsync: --exclude=PATTERN, --include=PATTERN, --filter="- PATTERN"; --checksum, --delete, --existing, --size-only are errors that say what to write.',
      },
      delay_updates: {
        type: 'boolean',
        default: true,
        description: 'In any case new files are put in place together.',
      },
      partial: {
        type: 'boolean',
        default: false,
        description: 'Refused when true: a transfer that was cut begins anew.',
      },
      rsync_timeout: { type: 'integer', default: 0, description: 'Refused: write the keyword timeout.' },
      rsync_path: { type: 'string', description: 'Refused: there is no rsync; for another user write become.' },
      link_dest: {
        type: 'array',
        items: { type: 'string' },
        description: 'Refused: nothing is linked to another folder.',
      },
      private_key: { type: 'string', description: 'Refused: write ansible_ssh_private_key_file.' },
      dest_port: { type: 'integer', description: 'Refused: write ansible_port.' },
      set_remote_user: { type: 'boolean', default: true, description: "Without effect: the connection is the task's." },
      use_ssh_args: { type: 'boolean', default: false, description: "Without effect: the connection is the task's." },
      verify_host: { type: 'boolean', default: false, description: 'Without effect: host keys are always verified.' },
      ssh_connection_multiplexing: { type: 'boolean', default: false, description: 'Without effect.' },
    },
    required: ['src', 'dest'],
  },
  examples: `
- synchronize: { src: site/, dest: /srv/www, delete: true, rsync_opts: ["--exclude=.git", "--exclude=/cache/"] }
- synchronize: { src: conf, dest: /etc/app, owner: false, group: false }
- synchronize: { mode: pull, src: /var/log/app/, dest: "logs/{{ inventory_hostname }}/" }
- name: From db1 to the host of the task
  synchronize: { src: /srv/dump/, dest: /srv/dump }
  delegate_to: db1
`,
  returns: {
    msg: "what was done, a line a path, as rsync's --itemize-changes has it",
    stdout_lines: 'the same as a list',
    rc: '0',
    cmd: 'what was made the same as what',
  },

  check(a) {
    if (a.partial) return 'partial is not supported: a transfer that was cut begins anew; leave it out';
    if (a.rsync_timeout !== 0) return 'rsync_timeout is not supported: write the keyword timeout at the task';
    if (a.rsync_path !== undefined)
      return 'rsync_path is not supported, there is no rsync: to write as another user write become: true at the task';
    if (a.link_dest !== undefined) return 'link_dest is not supported: leave it out';
    if (a.private_key !== undefined)
      return 'private_key is not supported: write the variable ansible_ssh_private_key_file';
    if (a.dest_port !== undefined) return 'dest_port is not supported: write the variable ansible_port';
    if (/^rsync:\/\/|^[^/]*::/.test(a.src) || /^rsync:\/\/|^[^/]*::/.test(a.dest))
      return 'the protocol of rsync is not supported: give paths';
    if (a.delete && !on(a, 'recursive')) return 'delete needs recursive';
    const rules = rulesOf(a.rsync_opts);
    return 'error' in rules ? rules.error : undefined;
  },

  needs: a => [
    {
      kind: 'tree',
      path: a.src,
      word: homeWord(a.src),
      follow: a.copy_links,
      decrypt: false,
      inPieces: true,
      sums: sumsDecide(a),
      skip: skipper(rulesIn(a), { within: a.src.endsWith('/') ? '' : baseName(a.src), depth: depthOf(a) }),
    },
  ],

  goal: (a, local) => syncGoal(treeOf(a, local)),
  probe: (a, _, local) => syncProbe(treeOf(a, local)),
  apply: (a, local, before = {}) => syncApply(treeOf(a, local), before),
  looksFirst: true,
  between: a => (a.mode === 'pull' ? 'pull' : 'push'),

  values(a, _, local, before) {
    const lines = itemised(treeOf(a, local), before, a.mode === 'pull' ? '>' : '<');
    return {
      msg: lines.map(line => `${line}\n`).join(''),
      stdout_lines: lines,
      rc: 0,
      cmd: `synchronize ${a.src} ${a.dest}`,
    };
  },
});

function sumsDecide(a: Args): boolean {
  return a.checksum || !on(a, 'times');
}

type Switch = 'recursive' | 'links' | 'perms' | 'times' | 'owner' | 'group';

function on(a: Args, name: Switch): boolean {
  return a[name] ?? a.archive;
}

function rulesIn(a: Args): readonly Rule[] {
  const parsed = rulesOf(a.rsync_opts);
  return 'rules' in parsed ? parsed.rules : [];
}

/** How far down it goes. */
function depthOf(a: Args): Depth {
  if (on(a, 'recursive')) return 'all';
  return a.dirs && a.src.endsWith('/') ? 'first' : 'none';
}

function treeOf(a: Args, local: Locals): SyncTree {
  const data = local.get(a.src);
  if (data === undefined) throw new Error(`internal: ${a.src} was not read`);
  const { delete: remove, existing_only: existing } = a;
  return {
    ...{ dest: a.dest, name: baseName(a.src), inside: a.src.endsWith('/') },
    files: data.files.filter(f => f.type !== 'link' || on(a, 'links')),
    itself: on(a, 'recursive') || a.dirs ? data.itself : undefined,
    rules: rulesIn(a),
    folderRules: folderRules(data.files),
    ...{ perms: on(a, 'perms'), times: on(a, 'times'), owner: on(a, 'owner'), group: on(a, 'group') },
    ...{ checksum: sumsDecide(a), remove, existing, contents: data.contents },
  };
}
