import { defineQuery } from '../module.ts';
import { sh } from '../shell/sh.ts';

export default defineQuery({
  name: 'ping',
  doc: 'Reaches the host, starts a shell there and answers pong: proves login and become.',
  args: {
    properties: {
      data: { type: 'string', default: 'pong', description: 'What to answer; `crash` fails, to test error handling.' },
    },
  },
  examples: `
- ping:
- ping:
    data: hello
`,
  returns: { ping: 'The data.' },
  probe: a => sh`printf %s ${a.data}`,
  parse(reply, a) {
    if (a.data === 'crash') return { failed: 'boom' };
    return reply.stdout === a.data ? { values: { ping: a.data } } : { failed: `the host answered "${reply.stdout}"` };
  },
});
