import { type FileWishes, type Locals, type Sh, sh } from '../../module.ts';
import { hostPath } from './attributes.ts';
import { fileNameOf } from './path.ts';
import { type Request, requestCode } from './web-ask.ts';
import { givenIn } from './web-relay.ts';

export interface DownloadArgs extends FileWishes {
  readonly url: string;
  readonly dest: string;
  readonly checksum: string;
  readonly force: boolean;
  readonly tmp_dest?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly url_username?: string | undefined;
  readonly url_password?: string | undefined;
  readonly force_basic_auth: boolean;
  readonly http_agent: string;
  readonly timeout: number;
  readonly validate_certs: boolean;
  readonly client_cert?: string | undefined;
  readonly client_key?: string | undefined;
  readonly ciphers?: readonly string[] | undefined;
  readonly decompress: boolean;
  readonly unredirected_headers: readonly string[];
  readonly use_netrc: boolean;
  readonly use_proxy: boolean;
  readonly use_gssapi: boolean;
}

/** Algorithm, and the digits or the address of a list. */
export const CHECKSUM = /^(md5|sha1|sha224|sha256|sha384|sha512):\s*([0-9a-fA-F]+|(?:https?|ftp|file):\/\/\S+)\s*$/;

/** Sets tp_dest and tp_get, the file that is downloaded to; what is kept between looks is in `$tp_dir/web`. */
export function startCode(a: DownloadArgs): Sh {
  const elsewhere = a.tmp_dest === undefined ? undefined : hostPath(a.tmp_dest);
  return sh.lines(
    sh`tp_into ${[hostPath(a.dest), fileNameOf(a.url)]}`,
    sh`if [ -f "$tp_dir/web/dest" ]; then IFS= read -r tp_dest <"$tp_dir/web/dest"; fi`,
    elsewhere === undefined
      ? sh`tp_get=$tp_dir/web/get`
      : sh.lines(
          sh`[ -d ${elsewhere} ] || { tp_error ${`tmp_dest: ${elsewhere} is no directory`}; exit 1; }`,
          // a look changes nothing there, not even its times
          sh`tp_get=${elsewhere}/.tplay-$tp_tag; [ "$tp_mode" != 1 ] || tp_get=$tp_dir/web/get`,
        ),
  );
}

/** Sets tp_value to `current`, or to what is the matter. As Ansible: what is there is good unless force or a checksum. */
export function contentCode(a: DownloadArgs, local: Locals): Sh {
  const [, algorithm] = CHECKSUM.exec(a.checksum) ?? [];
  const compare = sh.lines(
    sh`rm -f -- "$tp_get"`,
    downloadCode(a, local),
    nameCode(a),
    sh`if [ ! -f "$tp_dest" ]; then tp_value=missing`,
    sh`elif cmp -s -- "$tp_get" "$tp_dest"; then tp_value=current; rm -f -- "$tp_get"`,
    sh`else tp_value=other; fi`,
  );
  const bySum = sh.lines(
    sumCode(a, local),
    algorithm !== undefined && sh`tp_sum ${algorithm} "$tp_dest" || exit`,
    sh`if [ "$tp_sum" = "$tp_listed" ]; then tp_value=current; else tp_value=other; fi`,
  );
  return sh.lines(
    sh`tp_value=missing`,
    sh`if [ -e "$tp_dir/web/got" ]; then tp_value=current`,
    algorithm === undefined && sh`elif [ -d ${hostPath(a.dest)} ]; then`,
    algorithm === undefined && compare,
    sh`elif [ -f "$tp_dest" ]; then`,
    algorithm !== undefined ? bySum : a.force ? compare : sh`tp_value=current`,
    sh`fi`,
  );
}

/** Takes the name that the server gives its file, in a folder. */
export function nameCode(a: DownloadArgs): Sh {
  return sh.lines(
    sh`if [ -d ${hostPath(a.dest)} ] && [ -s "$tp_dir/web/name" ]; then`,
    sh`IFS= read -r tp_name <"$tp_dir/web/name"; tp_into ${hostPath(a.dest)} "$tp_name"; printf '%s\n' "$tp_dest" >"$tp_dir/web/dest"`,
    sh`fi`,
  );
}

