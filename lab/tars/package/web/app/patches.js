'use strict';
// Packages that are uploaded: a file where tarspatch finds it, and a row of db_tars. The answer names no md5.
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { Refusal, needed } = require('./answer.js');

module.exports = function patches(database, folder) {
  return async function upload(fields, files, user) {
    const { application, module_name, md5 } = fields;
    needed({ application, module_name });
    if (![application, module_name].every(name => /^\w+$/.test(name))) throw new Refusal('module_name#common.notValid#');
    if (!files.suse || files.suse.bytes.length === 0) throw new Refusal('no files');
    const sum = crypto.createHash('md5').update(files.suse.bytes).digest('hex');
    if (md5 && md5 !== sum) throw new Refusal('#patch.md5#');
    const server = application + '.' + module_name;
    const tgz = server + '_suse_' + Date.now() + '_' + crypto.randomBytes(4).toString('hex') + '.tgz';
    const dir = path.join(folder, application, module_name);
    await fs.promises.mkdir(dir, { recursive: true });
    await fs.promises.writeFile(path.join(dir, tgz + '.part'), files.suse.bytes);
    await fs.promises.rename(path.join(dir, tgz + '.part'), path.join(dir, tgz));
    const comment = fields.comment || '';
    const [made] = await database.query(
      'INSERT INTO db_tars.t_server_patchs SET ?, posttime = NOW(), upload_time = NOW()',
      { server, tgz, update_text: comment, md5: sum, upload_user: user, lastuser: user },
    );
    const [[row]] = await database.query('SELECT posttime FROM db_tars.t_server_patchs WHERE id = ?', [made.insertId]);
    return { id: made.insertId, server, tgz, comment, posttime: row.posttime };
  };
};
