module.exports = {
  webConf: {
    host: '0.0.0.0',
    port: 3001,
  },
  dbConf: {
    host: 'db.tars.com',
    port: '3306',
    user: 'tars',
    password: 'tars2015',
    charset: 'utf8',
  },
};
