'use strict';
// The API by its paths below /api and /pages/server/api.
const { Refusal } = require('./answer.js');

module.exports = function api({ users, lists, upload, tasks, database }) {
  /** Uploads and starts to publish on all nodes of the server: its answer comes before that is done. */
  async function uploadAndPublish(fields, files, user) {
    const patch = await upload(fields, files, user);
    const [rows] = await database.query('SELECT id, node_name FROM db_tars.t_server_conf WHERE application = ? AND server_name = ?', [
      fields.application,
      fields.module_name,
    ]);
    const items = rows.map(row => ({ server_id: row.id, command: 'patch_tars', parameters: { patch_id: patch.id } }));
    if (items.length === 0) throw new Refusal(patch.server + ' is deployed nowhere');
    await tasks.add({ serial: true, items }, user);
    return rows.map(row => ({ node_name: row.node_name, status: 'RUNNING' }));
  }

  const open = users && { login: users.login, adminModifyPass: users.adminModifyPass };
  const GET = Object.assign({ task: tasks.task }, lists);
  delete GET.deploy_server;
  return {
    // what needs no login; without an own user system (1.x) it is elsewhere
    open: { POST: open || {} },
    closed: {
      GET,
      POST: Object.assign(
        {
          deploy_server: lists.deploy_server,
          upload_patch_package: (values, files, user) => upload(values, files, user),
          upload_and_publish: uploadAndPublish,
          add_task: (values, files, user) => tasks.add(values, user),
        },
        users && { 'auth/addToken': (values, files, user) => users.addToken(user, values) },
      ),
    },
  };
};
