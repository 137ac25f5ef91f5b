'use strict';
// What is deployed, on which nodes, with which templates and packages; and deploying itself: rows of db_tars.
const { Refusal, needed } = require('./answer.js');

const types = ['tars_cpp', 'tars_java', 'tars_nodejs', 'tars_php', 'tars_go', 'not_tars'];

module.exports = function lists(database) {
  const rowsOf = async (sql, values) => (await database.query(sql, values))[0];

  async function adapters(connection, key, list) {
    for (const adapter of list) {
      const { obj_name, bind_ip, port, port_type } = adapter;
      needed({ obj_name, bind_ip, port, port_type });
      const servant = [key.application, key.server_name, obj_name].join('.');
      await connection.query('INSERT INTO db_tars.t_adapter_conf SET ?, posttime = NOW()', {
        application: key.application,
        server_name: key.server_name,
        node_name: key.node_name,
        adapter_name: servant + 'Adapter',
        servant,
        endpoint: port_type + ' -h ' + bind_ip + ' -t 60000 -p ' + Number(port),
        protocol: adapter.protocol || 'tars',
        thread_num: Number(adapter.thread_num || 5),
        max_connections: Number(adapter.max_connections || 100000),
        queuecap: Number(adapter.queuecap || 50000),
        queuetimeout: Number(adapter.queuetimeout || 20000),
        lastuser: 'admin',
      });
    }
  }

  return {
    async server_list({ tree_node_id }) {
      needed({ tree_node_id });
      const [, application, server_name] = /^1([^.]+)(?:\.5(.+))?$/.exec(tree_node_id) || [];
      if (application === undefined) throw new Refusal('tree_node_id#common.notValid#');
      const rows = await rowsOf(
        'SELECT id, application, server_name, node_name, server_type, template_name, setting_state, present_state, process_id,' +
          ' patch_version, patch_time, patch_user, bak_flag, enable_set, set_name, set_area, set_group, posttime' +
          ' FROM db_tars.t_server_conf WHERE application = ? ORDER BY server_name, node_name',
        [application],
      );
      return rows.filter(row => server_name === undefined || row.server_name === server_name);
    },

    async server_exist({ application, server_name, node_name }) {
      needed({ application, server_name, node_name });
      const where = 'application = ? AND server_name = ? AND node_name = ?';
      const found = await rowsOf('SELECT 1 FROM db_tars.t_server_conf WHERE ' + where, [application, server_name, node_name]);
      return found.length > 0;
    },

    node_list: async () => (await rowsOf('SELECT node_name FROM db_tars.t_node_info ORDER BY node_name')).map(row => row.node_name),

    template_name_list: async () =>
      (await rowsOf('SELECT template_name FROM db_tars.t_profile_template ORDER BY template_name')).map(row => row.template_name),

    async adapter_conf_list({ id }) {
      needed({ id });
      return rowsOf(
        'SELECT a.id, a.adapter_name, a.servant, a.endpoint, a.protocol, a.thread_num, a.max_connections, a.queuecap, a.queuetimeout' +
          ' FROM db_tars.t_adapter_conf a JOIN db_tars.t_server_conf s USING (application, server_name, node_name)' +
          ' WHERE s.id = ? ORDER BY a.adapter_name',
        [id],
      );
    },

    async server_patch_list({ application, module_name, curr_page, page_size }) {
      needed({ application, module_name });
      const server = application + '.' + module_name;
      const size = Number(page_size) || 20;
      const [{ count }] = await rowsOf('SELECT COUNT(*) AS count FROM db_tars.t_server_patchs WHERE server = ?', [server]);
      const rows = await rowsOf(
        'SELECT id, server, tgz, update_text AS comment, posttime FROM db_tars.t_server_patchs WHERE server = ?' +
          ' ORDER BY id DESC LIMIT ? OFFSET ?',
        [server, size, ((Number(curr_page) || 1) - 1) * size],
      );
      return { count, rows };
    },

    async deploy_server(wish) {
      const { application, server_name, server_type, template_name, node_name } = wish;
      needed({ application, server_name, server_type, template_name, node_name, adapters: wish.adapters });
      if (!types.includes(server_type)) throw new Refusal('server_type#common.notValid#');
      if (!Array.isArray(wish.adapters)) throw new Refusal('adapters#common.notValid#');
      const connection = await database.getConnection();
      try {
        await connection.beginTransaction();
        const [made] = await connection.query(
          "INSERT INTO db_tars.t_server_conf SET ?, setting_state = 'inactive', present_state = 'inactive', posttime = NOW(), profile = ''",
          { application, server_name, node_name, server_type, template_name, lastuser: 'admin' },
        );
        await adapters(connection, { application, server_name, node_name }, wish.adapters);
        await connection.commit();
        const server_conf = { id: made.insertId, application, server_name, node_name, template_name, setting_state: 'inactive' };
        return { server_conf: [server_conf], tars_node_rst: [] };
      } catch (error) {
        await connection.rollback();
        if (error.code === 'ER_DUP_ENTRY') throw new Refusal(application + '.' + server_name + ' exists on ' + node_name);
        throw error;
      } finally {
        connection.release();
      }
    },
  };
};
