import { put, type Sh, sh } from '../../module.ts';
import { curlConfig, type Request, wgetConfig } from './web-request.ts';

/** For apt's own programs: as curl's `insecure`. */
const INSECURE = '-oAcquire::https::Verify-Peer=false -oAcquire::https::Verify-Host=false';

/** The code that gets a file of the web to $tp_dir/get by what a host of apt has: a login is in no program's arguments. */
export function aptDownload(request: Request): Sh {
  const { address, login } = aptLogin(request.url);
  const codes = [sh`tp_config=${put(curlConfig(request))}`, sh`tp_config=${put(wgetConfig(request))}`, login];
  const words = codes.map(code => (code === undefined ? sh`''` : sh.quoted(code)));
  const options = request.validate_certs ? '' : INSECURE;
  return sh.quoted(sh`tp_apt_options=${options}; tp_apt_download ${request.url} ${address} ${joined(words)}`);
}

function joined(words: readonly Sh[]): Sh {
  return words.reduce((all, word) => sh`${all} ${word}`);
}

/** An address without its login, and the code that makes $tp_config a file with it, as apt reads one (apt_auth.conf). */
function aptLogin(url: string): { readonly address: string; readonly login?: Sh } {
  const [all, scheme = '', user = '', host = ''] = /^(\w+:\/\/)([^/?#]*)@([^/?#@]*)/.exec(url) ?? [];
  if (all === undefined) return { address: url };
  const address = scheme + host + url.slice(all.length);
  const [name = '', ...rest] = user.split(':');
  const words = [decoded(name), decoded(rest.join(':'))];
  if (words.some(word => word === '' || /\s/.test(word)))
    return {
      address,
      login: sh`tp_error ${`apt-helper cannot be told a name or password that is empty or holds a blank: install curl or wget`}`,
    };
  const tokens = `login ${words[0]} password ${words[1]}`;
  // an older apt knows no protocol there, and a newer one takes a host without one for https
  const text = `machine ${scheme}${host} ${tokens}\nmachine ${host} ${tokens}\n`;
  return { address, login: sh`tp_config=${put(text)}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // what is no UTF-8 in percents is meant as it is written
    return text;
  }
}
