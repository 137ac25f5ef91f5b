import { matchesPatterns } from './known-hosts.ts';

/** What ssh_config says about one host. The first value of a keyword wins; IdentityFile adds up. */
export interface SshHostConfig {
  readonly hostName?: string | undefined;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** A socket path; '' when no agent is to be asked. */
  readonly identityAgent?: string | undefined;
  readonly proxyJump?: string | undefined;
  readonly knownHostsFiles?: readonly string[] | undefined;
  readonly hostKeys?: 'strict' | 'accept-new' | 'off' | undefined;
  readonly connectTimeoutMs?: number | undefined;
}

export interface SshConfig {
  readonly blocks: readonly SshBlock[];
  /** What could not be honoured, with file and line. */
  readonly notes: readonly string[];
}

interface SshBlock {
  readonly patterns: readonly string[];
  /** Keywords in lower case. */
  readonly settings: readonly (readonly [keyword: string, words: readonly string[]])[];
}

export interface ParseOptions {
  /** For notes. */
  readonly file: string;
  /** The texts of the files that an Include names. */
  include(pattern: string): readonly { readonly file: string; readonly text: string }[];
}

/** Parses ssh_config text. Of Match only `all` and `host` are understood: other blocks are noted and never apply. */
export function parseSshConfig(text: string, options: ParseOptions, depth = 0): SshConfig {
  const blocks: { patterns: readonly string[]; settings: (readonly [string, readonly string[]])[] }[] = [];
  const notes: string[] = [];
  let current: readonly string[] = ['*'];
  const open = (patterns: readonly string[]) => {
    current = patterns;
    blocks.push({ patterns, settings: [] });
  };
  open(current);
  text.split('\n').forEach((raw, i) => {
    const line = parseLine(raw);
    if (line === undefined) return;
    const [keyword, words] = line;
    const at = `${options.file}:${i + 1}`;
    if (keyword === 'host') open(words);
    else if (keyword === 'match') open(matchPatterns(words, at, notes));
    else if (keyword === 'include') {
      if (depth >= 16) return notes.push(`${at}: Include nested too deep, ignored`);
      for (const pattern of words)
        for (const found of options.include(pattern)) {
          const inner = parseSshConfig(found.text, { ...options, file: found.file }, depth + 1);
          notes.push(...inner.notes);
          // as ssh: an Include inside a Host block counts only where that block does
          blocks.push(...inner.blocks.map(b => ({ patterns: both(current, b.patterns), settings: [...b.settings] })));
        }
      open(current);
    } else blocks.at(-1)?.settings.push([keyword, words]);
    return undefined;
  });
  return { blocks, notes };
}

/** Patterns that hold when both lists do; an unconditional list adds nothing. */
function both(outer: readonly string[], inner: readonly string[]): readonly string[] {
  if (outer.length === 1 && outer[0] === '*') return inner;
  if (inner.length === 1 && inner[0] === '*') return outer;
  return [...outer.filter(p => p.startsWith('!')), ...inner];
}

function matchPatterns(words: readonly string[], at: string, notes: string[]): readonly string[] {
  const [kind, patterns] = words.map(w => w);
  if (words.length === 1 && kind?.toLowerCase() === 'all') return ['*'];
  if (words.length === 2 && kind?.toLowerCase() === 'host') return (patterns ?? '').split(',');
  notes.push(`${at}: "Match ${words.join(' ')}" is not supported, its settings are ignored; use Host or "Match host"`);
  return [];
}

/** A keyword in lower case and its words; quotes group, `=` may stand between. */
function parseLine(raw: string): readonly [string, readonly string[]] | undefined {
  const found = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(raw);
  if (found === null) return undefined;
  const words: string[] = [];
  for (const match of (found[2] as string).matchAll(/"([^"]*)"|(\S+)/g)) {
    if (match[2]?.startsWith('#')) break; // a comment behind the value
    words.push(match[1] ?? (match[2] as string));
  }
  return words.length === 0 ? undefined : [(found[1] as string).toLowerCase(), words];
}

/** What the files say about a host, by the name it was given. `local` is what `%u` and `~` stand for. */
export function resolveSshConfig(
  config: SshConfig,
  host: string,
  local: { readonly home: string; readonly user: string; readonly loginUser?: string | undefined },
): SshHostConfig {
  const settings = config.blocks.filter(b => matchesPatterns(b.patterns, host)).flatMap(b => b.settings);
  const first = (keyword: string) => settings.find(([k]) => k === keyword)?.[1];
  const word = (keyword: string) => first(keyword)?.[0];
  const hostName = word('hostname')?.replaceAll('%h', host).replaceAll('%%', '%');
  const user = word('user');
  const expand = (path: string) =>
    expandPath(path, { ...local, host: hostName ?? host, remote: local.loginUser ?? user ?? local.user, alias: host });
  const port = Number(word('port'));
  const seconds = Number(word('connecttimeout'));
  const agent = word('identityagent');
  const jump = word('proxyjump');
  return {
    hostName,
    user,
    port: port > 0 ? port : undefined,
    identityFiles: settings
      .filter(([keyword, [path]]) => keyword === 'identityfile' && path !== 'none')
      .map(([, words]) => expand(words[0] as string)),
    identitiesOnly: word('identitiesonly')?.toLowerCase() === 'yes',
    identityAgent: agent === 'none' ? '' : agent === undefined || agent === 'SSH_AUTH_SOCK' ? undefined : expand(agent),
    proxyJump: jump?.toLowerCase() === 'none' ? '' : jump,
    knownHostsFiles: first('userknownhostsfile')?.map(expand),
    hostKeys: hostKeyMode(word('stricthostkeychecking')),
    connectTimeoutMs: seconds > 0 ? seconds * 1000 : undefined,
  };
}

/** Our three ways for ssh's StrictHostKeyChecking: `ask` is strict, since nobody is there to be asked. */
export function hostKeyMode(value: string | undefined): 'strict' | 'accept-new' | 'off' | undefined {
  switch (value?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'no':
    case 'off':
    case 'false':
      return 'off';
    case 'accept-new':
      return 'accept-new';
    default:
      return 'strict';
  }
}

interface PathNames {
  readonly home: string;
  readonly host: string;
  readonly alias: string;
  readonly user: string;
  readonly remote: string;
}

/** A path with `~`, `%d` (home), `%h` (host name), `%n` (as given), `%r` (login user), `%u` (local user). */
export function expandPath(path: string, names: PathNames): string {
  const values: Readonly<Record<string, string>> = {
    d: names.home,
    h: names.host,
    n: names.alias,
    r: names.remote,
    u: names.user,
    '%': '%',
  };
  return path.replace(/^~(?=\/|$)/, names.home).replace(/%([dhnru%])/g, (all, c: string) => values[c] ?? all);
}
