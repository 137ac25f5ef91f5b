const path = require('path');

module.exports = {
  webConf: {
    host: 'localip.tars.com',
    port: 3000,
    loggerPath: path.join(__dirname, '../log'),
    logFileKeepDays: '1',
    defaultLanguage: 'en',
  },
  pkgUploadPath: {
    path: '/usr/local/app/patchs/tars.upload',
  },
  dbConf: {
    host: 'db.tars.com',
    port: '3306',
    user: 'tars',
    password: 'tars2015',
    charset: 'utf8',
  },
};
