/** The address of a repository, and with which name and password it is asked over http. */
export interface Repository {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** Takes a password out of an address: git would show it to everybody on the host as an argument, and store it. */
export function repositoryOf(address: string): Repository {
  const [, scheme = '', user = '', password = '', rest = ''] =
    /^(https?:\/\/)([^/:@]*):([^/@]*)@(.*)$/s.exec(address) ?? [];
  if (scheme === '') return { url: address, user: '', password: '' };
  return { url: `${scheme}${rest}`, user: decoded(user), password: decoded(password) };
}

/** The command that git starts for ssh: a shell reads it, so that a key's path is one quoted word of it. */
export function sshCommand(a: {
  readonly key_file?: string | undefined;
  readonly ssh_opts?: string | undefined;
  readonly accept_hostkey: boolean;
  readonly accept_newhostkey: boolean;
}): string {
  const words = ['ssh -o BatchMode=yes'];
  if (a.key_file !== undefined) words.push(`-i ${quotedPath(a.key_file)} -o IdentitiesOnly=yes`);
  if (a.ssh_opts !== undefined) words.push(a.ssh_opts);
  if (a.accept_hostkey) words.push('-o StrictHostKeyChecking=no');
  if (a.accept_newhostkey) words.push('-o StrictHostKeyChecking=accept-new');
  return words.join(' ');
}

function quotedPath(path: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return path.startsWith('~/') ? `"$HOME"/${quoted(path.slice(2))}` : quoted(path);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that begins no byte is itself
  }
}
