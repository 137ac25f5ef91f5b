import { quote } from '../shell/sh.ts';
import type { Become } from './session.ts';

/** How a program is started as another user. */
export interface BecomeCommand {
  /** The command line for the login user's shell. */
  readonly command: string;
  /** What to write first; then `hello` is waited for. Undefined when the program starts without being asked anything. */
  readonly password: string | undefined;
}

/** Words that nobody else knows: sudo's prompt, and what the started shell says and waits for. */
export interface BecomeWords {
  /** The shell to start. */
  readonly shell: string;
  readonly prompt: string;
  readonly hello: string;
  readonly go: string;
}

/**
 * The command line that runs `program` (shell words) as the become user.
 *
 * Without a password it is only put behind `sudo -n` or `doas -n`. With one, a small shell stands before the program:
 * it says hello, so that success is known by a random word and not by a prompt's text, and it drops what it reads up
 * to the word `go`: a password that was not asked for (NOPASSWD, su as root) must not reach the program as input.
 */
export function becomeCommand(become: Become, program: string, words: BecomeWords): BecomeCommand {
  const user = quote(become.user);
  const exe = quote(become.exe ?? become.method);
  const flags = (become.flags ?? []).map(quote);
  const greeting = `${quote(words.shell)} -c ${quote(greet(program, words))}`;
  const line = (...parts: readonly string[]) => ['exec', exe, ...parts].join(' ');
  switch (become.method) {
    case 'sudo': {
      // as Ansible: -H -S -n are the default flags; -n and -S are ours to choose
      const own = become.flags === undefined ? ['-H'] : flags.filter(flag => flag !== '-n' && flag !== '-S');
      if (become.password === undefined)
        return { command: line(...own, '-n', '-u', user, '--', program), password: undefined };
      return {
        command: line(...own, '-S', '-p', quote(words.prompt), '-u', user, '--', greeting),
        password: become.password,
      };
    }
    case 'su':
      // su has no -n: an empty password makes it fail at once where it would wait for one
      return { command: line(...flags, user, '-c', quote(`exec ${greeting}`)), password: become.password ?? '' };
    case 'doas':
      return { command: line(...flags.filter(flag => flag !== '-n'), '-n', '-u', user, program), password: undefined };
    default:
      return unreachable(become.method);
  }
}

function greet(program: string, words: BecomeWords): string {
  return (
    `printf '\\n%s\\n' ${words.hello}; ` +
    `while IFS= read -r tp_l; do [ "$tp_l" = ${words.go} ] && exec ${program}; done; exit 1`
  );
}

/** What to do about a become that failed, by what was tried. */
export function becomeAdvice(become: Become, from: string): string {
  const given = become.password !== undefined;
  switch (become.method) {
    case 'sudo':
      return given
        ? `check ansible_become_password (-K asks for it): it is the password of ${from}, who must be allowed sudo to ${become.user}`
        : `set ansible_become_password (-K asks for it), or allow ${from} sudo to ${become.user} with NOPASSWD`;
    case 'su':
      return given
        ? `check ansible_become_password (-K asks for it): for su it is the password of ${become.user}; an account without a login shell needs ansible_become_flags "-s /bin/sh"`
        : `set ansible_become_password (-K asks for it) to the password of ${become.user}, or use ansible_become_method sudo`;
    case 'doas':
      return `allow it in doas.conf: "permit nopass ${from} as ${become.user}" (doas reads passwords from a terminal only)`;
    default:
      return unreachable(become.method);
  }
}

function unreachable(method: never): never {
  throw new Error(`internal: not a become method: ${String(method)}`);
}
