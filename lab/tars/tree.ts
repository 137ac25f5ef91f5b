import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adapterName, adaptersOf, type Layout, type Server, servers } from './servers.ts';

export interface PackageFile {
  readonly text: string;
  readonly executable: boolean;
}

export interface PackageOptions {
  readonly layout: Layout;
  /** Three numbers, as `3.0.17`. */
  readonly version: string;
  /** Makes only the web, or only the servers, say that they are one build further. */
  readonly touch?: 'web' | 'servers';
}

/** The version that an installation starts from; every other one counts as later and brings one more upgrade. */
export const firstVersion: Readonly<Record<Layout, string>> = { '1.x': '1.8.2', '3.x': '3.0.17' };

/** Where the text of the package lives; seen from dist/lab/tars/. */
const source = fileURLToPath(new URL('../../../lab/tars/package/', import.meta.url));

/** All files of a deploy package by their path in it, sorted by nothing: the writer sorts. */
export function packageFiles(options: PackageOptions): Map<string, PackageFile> {
  const files = new Map<string, PackageFile>();
  const add = (path: string, text: string, executable = false): void => {
    files.set(path, { text, executable });
  };
  if (options.layout === '3.x') add('FRAMEWORK_VERSION.txt', options.version);
  for (const server of servers) addServer(add, server, options);
  addSql(add, options);
  addWeb(add, options);
  add('framework/servers/patchclient/bin/patchclient', piece('servers/patchclient.sh'), true);
  add('framework/conf/tarspatch/conf/rsync.conf', piece('conf/rsync.conf'));
  add('framework/conf/tarsnode/data/lib/README.md', piece('conf/lib.README.md'));
  for (const script of ['check', 'tars-start', 'tars-stop']) {
    add(`framework/util-linux/${script}.sh`, piece(`util/${script}.sh`), true);
  }
  for (const path of ['mysql-tool', 'tars-install.sh', 'web-install.sh']) add(path, piece(`util/${path}`), true);
  add('tools/install.sh', piece('util/tools-install.sh'), true);
  return files;
}

type Add = (path: string, text: string, executable?: boolean) => void;

function addServer(add: Add, server: Server, options: PackageOptions): void {
  const { name } = server;
  const conf = `framework/conf/${name}/conf/tars.${name}.config.conf`;
  const util = `framework/util-linux/${name}/util`;
  add(`framework/servers/${name}/bin/${name}`, program(server, options), true);
  add(conf, confOf(server, options.layout));
  add(`${util}/execute.sh`, piece('util/execute.sh'), true);
  for (const script of ['start', 'stop']) {
    add(`${util}/${script}.sh`, fill(piece(`util/${script}.sh`), { NAME: name }), true);
  }
  for (const script of server.scripts ?? []) {
    add(`${util}/${script}.sh`, piece(`util/${name}.${script}.sh`), true);
  }
}

/** One file a server, as a real binary is one file: its constants, then the pieces of Perl. */
function program(server: Server, options: PackageOptions): string {
  const release = options.touch === 'servers' ? `${options.version}-1` : options.version;
  const constants = {
    NAME: server.name,
    RELEASE: release,
    DATABASE: server.database?.section ?? '',
    FIRST_SQL: server.database?.firstSql ?? '',
    SEGMENTS: String(server.database?.segments ?? 0),
  };
  const head = Object.entries(constants).map(([name, value]) => `$${name} = '${value}';\n`);
  return ['#!/usr/bin/perl\n', ...head, ...server.pieces.map(file => piece(`servers/${file}`))].join('\n');
}

function confOf(server: Server, layout: Layout): string {
  const adapters = adaptersOf(server, layout).map(adapter =>
    fill(piece('conf/adapter.conf'), {
      NAME: server.name,
      ADAPTER: adapterName(server, adapter),
      OBJECT: adapter.object,
      PORT: String(adapter.port),
    }),
  );
  const text = fill(piece('conf/server.conf'), {
    NAME: server.name,
    ADMIN: String(server.admin),
    LOCATOR: server.name === 'tarsnode' ? 'registryAddress' : 'tcp -h registry.tars.com -p 17890',
    ADAPTERS: adapters.join('').trimEnd(),
    EXTRA: extraOf(server),
  });
  return server.name === 'tarspatch'
    ? text.replace(
        '<tars>\n',
        '<tars>\n    directory=UPLOAD_PATH/patchs/tars\n    uploadDirectory=UPLOAD_PATH/patchs/tars.upload\n',
      )
    : text;
}

