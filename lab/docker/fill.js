// Before anything is started in the container: has the databases, and the package with its placeholders replaced.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const mysql = require('/opt/tars/package/web/node_modules/mysql2/promise');

const { MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_ROOT_PASSWORD, INET, SLAVE, REBUILD } = process.env;
const source = '/opt/tars/package';
const app = '/usr/local/app';
const core = ['tarsregistry', 'tarsconfig', 'tarsnotify', 'tarsqueryproperty', 'tarsquerystat'];
const onMaster = ['tarsAdminRegistry', ...core, 'tarsproperty', 'tarsstat', 'tarslog', 'tarspatch'];
const servers = [...(SLAVE === 'true' ? core : onMaster), 'tarsnode'];

const address = (os.networkInterfaces()[INET] || []).find(one => one.family === 'IPv4' || one.family === 4)?.address;
if (address === undefined) throw new Error(`INET: there is no interface ${INET} with an IPv4 address`);
if (REBUILD !== 'false') throw new Error('REBUILD: this image resets nothing');

const filled = text =>
  text
    .replaceAll('TARS_PATH', `${app}/tars`)
    .replaceAll('WEB_PATH', app)
    .replaceAll('UPLOAD_PATH', app)
    .replaceAll('registryAddress', `tcp -h ${address} -p 17890`)
    .replaceAll('registry.tars.com', address)
    .replaceAll('localip.tars.com', address)
    .replaceAll('db.tars.com', MYSQL_HOST)
    .replace(/^(\s*dbport\s*=\s*).*$/gm, (_, key) => key + MYSQL_PORT)
    .replace(/^(\s*dbuser\s*=\s*).*$/gm, (_, key) => key + MYSQL_USER)
    .replace(/^(\s*dbpass\s*=\s*).*$/gm, (_, key) => key + MYSQL_ROOT_PASSWORD)
    .replace("port: '3306'", () => `port: '${MYSQL_PORT}'`)
    .replace("user: 'tars'", () => `user: ${JSON.stringify(MYSQL_USER)}`)
    .replace("password: 'tars2015'", () => `password: ${JSON.stringify(MYSQL_ROOT_PASSWORD)}`);

const same = text => text;

/** Copies a tree; `text` makes of a file what it becomes. */
function copy(from, to, text = filled) {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [a, b] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.name === 'node_modules') fs.rmSync(b, { force: true, recursive: true }), fs.symlinkSync(a, b);
    else if (entry.isDirectory()) copy(a, b, text);
    else {
      fs.writeFileSync(b, text(fs.readFileSync(a, 'utf8')));
      fs.chmodSync(b, fs.statSync(a).mode);
    }
  }
}

function link(target, at) {
  fs.mkdirSync(target, { recursive: true });
  fs.mkdirSync(path.dirname(at), { recursive: true });
  if (!fs.existsSync(at)) fs.symlinkSync(target, at);
}

async function databases() {
  const login = { host: MYSQL_HOST, port: Number(MYSQL_PORT), user: MYSQL_USER, password: MYSQL_ROOT_PASSWORD };
  const to = await mysql.createConnection({ ...login, multipleStatements: true });
  const file = name => filled(fs.readFileSync(path.join(source, name), 'utf8'));
  const made = { tars_stat: '', tars_property: '', db_tars: file('framework/sql/db_tars.sql') };
  for (const name of fs.readdirSync(`${source}/web/sql`)) made[path.basename(name, '.sql')] = file(`web/sql/${name}`);
  for (const [name, sql] of SLAVE === 'true' ? [] : Object.entries(made)) {
    await to.query(`CREATE DATABASE IF NOT EXISTS ${name}`);
    const [tables] = await to.query(`SHOW TABLES FROM ${name}`);
    if (tables.length === 0 && sql !== '') await to.query(`USE ${name}; ${sql}`);
  }
  const rows = [
    'tars_servers',
    ...(SLAVE === 'true' ? [] : ['tars_servers_master', 'tars_servers_logs']),
    'tars_node_init',
  ];
  for (const name of rows) await to.query(`USE db_tars; ${file(`framework/sql/${name}.sql`)}`);
  await to.end();
}

async function main() {
  link('/data/tars/app_log', `${app}/tars/app_log`);
  link('/data/tars/patchs', `${app}/patchs`);
  link('/data/tars/web_log', `${app}/web/log`);
  for (const server of servers) {
    for (const from of ['servers', 'conf', 'util-linux']) {
      if (fs.existsSync(`${source}/framework/${from}/${server}`))
        copy(`${source}/framework/${from}/${server}`, `${app}/tars/${server}`, from === 'servers' ? same : filled);
    }
  }
  if (SLAVE !== 'true') {
    copy(`${source}/web`, `${app}/web`, same);
    copy(`${source}/web/config`, `${app}/web/config`);
  }
  await databases();
  fs.writeFileSync('/opt/tars/started', `SERVERS='${servers.join(' ')}'\n`);
}

main().catch(error => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