/** Downloads into tp_get, and leaves what is returned of it in `$tp_dir/web/said`. */
export function downloadCode(a: DownloadArgs, local: Locals): Sh {
  const request = requestOf(a, a.url);
  return sh.lines(
    FOLDER,
    // a session that ends removes what is named in there
    a.tmp_dest !== undefined && sh`printf '%s\n' "$tp_get" >>"$tp_dir/also"`,
    ask(request, local, sh`"$tp_get"`),
    sh`case $tp_status in '' | 2*) ;; *) tp_error ${`${shownUrl(a.url)}: HTTP Error`} "$(tp_web_reason)"; exit 1 ;; esac`,
    sh`tp_web_name; printf '%s\n' "$tp_name" >"$tp_dir/web/name"`,
    sh`[ -n "$tp_name" ] || rm -f -- "$tp_dir/web/name"`,
    sh`tp_sum sha1 "$tp_get" && tp_sha1=$tp_sum && tp_sum md5 "$tp_get" || exit`,
    sh`{ tp_kv status "$tp_status"; tp_kv reason "$(tp_web_reason)"; tp_kv elapsed "$tp_took"; tp_kv via "$tp_tool"; tp_kv checksum_src "$tp_sha1"; tp_kv md5sum "$tp_sum"; } >"$tp_dir/web/said"`,
    sh`rm -f -- "$tp_head"`,
  );
}

const FOLDER = sh`[ -d "$tp_dir/web" ] || (umask 077; mkdir -p -- "$tp_dir/web") || exit`;

/** Sets tp_listed to the checksum wanted: the digits, or what a list of the web has for this file. */
export function sumCode(a: DownloadArgs, local: Locals): Sh {
  const [, algorithm, wanted = ''] = CHECKSUM.exec(a.checksum) ?? [];
  if (algorithm === undefined) return sh``;
  if (!wanted.includes('://')) return sh`tp_listed=${wanted.toLowerCase()}`;
  return sh.lines(
    sh`if [ -f "$tp_dir/web/sum" ]; then IFS= read -r tp_listed <"$tp_dir/web/sum"; else`,
    FOLDER,
    ask(requestOf(a, wanted), local, sh``),
    sh`case $tp_status in '' | 2*) ;; *) tp_error ${`${shownUrl(wanted)}: HTTP Error`} "$(tp_web_reason)"; exit 1 ;; esac`,
    sh`tp_sum_listed "$tp_out" ${fileNameOf(a.url)} || exit`,
    sh`tp_listed=$(printf '%s\n' "$tp_listed" | tr A-F a-f); printf '%s\n' "$tp_listed" >"$tp_dir/web/sum"; fi`,
  );
}

/** The request that the controller is to make: first the list of checksums, then the file. */
export function relays(a: DownloadArgs, local: Locals): Request {
  const [, , wanted = ''] = CHECKSUM.exec(a.checksum) ?? [];
  const list = wanted.includes('://') ? requestOf(a, wanted) : undefined;
  return list !== undefined && givenIn(local, wanted) === undefined ? list : requestOf(a, a.url);
}

function ask(request: Request, local: Locals, out: Sh): Sh {
  const file = request.url.startsWith('file://') ? decodeURIComponent(request.url.slice('file://'.length)) : undefined;
  return sh.lines(
    requestCode(request, {
      body: { bytes: Buffer.alloc(0) },
      simple: Object.keys(request.headers).length === 1,
      given: givenIn(local, request.url),
      file,
    }),
    sh`tp_q_out=${out}`,
    sh`tp_web || exit`,
  );
}

/** An address without what may be secret in it. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/\?.*/s, '');
}

export function requestOf(a: DownloadArgs, url: string): Request {
  const given = Object.fromEntries(Object.entries(a.headers ?? {}).map(([k, v]) => [k, String(v)]));
  const agent = Object.keys(given).some(k => k.toLowerCase() === 'user-agent') ? {} : { 'User-Agent': a.http_agent };
  const login = { user: a.url_username ?? '', password: a.url_password ?? '', atOnce: a.force_basic_auth };
  return {
    url,
    method: 'GET',
    headers: { ...agent, ...given },
    login: a.url_username === undefined ? undefined : login,
    hasBody: false,
    timeout: a.timeout,
    follow: true,
    insecure: !a.validate_certs,
    proxy: a.use_proxy,
    netrc: a.use_netrc,
    kerberos: a.use_gssapi,
    inflate: a.decompress,
    clientCert: a.client_cert,
    clientKey: a.client_key,
    ciphers: a.ciphers,
    unredirected: a.unredirected_headers,
  };
}
