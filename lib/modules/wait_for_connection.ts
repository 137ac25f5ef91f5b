import { defineConnection, sh } from '../module.ts';
import { answered, comesBack, seconds } from './shared/reconnect.ts';

export default defineConnection({
  name: 'wait_for_connection',
  doc: 'Waits until the host can be reached: a login by the way of this task, and a shell that answers.',
  args: {
    properties: {
      timeout: { type: 'integer', default: 600, minimum: 0, description: 'Seconds to wait at most.' },
      delay: { type: 'integer', default: 0, minimum: 0, description: 'Seconds before the first try.' },
      sleep: { type: 'integer', default: 1, minimum: 0, description: 'Seconds between two tries.' },
      connect_timeout: { type: 'integer', default: 5, minimum: 1, description: 'Seconds one try may take.' },
    },
  },
  examples: `
- wait_for_connection:
- wait_for_connection:
    delay: 60
    timeout: 300
`,
  returns: { elapsed: 'Seconds it took.' },
  inCheck: () => ({ skipped: true }),

  async run(a, host) {
    const begin = host.now();
    await host.sleep(a.delay * 1000);
    // a connection of before says nothing about a login now
    await host.drop();
    const last = await comesBack(host, sh`:`, {
      limitMs: (a.timeout - a.delay) * 1000,
      connectMs: a.connect_timeout * 1000,
      pauseMs: Math.max(100, a.sleep * 1000),
      restarts: true,
      is: reply => reply.rc === 0,
    });
    const elapsed = seconds(host.now() - begin);
    if (last === undefined) return { values: { elapsed }, changed: false };
    return {
      failed: `no connection within ${a.timeout} s: ${answered(last, 'its shell fails')}`,
      values: { elapsed },
    };
  },
});
