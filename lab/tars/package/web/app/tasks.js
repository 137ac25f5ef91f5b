'use strict';
// Tasks: each item is an order to tarsAdminRegistry, which the registry of the locator knows. add_task only numbers the
// task; its work goes on behind it, and at first nothing is known of it.
const crypto = require('crypto');
const net = require('net');
const { Refusal, needed } = require('./answer.js');

const status = { waits: 0, runs: 1, good: 3, failed: 4, partly: 6 };
const verbs = { patch_tars: 'patch', start: 'start', stop: 'stop', restart: 'restart', undeploy_tars: 'undeploy' };

/** What a server of the package answers to one line, behind its banner. */
function order(host, port, line) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host, () => socket.write(line + '\n'));
    let text = '';
    socket.setTimeout(90000, () => socket.destroy(new Error('no answer in 90 s')));
    socket.setEncoding('utf8').on('data', part => {
      text += part;
      const lines = text.split('\n');
      if (lines.length < 3) return;
      resolve(lines[1]);
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(host + ':' + port + ' hung up')));
  });
}

async function adminRegistry(client) {
  const locator = /locator\s*=\s*[^@\n]*@(.*)/.exec(client);
  let why = 'config/tars.conf has no locator';
  for (const endpoint of locator ? locator[1].split(':') : []) {
    const [, host] = /-h\s+(\S+)/.exec(endpoint) || [];
    const [, port] = /-p\s+(\d+)/.exec(endpoint) || [];
    try {
      const answer = await order(host, port, 'find tars.tarsAdminRegistry.AdminRegObj');
      const [, first] = /^endpoints (\S+)/.exec(answer) || [];
      if (first) return first.split(':');
      why = 'tarsregistry says: ' + answer;
    } catch (error) {
      why = 'tarsregistry: ' + error.message;
    }
  }
  throw new Error('tarsAdminRegistry is not found: ' + why);
}

module.exports = function tasks(database, client) {
  const known = new Map();

  async function lineOf(item, row, user) {
    const words = [verbs[item.command], row.node_name, row.server_name];
    if (item.command !== 'patch_tars') return words.join(' ');
    const id = (item.parameters || {}).patch_id;
    const [[patch]] = await database.query('SELECT tgz, md5 FROM db_tars.t_server_patchs WHERE id = ? AND server = ?', [
      id,
      row.application + '.' + row.server_name,
    ]);
    if (!patch) throw new Error('there is no package ' + id + ' of ' + row.application + '.' + row.server_name);
    return words.concat(patch.tgz, patch.md5, id, user).join(' ');
  }

  async function carryOut(item, user) {
    item.shown.status = status.runs;
    try {
      if (item.row.application !== 'tars') throw new Error('the sample runs servers of the application tars only');
      const line = await lineOf(item, item.row, user);
      const [host, port] = await adminRegistry(client);
      const answer = await order(host, port, line);
      item.shown.status = answer.startsWith('ok') ? status.good : status.failed;
      item.shown.execute_info = answer.replace(/^(ok|error:?) ?/, '');
    } catch (error) {
      item.shown.status = status.failed;
      item.shown.execute_info = error.message;
    }
    item.shown.status_info = item.shown.status === status.good ? 'success' : 'failed';
  }

  async function work(task, items, user) {
    task.status = status.runs;
    // a serial task goes on behind an item that failed, as the real one does not stop either
    if (task.serial) for (const item of items) await carryOut(item, user);
    else await Promise.all(items.map(item => carryOut(item, user)));
    const good = items.filter(item => item.shown.status === status.good).length;
    task.status = good === items.length ? status.good : good === 0 ? status.failed : status.partly;
  }

  return {
    async add({ serial, items }, user) {
      if (!Array.isArray(items) || items.length === 0) throw new Refusal('items#common.notEmpty#');
      const orders = [];
      for (const item of items) {
        needed({ server_id: item.server_id, command: item.command });
        if (!verbs[item.command]) throw new Refusal('command#common.notValid#');
        const [[row]] = await database.query('SELECT application, server_name, node_name FROM db_tars.t_server_conf WHERE id = ?', [item.server_id]);
        if (!row) throw new Refusal('no server ' + item.server_id);
        const item_no = crypto.randomBytes(16).toString('hex');
        const shown = Object.assign({ item_no, command: item.command, status: status.waits, status_info: '', execute_info: '' }, row);
        orders.push({ command: item.command, parameters: item.parameters, row, shown });
      }
      const task_no = crypto.randomBytes(16).toString('hex');
      const task = { task_no, serial: serial === true || serial === 'true', status: status.waits, items: orders.map(one => one.shown) };
      // as the real one, which asks the registry for a task that may not have come there yet
      setTimeout(() => {
        known.set(task_no, task);
        work(task, orders, user);
      }, 300);
      return task_no;
    },

    async task({ task_no }) {
      needed({ task_no });
      return known.get(task_no) || {};
    },
  };
};
