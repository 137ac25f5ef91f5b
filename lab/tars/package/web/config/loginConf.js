const center = process.env.USER_CENTER_HOST || '';

module.exports = {
  enableLogin: false,
  loginUrl: center + '/login.html',
  logoutUrl: center + '/logout.html',
  cookieDomain: process.env.COOKIE_DOMAIN || 'localhost',
  ignoreIps: ['127.0.0.1'],
};
