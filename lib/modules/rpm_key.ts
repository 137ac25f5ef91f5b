import { type ArgsOf, type ArgsSchema, defineConverge, put, type Sh, sh } from '../module.ts';
import { hostPath } from './shared/attributes.ts';
import { curlConfig, wgetConfig } from './shared/web-request.ts';

const args = {
  properties: {
    key: {
      type: 'string',
      description: 'Address or path (on the host) of a public key, or the id of one that is there.',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether it shall be in the database.',
    },
    fingerprint: {
      type: 'string',
      description: 'The whole fingerprint; a key with another one, or a file with further keys, is an error.',
    },
    validate_certs: { type: 'boolean', default: true, description: 'Whether the certificate of https is checked.' },
  },
  required: ['key'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

const ID = /^(?:0x)?([0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{40})$/i;
const WEB = /^https?:\/\//;

export default defineConverge({
  name: 'rpm_key',
  doc: "Keys by which packages are signed, in rpm's database. The host needs rpm and gpg (the package gnupg2). All keys of a file are meant.",
  args,
  examples: `
- rpm_key:
    key: https://download.example.com/RPM-GPG-KEY-ours
    fingerprint: EBC6 E12C 62B1 C734 026B 2122 A20E 5214 6B8D 79E6
- rpm_key: { key: /etc/pki/rpm-gpg/RPM-GPG-KEY-ours }
- rpm_key: { key: A20E52146B8D79E6, state: absent }
`,

  check(a) {
    if (a.key === '' || /[\n\0]/.test(a.key)) return 'key must be an address, a path of the host, or the id of a key';
    if (a.fingerprint !== undefined && ID.test(a.key))
      return 'fingerprint is about a file or an address, not about an id';
    const digits = fingerprintOf(a);
    return digits === '' || /^([0-9A-F]{32}|[0-9A-F]{40}|[0-9A-F]{64})$/.test(digits)
      ? undefined
      : `"${a.fingerprint}" is no fingerprint: write its 40 hexadecimal digits`;
  },

  goal: a => ({ key: a.state }),
  probe: a => sh.lines(want(a), sh`tp_rpm_key`),

  refuse: a =>
    a.state === 'present' && ID.test(a.key)
      ? `there is no key ${a.key} in the database; give the address or the path of the key to import it`
      : undefined,

  apply: a => (a.state === 'absent' ? sh.lines(want(a), sh`tp_rpm_key_gone`) : sh`rpm --import ${fileOf(a)}`),
  values: () => ({}),
});

/** Sets tp_want to the ids that are meant. */
function want(a: Args): Sh {
  const id = ID.exec(a.key)?.[1];
  // an id of 40 digits is a fingerprint, whose end is the long id
  if (id !== undefined) return sh`tp_want=${id.toUpperCase().slice(-16)}`;
  return sh.lines(download(a), sh`tp_rpm_key_file ${fileOf(a)} ${fingerprintOf(a)} || exit`);
}

function fileOf(a: Args): Sh {
  return WEB.test(a.key) ? sh`"$tp_dir/key"` : sh`${hostPath(a.key)}`;
}

/** Gets the key once a task: tp_before tells that the first look is over. */
function download(a: Args): Sh | undefined {
  if (!WEB.test(a.key)) return undefined;
  const request = { url: a.key, http_agent: 'tplay', timeout: 30, validate_certs: a.validate_certs };
  const curl = sh.quoted(sh`tp_config=${put(curlConfig(request))}`);
  const wget = sh.quoted(sh`tp_config=${put(wgetConfig(request))}`);
  return sh.lines(
    sh`if [ -z "${sh.code('${tp_before-}')}" ]; then`,
    sh`[ -d "$tp_dir" ] || mkdir -m 0700 "$tp_dir" || exit`,
    sh`tp_download ${a.key} ${curl} ${wget} '' "$tp_dir/key" || exit`,
    sh`fi`,
  );
}

function fingerprintOf(a: Args): string {
  return (a.fingerprint ?? '').replaceAll(' ', '').toUpperCase();
}
