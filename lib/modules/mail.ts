import { defineApi } from '../module.ts';
import { addressOf, encoded, messageOf } from './shared/mail-message.ts';

const addresses = { type: 'array', items: { type: 'string' } } as const;

export default defineApi({
  name: 'mail',
  doc: "Sends a mail by a server that the host reaches, through the connection to the host: nothing is needed there. As with Ansible it is no change. The server's certificate is not checked, since there is no option to say whose it may be.",
  args: {
    properties: {
      subject: { type: 'string', aliases: ['msg'], description: 'Subject; also the text where there is no body.' },
      body: { type: 'string', description: 'The text.' },
      to: {
        ...addresses,
        aliases: ['recipients'],
        default: ['root'],
        description: 'Whom it is sent to: addresses, also with names.',
      },
      cc: { ...addresses, default: [], description: 'Who gets a copy.' },
      bcc: { ...addresses, default: [], description: 'Who gets a copy that others do not see.' },
      sender: { type: 'string', aliases: ['from'], default: 'root', description: 'Who sends it.' },
      host: { type: 'string', default: 'localhost', description: 'The mail server, seen from the host.' },
      port: { type: 'integer', default: 25, minimum: 1, maximum: 65534, description: 'Its port.' },
      username: { type: 'string', description: 'User for it.' },
      password: { type: 'string', secret: true, description: 'Password for it.' },
      secure: {
        type: 'string',
        enum: ['always', 'never', 'starttls', 'try'],
        default: 'try',
        description:
          'always: TLS from the start; starttls: by STARTTLS; try: whichever there is, or none; never: none.',
      },
      ehlohost: { type: 'string', description: "Name given to the server; the host's own unless told." },
      timeout: { type: 'integer', default: 20, minimum: 1, description: 'Seconds without an answer.' },
      attach: { ...addresses, default: [], description: 'Files of the host to attach.' },
      headers: { ...addresses, default: [], description: 'Further headers, each as NAME=VALUE.' },
      charset: { type: 'string', default: 'utf-8', description: 'utf-8, us-ascii or iso-8859-1.' },
      subtype: { type: 'string', enum: ['html', 'plain'], default: 'plain', description: 'What the text is.' },
    },
    required: ['subject'],
  },
  examples: `
- mail:
    host: smtp.example.com
    port: 587
    secure: starttls
    username: ops@example.com
    password: "{{ mail_password }}"
    to: Jane Jolie <jane@example.com>
    subject: "{{ inventory_hostname }} is done"
    attach: [/var/log/install.log]
`,
  returns: { msg: 'what happened', result: 'recipients that were refused, with the code and words of the server' },

  check(a) {
    const broken = [a.subject, a.sender, ...a.to, ...a.cc, ...a.bcc, ...a.headers, a.ehlohost ?? ''].find(t =>
      /[\r\n]/.test(t),
    );
    if (broken !== undefined) return `"${broken.split(/[\r\n]/)[0]}" has a line break, which no header may have`;
    const header = a.headers.find(line => !/^[!-9;-~]+=/.test(line));
    if (header !== undefined) return `headers: "${header}" is not NAME=VALUE`;
    const bad = [a.sender, ...a.to, ...a.cc, ...a.bcc].find(text => !/^[^\s<>]+$/.test(addressOf(text)));
    if (bad !== undefined) return `"${bad}" is no address`;
    if (a.to.length + a.cc.length + a.bcc.length === 0) return 'there is nobody to send it to: give "to"';
    if (a.password !== undefined && a.username === undefined) return 'password needs "username"';
    const text = encoded(a.body ?? a.subject, a.charset);
    return 'error' in text ? text.error : undefined;
  },

  plan: async a => ({
    before: { mail: 'not sent' },
    after: { mail: 'sent' },
    unsure: 'a mail is not sent in a dry run',
    command: true,
    quiet: true,
    steps: [
      {
        what: 'send the mail',
        async run(api) {
          const refused = await api.mail({
            host: a.host,
            port: a.port,
            secure: a.secure,
            login: a.username === undefined ? undefined : { user: a.username, password: a.password ?? '' },
            ehlo: a.ehlohost,
            timeoutMs: a.timeout * 1000,
            from: addressOf(a.sender),
            to: [...a.to, ...a.cc, ...a.bcc].map(addressOf),
            files: a.attach,
            message: files => messageOf(a, files, new Date()),
          });
          const some = Object.keys(refused).length > 0;
          return { msg: some ? 'Mail sent, but not to every recipient' : 'Mail sent successfully', result: refused };
        },
      },
    ],
  }),
});
