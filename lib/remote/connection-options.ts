import type { Connection } from './session.ts';
import { shellWords } from './shell-words.ts';
import { hostKeyMode } from './ssh-config.ts';

/** What `ansible_ssh_common_args` and `ansible_ssh_extra_args` can say of a connection. */
export type SshOptions = {
  -readonly [K in
    | 'port'
    | 'user'
    | 'privateKeyFile'
    | 'connectTimeoutMs'
    | 'hostKeys'
    | 'knownHostsFiles'
    | 'proxyJump']?: Connection[K];
};

/** Flags of ssh that take no value; of the others the next word is the value. */
const BARE = new Set([...'46AaCfGgKkMNnqsTtVvXxYy']);
/** Flags that are the short form of an option. */
const SHORT: Readonly<Record<string, string>> = { J: 'proxyjump', p: 'port', l: 'user', i: 'identityfile' };

/**
 * Reads arguments of ssh: those with a meaning here become options (as ssh: the first of a kind wins), for every other
 * there is a warning.
 */
export function sshArgs(text: string): { readonly options: SshOptions; readonly warnings: readonly string[] } {
  const options: SshOptions = {};
  const warnings: string[] = [];
  const words = shellWords(text);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const flag = word[1];
    if (!word.startsWith('-') || flag === undefined) {
      warnings.push(`ssh argument "${word}" is ignored: an option was expected`);
      continue;
    }
    if (BARE.has(flag)) {
      warnings.push(`ssh argument "${word}" is ignored: it has no meaning here`);
      continue;
    }
    const value = word.length > 2 ? word.slice(2) : words[++i];
    if (value === undefined) warnings.push(`ssh argument "${word}" is ignored: its value is missing`);
    else if (flag === 'o') option(value, options, warnings);
    else if (SHORT[flag] !== undefined) set(SHORT[flag] as string, value, options, warnings);
    else warnings.push(`ssh argument "-${flag} ${value}" is ignored: it has no meaning here`);
  }
  return { options, warnings };
}

function option(text: string, options: SshOptions, warnings: string[]): void {
  const [, name, value] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    warnings.push(`ssh argument "-o ${text}" is ignored: Name=value was expected`);
  else set(name, value.trim(), options, warnings);
}

function set(name: string, value: string, options: SshOptions, warnings: string[]): void {
  const bad = (expected: string) => warnings.push(`ssh option "${name}=${value}" is ignored: ${expected} was expected`);
  switch (name.toLowerCase()) {
    case 'stricthostkeychecking':
      options.hostKeys ??= hostKeyMode(value);
      return;
    case 'userknownhostsfile':
      // as ssh: an empty or null file means that nothing is known and nothing is kept
      options.knownHostsFiles ??= shellWords(value);
      return;
    case 'proxyjump':
      options.proxyJump ??= value.toLowerCase() === 'none' ? '' : value;
      return;
    case 'port':
      if (!(Number(value) > 0 && Number(value) < 65536)) bad('a port');
      else options.port ??= Number(value);
      return;
    case 'user':
      options.user ??= value;
      return;
    case 'identityfile':
      options.privateKeyFile ??= value;
      return;
    case 'connecttimeout':
      if (!(Number(value) > 0)) bad('a number of seconds');
      else options.connectTimeoutMs ??= Number(value) * 1000;
      return;
    case 'proxycommand': {
      const jump = jumpOf(value);
      if (jump === undefined) warnings.push(`ssh option "${name}=${value}" is ignored: use ProxyJump`);
      else options.proxyJump ??= jump;
      return;
    }
    default:
      warnings.push(`ssh option "${name}=${value}" is ignored: it has no meaning here`);
  }
}

/** The jump host of the usual `ssh -W %h:%p user@host`; undefined for any other command. */
function jumpOf(command: string): string | undefined {
  const words = shellWords(command).filter(word => word !== '-q');
  const port = words.indexOf('-p');
  const [number] = port < 0 ? [] : words.splice(port, 2).slice(1);
  const [ssh, flag, target, host, ...rest] = words[1] === '-W' ? words : moveHost(words);
  if (ssh !== 'ssh' || flag !== '-W' || target !== '%h:%p' || host === undefined || rest.length > 0) return undefined;
  return number === undefined ? host : `${host}:${number}`;
}

/** `ssh host -W %h:%p` in the order `ssh -W %h:%p host`. */
function moveHost(words: readonly string[]): readonly string[] {
  const [ssh = '', host = '', ...rest] = words;
  return [ssh, ...rest, host];
}
