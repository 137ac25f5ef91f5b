/** What the 11 servers are: their ports, databases and what the sample's programs are made of. */

export type Layout = '1.x' | '3.x';

export interface Adapter {
  readonly object: string;
  readonly port: number;
  /** The only layout that has it; both when absent. */
  readonly layout?: Layout;
  readonly protocol?: 'tars' | 'not_tars';
}

export interface Server {
  readonly name: string;
  /** Port of the admin object, on 127.0.0.1. */
  readonly admin: number;
  readonly adapters: readonly Adapter[];
  /** The SQL file that registers it; tarsnode registers itself. */
  readonly registeredBy?: 'tars_servers' | 'tars_servers_master' | 'tars_servers_logs';
  readonly database?: Database;
  /** Perl pieces of package/servers/, in order. */
  readonly pieces: readonly string[];
  /** Scripts of util/ beside execute.sh, start.sh and stop.sh. */
  readonly scripts?: readonly string[];
}

export interface Database {
  /** Section of the conf below `tars`, as `db` or `statdb/db1`. */
  readonly section: string;
  readonly name: string;
  /** What the server asks its database when it starts: a login alone would not notice a missing schema. */
  readonly firstSql: string;
  /** Shared memory segments of 64 MiB that it leaves behind. */
  readonly segments?: number;
}

const withDatabase = ['mysql.pl', 'server.pl', 'plain.pl'];
const withoutDatabase = ['server.pl', 'plain.pl'];

const db = (table: string): Database => ({
  section: 'db',
  name: 'db_tars',
  firstSql: `SELECT COUNT(*) FROM ${table}`,
});

const monthly = (kind: 'stat' | 'property', segments?: number): Database => ({
  section: `${kind}db/db1`,
  name: `tars_${kind}`,
  firstSql:
    segments === undefined
      ? 'SELECT 1'
      : `CREATE TABLE IF NOT EXISTS tars_${kind}_sample (f_date date NOT NULL, f_tflag varchar(8) NOT NULL, value text)`,
  ...(segments === undefined ? {} : { segments }),
});

/** Adapters of tarsquerystat and tarsqueryproperty: the web asks them without the Tars protocol before 3.x. */
const query = (port: number): readonly Adapter[] => [
  { object: 'QueryObj', port, layout: '3.x' },
  { object: 'NoTarsObj', port, layout: '1.x', protocol: 'not_tars' },
];

/** All servers in the order in which they start. */
export const servers: readonly Server[] = [
  {
    name: 'tarsAdminRegistry',
    admin: 12307,
    adapters: [{ object: 'AdminRegObj', port: 12000 }],
    registeredBy: 'tars_servers_master',
    database: db('t_server_patchs'),
    pieces: ['mysql.pl', 'server.pl', 'admin.pl'],
  },
  {
    name: 'tarsregistry',
    admin: 17897,
    adapters: [
      { object: 'QueryObj', port: 17890 },
      { object: 'RegistryObj', port: 17891 },
    ],
    registeredBy: 'tars_servers',
    database: db('t_node_info'),
    pieces: ['mysql.pl', 'server.pl', 'registry.pl'],
    scripts: ['monitor'],
  },
  {
    name: 'tarsconfig',
    admin: 18197,
    adapters: [{ object: 'ConfigObj', port: 18193 }],
    registeredBy: 'tars_servers',
    database: db('t_config_files'),
    pieces: withDatabase,
  },
  {
    name: 'tarsnode',
    admin: 19387,
    adapters: [
      { object: 'NodeObj', port: 19385, layout: '1.x' },
      { object: 'ServerObj', port: 19386 },
    ],
    pieces: ['server.pl', 'node.pl'],
    scripts: ['monitor', 'check'],
  },
  {
    name: 'tarsnotify',
    admin: 18597,
    adapters: [{ object: 'NotifyObj', port: 18593 }],
    registeredBy: 'tars_servers',
    database: db('t_server_notifys'),
    pieces: withDatabase,
  },
  {
    name: 'tarsproperty',
    admin: 18497,
    adapters: [{ object: 'PropertyObj', port: 18493 }],
    registeredBy: 'tars_servers_master',
    database: monthly('property', 6),
    pieces: withDatabase,
  },
  {
    name: 'tarsqueryproperty',
    admin: 18697,
    adapters: query(18693),
    registeredBy: 'tars_servers',
    database: monthly('property'),
    pieces: withDatabase,
  },
  {
    name: 'tarsquerystat',
    admin: 18397,
    adapters: query(18393),
    registeredBy: 'tars_servers',
    database: monthly('stat'),
    pieces: withDatabase,
  },
  {
    name: 'tarsstat',
    admin: 18297,
    adapters: [{ object: 'StatObj', port: 18293 }],
    registeredBy: 'tars_servers_master',
    database: monthly('stat', 2),
    pieces: withDatabase,
  },
  {
    name: 'tarslog',
    admin: 18997,
    adapters: [
      { object: 'LogObj', port: 18993 },
      { object: 'TopologyObj', port: 18913, layout: '3.x' },
    ],
    registeredBy: 'tars_servers_logs',
    pieces: withoutDatabase,
  },
  {
    name: 'tarspatch',
    admin: 18797,
    adapters: [{ object: 'PatchObj', port: 18793 }],
    registeredBy: 'tars_servers_master',
    pieces: ['server.pl', 'patch.pl'],
    scripts: ['init'],
  },
];

/** The adapters that a server has in a layout. */
export function adaptersOf(server: Server, layout: Layout): readonly Adapter[] {
  return server.adapters.filter(adapter => adapter.layout === undefined || adapter.layout === layout);
}

/** An adapter's section in the conf and row in the database; tarsnode's have short names, as in the real package. */
export function adapterName(server: Server, adapter: Adapter): string {
  return server.name === 'tarsnode'
    ? adapter.object.replace('Obj', 'Adapter')
    : `tars.${server.name}.${adapter.object}Adapter`;
}
