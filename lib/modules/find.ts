import { defineQuery, sh } from '../module.ts';
import { hostPath } from './shared/attributes.ts';
import { findOutcome } from './shared/find-filter.ts';
import { type Extended, toExtendedLine, toExtendedWhole } from './shared/posix-regexp.ts';
import { regexpFault } from './shared/python-regexp.ts';

export default defineQuery({
  name: 'find',
  doc: 'Finds files of the host by name, kind, age, size or content.',
  args: {
    properties: {
      paths: {
        type: 'array',
        path: true,
        items: { type: 'string' },
        aliases: ['name', 'path'],
        description: 'Folders to search.',
      },
      patterns: {
        type: 'array',
        items: { type: 'string' },
        aliases: ['pattern'],
        description: 'Names: shell patterns, or regular expressions with use_regex.',
      },
      excludes: { type: 'array', items: { type: 'string' }, aliases: ['exclude'], description: 'Names left out.' },
      use_regex: {
        type: 'boolean',
        default: false,
        description: 'patterns and excludes are Python regular expressions.',
      },
      file_type: {
        type: 'string',
        enum: ['any', 'directory', 'file', 'link'],
        default: 'file',
        description: 'Kind of what is found.',
      },
      recurse: { type: 'boolean', default: false, description: 'Searches the folders below, too.' },
      depth: {
        type: 'integer',
        minimum: 0,
        description: 'How many levels are searched with recurse; 1 is the folder itself, 0 all of them.',
      },
      hidden: { type: 'boolean', default: false, description: 'Finds names that begin with a dot, too.' },
      follow: { type: 'boolean', default: false, description: 'Follows links.' },
      age: { type: 'string', description: 'At least this old, or with a minus at most: 30, 2d, -1w (s m h d w).' },
      age_stamp: {
        type: 'string',
        enum: ['atime', 'ctime', 'mtime'],
        default: 'mtime',
        description: 'The time that age means.',
      },
      size: { type: 'string', description: 'At least this large, or with a minus at most: 10, 1k, -2m (b k m g t).' },
      contains: {
        type: 'string',
        description: 'Python regular expression that a line of the file must match from its start.',
      },
      read_whole_file: {
        type: 'boolean',
        default: false,
        description: 'contains is searched anywhere in the whole text, over line breaks too, not line by line.',
      },
      get_checksum: { type: 'boolean', default: false, description: 'Adds the SHA1 of each file.' },
    },
    required: ['paths'],
  },
  examples: `
- find: { paths: /var/log, patterns: "*.gz,*.1", age: 4w, recurse: true }
  register: old
- file: { path: "{{ item.path }}", state: absent }
  loop: "{{ old.files }}"
`,
  returns: {
    files:
      'of each: path, mode, isdir, isreg, islnk..., uid, gid, pw_name, gr_name, size, inode, nlink, atime, mtime, ctime, checksum',
    matched: 'how many',
    examined: 'how many were looked at',
    skipped_paths: 'folders that could not be searched, with the reason',
  },

  check(a) {
    if (a.age !== undefined && !/^-?\d+[smhdw]?s?$/i.test(a.age))
      return `age "${a.age}" is not a number with s, m, h, d or w`;
    if (a.size !== undefined && !/^-?\d+[bkmgt]?$/i.test(a.size))
      return `size "${a.size}" is not a number with b, k, m, g or t`;
    if (a.use_regex)
      for (const p of [...(a.patterns ?? []), ...(a.excludes ?? [])]) {
        const fault = regexpFault('patterns', p);
        if (fault !== undefined) return fault;
      }
    const content = contentOf(a) ?? { text: '' };
    return 'error' in content ? `contains: ${content.error}` : regexpFault('contains', a.contains);
  },

  probe(a) {
    const levels = a.recurse ? (a.depth ?? 0) : 1;
    const limits = levels > 0 && ['-maxdepth', levels];
    // the /. : a root that is a link is searched; a name with a line break would look like two: it is not found
    const found = sh`find ${a.follow && '-L'} "$tp_root/." ${limits} ! -path "$tp_root/." ! -path "*$tp_nl*"`;
    const contains = contentOf(a);
    const pattern = contains !== undefined && 'text' in contains ? contains : undefined;
    const flags = pattern?.ignoreCase && '-i';
    const containing = a.read_whole_file
      ? sh`while IFS= read -r tp_p; do if sed "s/$(printf '\r')\$//" <"$tp_p" | tr '\n\0' '\001\002' | grep -a -qE ${[flags]} -e ${pattern?.text}; then printf 'c=%s\n' "$tp_p"; fi; done`
      : undefined;
    return sh.lines(
      sh`[ -n "$tp_stat_c" ] || tp_error 'find needs a stat command that knows -c: install coreutils' || exit`,
      a.get_checksum && sh`tp_sum sha1 /dev/null || exit`,
      sh`for tp_root in ${a.paths.map(hostPath)}; do`,
      sh`  printf 'root=%s\n' "$tp_root"`,
      sh`  [ -d "$tp_root" ] || { printf 'missing=%s\n' "$tp_root"; continue; }`,
      sh`  printf 'examined=%d\n' "$(${found} | wc -l)"`,
      sh`  ${found} -exec stat -c 'f=%f:%u:%g:%s:%X:%Y:%Z:%h:%i:%d:%U:%G:%n' -- {} +`,
      containing && sh`  ${found} -type f | ${containing}`,
      pattern !== undefined &&
        !containing &&
        sh`  ${found} -type f -exec grep -a -lE ${[flags]} -e ${pattern.text} -- {} + | sed 's/^/c=/'`,
      a.get_checksum &&
        sh`  if tp_has sha1sum; then ${found} -type f -exec sha1sum -- {} + | sed 's/^/s=/'
  else ${found} -type f | while IFS= read -r tp_p; do tp_sum sha1 "$tp_p" && printf 's=%s  %s\n' "$tp_sum" "$tp_p"; done
  fi`,
      sh`done`,
      sh`printf 'now=%s\n' "$(date +%s)"`,
    );
  },

  parse: (reply, a) => findOutcome(reply, a),
});

/** What the files' content shall match, for the host's grep. */
function contentOf(a: {
  readonly contains?: string | undefined;
  readonly read_whole_file: boolean;
}): Extended | undefined {
  if (a.contains === undefined) return undefined;
  return a.read_whole_file ? toExtendedWhole(a.contains) : toExtendedLine(a.contains);
}
