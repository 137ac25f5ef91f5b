// A registry of two packages on this machine: PORT FILE and FOLDER; it ends when the file with its port is gone.
const { createServer } = require('node:http'), fs = require('node:fs'), { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const [portFile, folder] = process.argv.slice(2);
const made = {};
for (const [name, version] of [['lab-one', '1.0.0'], ['lab-one', '1.2.0'], ['lab-one', '2.0.0'], ['lab-two', '1.0.0']]) {
  fs.mkdirSync(`${folder}/package`, { recursive: true });
  fs.writeFileSync(`${folder}/package/package.json`, JSON.stringify({ name, version }));
  execFileSync('tar', ['-C', folder, '-czf', `${folder}/${name}-${version}.tgz`, 'package']);
  (made[name] ??= {})[version] = fs.readFileSync(`${folder}/${name}-${version}.tgz`);
}
const server = createServer((ask, answer) => {
  const [, name, file] = ask.url.split('/').map(decodeURIComponent);
  const all = made[name];
  if (all === undefined) return answer.writeHead(404).end('{}');
  if (file) return answer.end(all[file]);
  const at = `http://127.0.0.1:${server.address().port}/${name}/`;
  const versions = Object.fromEntries(Object.entries(all).map(([version, bytes]) => [version, {
    name, version, dist: { tarball: at + version, integrity: 'sha512-' + createHash('sha512').update(bytes).digest('base64') },
  }]));
  answer.end(JSON.stringify({ name, 'dist-tags': { latest: Object.keys(all).at(-1) }, versions }));
});
server.listen(0, '127.0.0.1', () => fs.writeFileSync(portFile, String(server.address().port)));
setInterval(() => server.listening && !fs.existsSync(portFile) && process.exit(), 500);
