/**
 * For node on the host: compares what pm2 runs with what is wanted. Arguments: a file with the wish, one with what `pm2 jlist`
 * printed, and pm2's dump. Prints lines of state.
 */
export const PM2_LOOK = `
const fs = require('fs'), path = require('path');
function look() {
  const [wishFile, listFile, dumpFile] = process.argv.slice(1);
  const read = file => { const text = fs.readFileSync(file, 'utf8'); return JSON.parse(text.slice(text.lastIndexOf('\\n[') + 1)); };
  const wish = JSON.parse(fs.readFileSync(wishFile, 'utf8')), list = read(listFile);
  let apps = wish.apps;
  if (wish.config) {
    const file = path.resolve(wish.config);
    if (!fs.existsSync(file)) throw new Error('there is no ' + file + ' on this host');
    const all = /[.]json$/.test(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : require(file);
    apps = [].concat(all.apps || all).filter(app => !wish.name || app.name === wish.name);
    for (const app of apps) Object.assign(app, { cwd: path.resolve(path.dirname(file), app.cwd || '.'), env: { ...app.env, ...app['env_' + wish.env_name] } });
    if (apps.length === 0) throw new Error('there is no app ' + (wish.name || '') + ' in ' + file);
  }
  const words = args => (Array.isArray(args) ? args.join(' ') : args || '').trim();
  const differs = (app, { pm2_env: env }) => {
    if (!['online', 'launching'].includes(env.status)) return 'it is ' + env.status;
    const cwd = app.cwd || env.pm_cwd;
    if (app.cwd && path.resolve(app.cwd) !== path.resolve(env.pm_cwd)) return 'it runs in ' + env.pm_cwd;
    if (app.script && path.resolve(cwd, app.script) !== env.pm_exec_path && (app.script.includes('/') || path.basename(env.pm_exec_path).replace(/-cli[.]js$/, '') !== app.script)) return 'it runs ' + env.pm_exec_path;
    if (app.args !== undefined && words(app.args) !== words(env.args)) return 'it has other arguments';
    if (app.interpreter && path.basename(env.exec_interpreter) !== path.basename(app.interpreter)) return 'it is run by ' + env.exec_interpreter;
    const names = Object.keys(app.env || {}).filter(k => String(app.env[k]) !== String((env.env || {})[k] ?? env[k]));
    return names.length ? 'it has another ' + names.join(' and ') : '';
  };
  const why = {}, known = [];
  for (const app of apps) {
    const there = list.filter(p => p.name === app.name);
    if (there.length) known.push(app.name);
    const many = Number(app.instances) > 0 ? Number(app.instances) : there.length;
    if (wish.state === 'absent') { if (there.length) why[app.name] = 'it is there'; }
    else if (wish.state === 'stopped') { if (there.some(p => p.pm2_env.status !== 'stopped')) why[app.name] = 'it is not stopped'; }
    else if (!there.length) why[app.name] = 'it is not there';
    else if (there.length !== many) why[app.name] = there.length + ' of them run, not ' + many;
    else { const reason = there.map(p => differs(app, p)).find(text => text); if (reason) why[app.name] = reason; }
  }
  let dump = [];
  if (dumpFile) try { dump = JSON.parse(fs.readFileSync(dumpFile, 'utf8')).map(p => p.name); } catch (error) { if (error.code !== 'ENOENT') throw error; }
  const saved = !dumpFile && wish.state !== 'started' || (wish.state === 'absent' ? apps.every(a => !dump.includes(a.name)) : wish.state === 'stopped' || apps.every(a => dump.includes(a.name)));
  const due = Object.keys(why), others = apps.map(a => a.name).filter(name => !why[name]);
  const line = (key, text) => fs.writeSync(1, key + '=' + String(text).replace(/[\\\\]/g, '\\\\$&').replace(/\\n/g, '\\\\n') + '\\n');
  line('apps', due.length ? due.map(name => name + ': ' + why[name]).join('; ') : wish.state);
  if (wish.save) line('saved', saved);
  line('due', due.join(','));
  line('others', others.join(','));
  line('gone', due.filter(name => known.includes(name)).join(','));
  line('list', JSON.stringify(list.filter(p => apps.some(a => a.name === p.name)).map(p => ({ name: p.name, pid: p.pid, status: p.pm2_env.status, restarts: p.pm2_env.restart_time, cwd: p.pm2_env.pm_cwd }))));
}
try { look(); } catch (error) { fs.writeSync(2, error.message + '\\n'); process.exitCode = 1; }
`;
