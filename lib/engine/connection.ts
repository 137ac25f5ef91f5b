import type { BecomeKeywords, Directives } from '../playbook/program.ts';
import { sshArgs } from '../remote/connection-options.ts';
import type { Become, Connection } from '../remote/session.ts';
import type { Scope, Value } from '../template/values.ts';
import { didYouMean } from '../text/near.ts';
import type { ConnectionSettings } from './context.ts';
import { flagOf, plain, textOf } from './values.ts';

/** A variable of a connection that cannot be what it is. */
export class ConnectionFault extends Error {}

export interface Resolved {
  readonly connection: Connection;
  readonly become: Become | undefined;
}

interface Where {
  /** The host the session is opened to (the delegate's where a task is delegated). */
  readonly host: string;
  /** That host's variables. */
  readonly vars: Scope;
  readonly directives: Directives;
  readonly settings: ConnectionSettings;
  /** Remembers passwords as secret. */
  readonly hide: (secret: string) => void;
}

/** How to reach a host for a task: inventory variables before keywords before command-line options, as Ansible. */
export function resolveConnection(at: Where): Resolved {
  const variable = (...names: string[]) => firstText(at.vars, names);
  const secret = (...names: string[]) => {
    const text = variable(...names);
    if (text !== undefined) at.hide(text);
    return text;
  };
  const { directives, settings } = at;
  const transport =
    variable('ansible_connection') ?? textOf(directives.connection, at.vars) ?? settings.transport ?? 'ssh';
  const args = sshArgs(
    [
      variable('ansible_ssh_args') ?? settings.args,
      variable('ansible_ssh_common_args') ?? settings.commonArgs,
      variable('ansible_ssh_extra_args') ?? settings.extraArgs,
    ]
      .filter(Boolean)
      .join(' '),
  );
  const port = variable('ansible_port', 'ansible_ssh_port') ?? textOf(directives.port, at.vars);
  const timeout = variable('ansible_timeout', 'ansible_ssh_timeout');
  const connection: Connection = {
    name: at.host,
    transport: transportOf(transport),
    address: variable('ansible_host', 'ansible_ssh_host') ?? at.host,
    port: port === undefined ? (args.options.port ?? settings.port) : portOf(port),
    user:
      variable('ansible_user', 'ansible_ssh_user') ??
      textOf(directives.remoteUser, at.vars) ??
      args.options.user ??
      settings.user,
    password: secret('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? settings.password,
    privateKeyFile:
      variable('ansible_ssh_private_key_file', 'ansible_private_key_file') ??
      args.options.privateKeyFile ??
      settings.privateKeyFile,
    passphrase: secret('ansible_ssh_private_key_passphrase'),
    // Undefined where nobody says: then ssh_config's ConnectTimeout counts.
    connectTimeoutMs:
      timeout === undefined ? (args.options.connectTimeoutMs ?? settings.timeoutMs) : Number(timeout) * 1000,
    retries: Number(variable('ansible_ssh_retries') ?? settings.retries),
    hostKeys: hostKeysOf(at.vars) ?? args.options.hostKeys ?? settings.hostKeys,
    knownHostsFiles: args.options.knownHostsFiles,
    proxyJump: args.options.proxyJump,
    shell: variable('ansible_shell_executable') ?? settings.shell,
  };
  return { connection, become: becomeOf(at, variable, secret) };
}

type Read = (...names: string[]) => string | undefined;

function becomeOf(at: Where, variable: Read, secret: Read): Become | undefined {
  const keywords: BecomeKeywords = at.directives.become;
  const { settings } = at;
  const asked = variable('ansible_become');
  const wanted = asked === undefined ? (flagOf(keywords.become, at.vars) ?? settings.become) : truthy(asked);
  if (!wanted) return undefined;
  const method =
    variable('ansible_become_method') ?? textOf(keywords.method, at.vars) ?? settings.becomeMethod ?? 'sudo';
  const short = method.replace(/^(ansible\.builtin|community\.general)\./, '');
  if (short !== 'sudo' && short !== 'su' && short !== 'doas')
    throw new ConnectionFault(
      `the become method "${method}" is not supported: ${didYouMean(method, ['sudo', 'su', 'doas']) ?? 'use sudo, su or doas'}`,
    );
  const flags = variable('ansible_become_flags') ?? textOf(keywords.flags, at.vars) ?? settings.becomeFlags;
  return {
    method: short,
    user: variable('ansible_become_user') ?? textOf(keywords.user, at.vars) ?? settings.becomeUser ?? 'root',
    password:
      secret('ansible_become_password', 'ansible_become_pass', `ansible_${short}_pass`) ?? settings.becomePassword,
    exe: variable('ansible_become_exe') ?? textOf(keywords.exe, at.vars) ?? settings.becomeExe,
    flags: flags?.split(/\s+/).filter(f => f !== ''),
  };
}

function firstText(vars: Scope, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value: Value | undefined = vars.get(name);
    if (value !== undefined && value !== null) return String(plain(value));
  }
  return undefined;
}

function truthy(text: string): boolean {
  return ['true', 'yes', 'on', '1', 'y', 't'].includes(text.toLowerCase());
}

function transportOf(name: string): Connection['transport'] {
  const short = name.replace(/^ansible\.(builtin|netcommon)\./, '');
  if (short === 'ssh' || short === 'smart' || short === 'paramiko' || short === 'paramiko_ssh') return 'ssh';
  if (short === 'local') return 'local';
  throw new ConnectionFault(`the connection "${name}" is not supported: use ssh or local`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new ConnectionFault(`"${text}" is not a port: a number from 1 to 65535`);
}

function hostKeysOf(vars: Scope): Connection['hostKeys'] {
  const value = firstText(vars, ['ansible_ssh_host_key_checking', 'ansible_host_key_checking']);
  if (value === undefined) return undefined;
  return truthy(value) ? 'strict' : 'off';
}
