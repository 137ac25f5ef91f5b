const center = process.env.USER_CENTER_HOST || '';

module.exports = {
  enableLogin: true,
  loginUrl: center + '/login.html',
  logoutUrl: center + '/logout.html',
  validateUrl: '@VALIDATE@',
  cookieDomain: process.env.COOKIE_DOMAIN || 'localhost',
  ignoreIps: ['127.0.0.1'],
};
