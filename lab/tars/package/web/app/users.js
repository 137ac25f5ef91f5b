'use strict';
// Accounts in db_user_system. A password comes as its SHA-1 in hex and is kept so; tickets live as long as this process.
const crypto = require('crypto');
const { Refusal, needed } = require('./answer.js');

module.exports = function users(database) {
  const tickets = new Map();

  async function account(uid) {
    const [rows] = await database.query('SELECT password FROM db_user_system.t_user_info WHERE uid = ?', [uid]);
    return rows[0];
  }

  return {
    async login({ uid, password }) {
      needed({ uid, password });
      const found = await account(uid);
      if (!found || !found.password || found.password !== password) throw new Refusal('#login.wrongPassword#');
      const ticket = crypto.randomBytes(16).toString('hex');
      tickets.set(ticket, uid);
      return { ticket };
    },

    // Only the first password of all: who has one changes it elsewhere.
    async adminModifyPass({ uid, password, repeat_password }) {
      needed({ uid, password, repeat_password });
      if (uid !== 'admin') throw new Refusal('#auth.onlyAdmin#');
      if (password !== repeat_password) throw new Refusal('#login.passwordDiff#');
      const [done] = await database.query(
        "UPDATE db_user_system.t_user_info SET password = ? WHERE uid = ? AND COALESCE(password, '') = ''",
        [password, uid],
      );
      if (done.affectedRows === 0) throw new Refusal('#login.hasPassword#');
      return {};
    },

    async addToken(uid, { name, expire_time }) {
      needed({ name, expire_time });
      const until = new Date(expire_time);
      if (isNaN(until)) throw new Refusal('expire_time#common.notValid#');
      const token = crypto.randomBytes(20).toString('hex');
      await database.query('INSERT INTO db_user_system.t_token (uid, token, valid, expire_time) VALUES (?, ?, 1, ?)', [uid, token, until]);
      return { name, token, expire_time };
    },

    /** Whose ticket or token it is; undefined when nobody's. */
    async owner(ticket, uid) {
      if (tickets.has(ticket)) return uid === undefined || tickets.get(ticket) === uid ? tickets.get(ticket) : undefined;
      const [rows] = await database.query(
        'SELECT uid FROM db_user_system.t_token WHERE token = ? AND valid = 1 AND expire_time > NOW()',
        [ticket],
      );
      return rows.length > 0 ? rows[0].uid : undefined;
    },
  };
};
