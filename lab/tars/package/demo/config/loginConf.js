module.exports = {
  cookieDomain: process.env.COOKIE_DOMAIN || '',
  ignoreips: ['127.0.0.1'],
};
