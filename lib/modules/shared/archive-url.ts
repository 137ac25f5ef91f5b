import { type Locals, type RelayRefusal, type RelayRequest, type Sh, sh } from '../../module.ts';
import type { UnarchiveArgs } from './unarchive-args.ts';
import { type DownloadArgs, downloadCode, requestOf } from './web-download.ts';
import { relayOf } from './web-relay.ts';

/** Where an archive is downloaded to. */
export const DOWNLOADED = sh`"$tp_dir/web/get"`;

/** Downloads the archive, unless a look of the same frame has. */
export function archiveDownload(a: UnarchiveArgs, local: Locals): Sh {
  return sh.lines(sh`tp_get=$tp_dir/web/get`, sh`[ -e "$tp_get" ] || {`, downloadCode(wholeRequest(a), local), sh`}`);
}

/** A look at it: what another task left is removed before, and the archive afterwards, unless it is to be unpacked. */
export function archiveDownloadLook(a: UnarchiveArgs, local: Locals, look: Sh): Sh {
  return sh.lines(
    sh`[ "$tp_mode" = after ] || rm -rf -- "$tp_dir/web"`,
    archiveDownload(a, local),
    sh`tp_value=$(`,
    look,
    sh`) || exit`,
    sh`printf '%s\n' "$tp_value"`,
    sh`case $tp_mode$tp_value in [02]*same=false*) ;; *) rm -rf -- "$tp_dir/web" ;; esac`,
  );
}

/** The request for the controller to make, where the host has nothing to make it with. */
export function archiveRelay(a: UnarchiveArgs): RelayRequest | RelayRefusal {
  return relayOf(requestOf(wholeRequest(a), a.src), { bytes: Buffer.alloc(0) });
}

/** As Ansible: whoever needs more than the address has get_url. */
function wholeRequest(a: UnarchiveArgs): DownloadArgs {
  return {
    ...a,
    url: a.src,
    checksum: '',
    force: true,
    force_basic_auth: false,
    http_agent: 'ansible-httpget',
    timeout: 10,
    decompress: true,
    unredirected_headers: [],
    use_netrc: true,
    use_proxy: true,
    use_gssapi: false,
    backup: false,
  };
}