/** The part of a conf after `<application>`: its database, or the piece of conf/ named like the server. */
function extraOf(server: Server): string {
  if (server.database === undefined) {
    return ['tarsnode', 'tarslog'].includes(server.name) ? piece(`conf/${server.name}.conf`).trimEnd() : '';
  }
  const sections = server.database.section.split('/');
  const indent = (depth: number): string => ' '.repeat(4 * (depth + 1));
  const settings = fill(piece('conf/database.conf'), { DATABASE: server.database.name }).trimEnd().split('\n');
  return [
    ...sections.map((section, depth) => `${indent(depth)}<${section}>`),
    ...settings.map(line => indent(sections.length) + line),
    ...sections.map((section, depth) => `${indent(depth)}</${section}>`).reverse(),
  ].join('\n');
}

function addSql(add: Add, options: PackageOptions): void {
  for (const file of ['tars_servers', 'tars_servers_master', 'tars_servers_logs'] as const) {
    const rows = servers.filter(server => server.registeredBy === file).map(server => rowsOf(server, options.layout));
    add(`framework/sql/${file}.sql`, fill(piece(`sql/${file}.sql`), { SERVERS: rows.join('\n') }));
  }
  for (const file of ['db_tars.sql', 'tars_upgrade.conf', 'tars_node_init.sql']) {
    add(`framework/sql/${file}`, marked(piece(`sql/${file}`), options));
  }
  for (const name of readdirSync(join(source, 'sql/template'))) {
    add(`framework/sql/template/${name}`, fill(piece(`sql/template/${name}`), { VERSION: options.version }));
  }
}

function rowsOf(server: Server, layout: Layout): string {
  const adapters = adaptersOf(server, layout).map(adapter =>
    fill(piece('sql/adapter.sql'), {
      NAME: server.name,
      ADAPTER: adapterName(server, adapter),
      OBJECT: adapter.object,
      PORT: String(adapter.port),
      PROTOCOL: adapter.protocol ?? 'tars',
    }),
  );
  return fill(piece('sql/server.sql'), { NAME: server.name }) + adapters.join('');
}

function addWeb(add: Add, options: PackageOptions): void {
  const version = options.touch === 'web' ? `${options.version}-1` : options.version;
  // Where the web asks whose a ticket is; itself since 3.x.
  const validate = options.layout === '3.x' ? '' : 'http://127.0.0.1:3001/api/validate';
  const copy = (from: string, to: string): void =>
    add(to, fill(piece(from), { VERSION: version, VALIDATE: validate }), from.endsWith('bin/www'));
  for (const file of ['package.json', 'bin/www', 'config/webConf.js', 'config/tars.conf', 'config/loginConf.js']) {
    copy(`web/${file}`, `web/${file}`);
  }
  for (const name of readdirSync(join(source, 'web/app'))) copy(`web/app/${name}`, `web/app/${name}`);
  copy('web/pages/index.html', 'web/pages/index.html');
  copy('web/sql/db_tars_web.sql', 'web/sql/db_tars_web.sql');
  if (options.layout === '3.x') {
    for (const name of ['db_user_system', 'db_base', 'db_cache_web'])
      copy(`web/sql/${name}.sql`, `web/sql/${name}.sql`);
    return;
  }
  for (const file of ['package.json', 'bin/www', 'config/webConf.js', 'config/loginConf.js']) {
    copy(`demo/${file}`, `web/demo/${file}`);
  }
  for (const name of ['answer.js', 'users.js']) copy(`web/app/${name}`, `web/demo/app/${name}`);
  copy('web/sql/db_user_system.sql', 'web/demo/sql/db_user_system.sql');
}

function piece(path: string): string {
  return readFileSync(join(source, path), 'utf8');
}

/** Replaces every @KEY@: the making's own placeholders, so that those of the package stay. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/@([A-Z]+)@/g, (whole, key: string) => values[key] ?? whole);
}

/** Keeps a line that ends in `--[3.x]`, `--[1.x]` or `--[later]` only in such a package, without the mark. */
function marked(text: string, options: PackageOptions): string {
  const marks = new Set<string>([options.layout]);
  if (options.version !== firstVersion[options.layout]) marks.add('later');
  return text
    .split('\n')
    .flatMap(line => {
      const match = /^(.*?)\s*--\[(.*)\]$/.exec(line);
      if (match === null) return [line];
      return marks.has(match[2] ?? '') ? [match[1] ?? ''] : [];
    })
    .join('\n');
}
