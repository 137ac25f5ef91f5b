'use strict';
// Who asks: by the cookies ticket and uid, or ?ticket=. In 1.x the user system knows, and is asked by HTTP.
const http = require('http');
const { Refusal } = require('./answer.js');

function cookiesOf(request) {
  const pairs = (request.headers.cookie || '').split(/; */).map(text => text.split('='));
  return Object.fromEntries(pairs.map(([name, ...value]) => [name, decodeURIComponent(value.join('='))]));
}

function ask(url) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { timeout: 5000 }, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', part => (text += part));
      answer.on('end', () => {
        try {
          resolve(JSON.parse(text));
        } catch (error) {
          reject(new Refusal('the user system gave no JSON: ' + text.slice(0, 200)));
        }
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 5 s')));
    request.on('error', error => reject(new Refusal('the user system does not answer: ' + error.message)));
  });
}

module.exports = function logins(conf, users, database) {
  async function owner(ticket, uid) {
    if (!conf.validateUrl) return users.owner(ticket, uid);
    const url = conf.validateUrl + '?ticket=' + encodeURIComponent(ticket) + (uid === undefined ? '' : '&uid=' + encodeURIComponent(uid));
    const answer = await ask(url);
    if (answer.ret_code !== 200) throw new Refusal('the user system says: ' + answer.err_msg);
    return answer.data.uid;
  }

  /** The account that asks; refused when there is none, or it may not administer. */
  return async function administrator(request, query) {
    if (!conf.enableLogin) return 'admin';
    const cookies = cookiesOf(request);
    const ticket = query.ticket || cookies.ticket;
    const uid = ticket ? await owner(ticket, query.ticket ? undefined : cookies.uid) : undefined;
    if (uid === undefined) throw new Refusal('#common.noLogin#');
    const [rows] = await database.query("SELECT 1 FROM db_user_system.t_auth WHERE uid = ? AND role = 'admin' AND flag = '*'", [uid]);
    if (rows.length === 0) throw new Refusal('#common.noAuth#');
    return uid;
  };
};
