import { put, type Sh, type SqlLogin, type SqlProgram, sh } from '../../module.ts';
import { hostPath } from './attributes.ts';
import type { LoginArgs } from './mysql-login.ts';
import { wordsOf } from './words.ts';

/** What dumps and imports are made with, as the arguments say. */
export interface DumpArgs extends LoginArgs {
  readonly name: readonly string[];
  readonly target?: string | undefined;
  readonly chdir?: string | undefined;
  readonly encoding?: string | undefined;
  readonly force: boolean;
  readonly restrict_config_file: boolean;
  readonly single_transaction: boolean;
  readonly quick: boolean;
  readonly ignore_tables: readonly string[];
  readonly hex_blob: boolean;
  readonly skip_lock_tables: boolean;
  readonly master_data: 0 | 1 | 2;
  readonly dump_extra_args?: string | undefined;
}

/** Writes a dump to the target; the file that was there stays until all of the new one is. */
export function dumpProgram(a: DumpArgs): SqlProgram {
  const format = formatOf(a);
  return {
    look: sh.lines(...start(a, ['mysqldump', 'mariadb-dump']), sh`tp_mysql_writable ${target(a)} ${format} || exit`),
    run: login =>
      sh.lines(
        ...loggedIn(a, login),
        a.master_data > 0 && sh`tp_flags="$tp_flags $(tp_mysql_source ${a.master_data})" || exit`,
        // unquoted: words without blanks
        sh`tp_install -L -c ${sh.quoted(sh`tp_mysql_print ${format} "$tp_mysql" $tp_mysql_only $tp_flags ${tlsFiles(a)} ${dumpWords(a)}`)} '' ${target(a)}`,
      ),
    values: ({ stderr }) => ({ msg: stderr.trim() }),
  };
}

/** Gives the target to the client to run. */
export function importProgram(a: DumpArgs): SqlProgram {
  const format = formatOf(a);
  return {
    look: sh.lines(...start(a, ['mysql', 'mariadb']), sh`tp_mysql_readable ${target(a)} ${format} || exit`),
    run: login =>
      sh.lines(
        ...loggedIn(a, login),
        sh`tp_mysql_load ${format} ${target(a)} "$tp_mysql" $tp_mysql_only $tp_flags ${tlsFiles(a)} ${importWords(a)}`,
      ),
    values: ({ stderr }) => ({ msg: stderr.trim() }),
  };
}

/** The command as people may see it, without what it logs in by. */
export function dumpText(a: DumpArgs): string {
  const source = a.master_data > 0 ? [`--master-data=${a.master_data}`] : [];
  const packed = { '': '', gz: ' | gzip', bz2: ' | bzip2', xz: ' | xz' }[formatOf(a)];
  return `${sh`mysqldump ${[...source, ...dumpWords(a)]}`}${packed} > ${sh`${a.target}`}`;
}

export function importText(a: DumpArgs): string {
  const unpacked = { '': '', gz: 'gzip -dc', bz2: 'bzip2 -dc', xz: 'xz -dc' }[formatOf(a)];
  const client = sh`mysql ${importWords(a)}`;
  return unpacked === '' ? `${client} < ${sh`${a.target}`}` : `${unpacked} ${sh`${a.target}`} | ${client}`;
}

function dumpWords(a: DumpArgs): readonly string[] {
  const whole = a.name.includes('all');
  const some = [...(a.name.length > 1 ? ['--databases'] : []), ...a.name];
  const names = whole ? ['--all-databases'] : some;
  const words = [
    ...(a.force ? ['--force'] : []),
    ...(a.skip_lock_tables ? ['--skip-lock-tables'] : []),
    ...(a.encoding ? [`--default-character-set=${a.encoding}`] : []),
    ...(a.single_transaction ? ['--single-transaction'] : []),
    ...(a.quick ? ['--quick'] : ['--skip-quick']),
    ...a.ignore_tables.map(table => `--ignore-table=${table}`),
    ...(a.hex_blob ? ['--hex-blob'] : []),
  ];
  const extra = a.dump_extra_args === undefined ? [] : wordsOf(a.dump_extra_args);
  // what is no option among the further arguments is the name of a table, and stands behind the database
  if (!a.name.some(name => name.startsWith('-'))) return [...words, ...names, ...extra];
  return [...words, ...extra, ...(a.name.length > 1 ? ['--databases'] : []), '--', ...a.name];
}

function importWords(a: DumpArgs): readonly string[] {
  const [name = ''] = a.name;
  return [
    ...(a.force ? ['--force'] : []),
    ...(a.encoding ? [`--default-character-set=${a.encoding}`] : []),
    ...(name === 'all' ? [] : ['--one-database', '--', name]),
  ];
}

type Format = '' | 'gz' | 'bz2' | 'xz';

/** As Ansible: by the end of the target's name. */
function formatOf(a: DumpArgs): Format {
  return (/\.(gz|bz2|xz)$/.exec(a.target ?? '')?.[1] ?? '') as Format;
}

function target(a: DumpArgs): Sh {
  return sh`${hostPath(a.target ?? '')}`;
}

/** Finds the program and goes to where paths count from. */
function start(a: DumpArgs, programs: readonly string[]): readonly Sh[] {
  const there = a.chdir === undefined ? [] : [sh`cd -- ${a.chdir} || exit`];
  return [sh`tp_mysql_find ${programs} || exit`, sh`tp_from=$PWD`, ...there];
}

/** Makes the client log in as the look did, and sets tp_flags. */
function loggedIn(a: DumpArgs, login: SqlLogin): readonly Sh[] {
  const config = a.config_file === '' ? [] : [homePath(a.config_file)];
  const files = a.restrict_config_file
    ? config
    : [...config, ...(a.config_file === '~/.my.cnf' ? [] : [homePath('~/.my.cnf')])];
  const mode = login.tls === undefined ? undefined : login.tls.ca === undefined ? 'any' : checked(login.tls);
  return [
    sh`tp_mysql_login ${put(loginOptions(login))} ${a.restrict_config_file && 'only'} ${files} || exit`,
    sh`trap 'rm -rf -- "$tp_mysql_home"' EXIT`,
    mode === undefined ? sh`tp_flags=''` : sh`tp_flags=$(tp_mysql_tls ${mode}) || exit`,
  ];
}

function checked({ checkHostname }: { readonly checkHostname: boolean }): 'name' | 'ca' {
  return checkHostname ? 'name' : 'ca';
}

function tlsFiles(a: DumpArgs): readonly Sh[] {
  const flags = { ca: a.ca_cert, cert: a.client_cert, key: a.client_key };
  return Object.entries(flags).flatMap(([name, path]) =>
    path === undefined ? [] : [sh`--ssl-${sh.code(name)}=${homePath(path)}`],
  );
}

/** A path as the look for the login reads it: from the folder that the session starts in. */
function homePath(path: string): Sh {
  if (path.startsWith('~/')) return sh`"$HOME"/${path.slice(2)}`;
  return path.startsWith('/') ? sh`${path}` : sh`"$tp_from"/${path}`;
}

/** A file of options for the clients. Its last line counts: nothing of other files is left of how to log in. */
export function loginOptions(login: SqlLogin): string {
  const to =
    login.socket === undefined
      ? { protocol: 'tcp', host: login.host, port: String(login.port) }
      : { protocol: 'socket', host: 'localhost', socket: login.socket };
  const options = { ...to, user: login.user, password: login.password };
  return ['[client]', ...Object.entries(options).map(([name, value]) => `${name}=${quotedOption(value)}`), ''].join(
    '\n',
  );
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b' };

/** A value as files of options have it: in quotes blanks and # are its own, and a backslash escapes. */
function quotedOption(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/[\n\r\t\b]/g, c => ESCAPES[c] ?? c)}"`;
}
