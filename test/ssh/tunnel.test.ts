import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TunnelError } from '../../lib/remote/session.ts';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { freePort, sshdMissing, startSshd, tempFolder } from './sshd.ts';

/** A server that sends everything back. */
async function echo(at: number | string): Promise<Server> {
  const server = createServer(socket => socket.pipe(socket));
  await new Promise<void>(resolve => server.listen(at, resolve));
  return server;
}

async function roundTrip(stream: Duplex, bytes: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.end(bytes);
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

for (const transport of ['ssh', 'local'] as const) {
  const name = `a stream reaches a port and a socket of the host, a refused one is no lost session (${transport})`;
  const missing = transport === 'ssh' ? sshdMissing() : undefined;
  if (missing !== undefined) skipped(name, missing);
  else
    test(name, async () => {
      const folder = tempFolder('tunnel');
      const port = await freePort();
      const socket = join(folder, 'socket');
      const servers = [await echo(port), await echo(socket)];
      const sshd = transport === 'ssh' ? await startSshd() : undefined;
      const pool = makeSessions({ home: folder, env: {} });
      try {
        const to = sshd?.connection() ?? { name: 'localhost', transport, address: 'localhost' };
        const session = await pool.open(to, undefined);
        const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
        assert.equal(await roundTrip(await session.connect({ host: '127.0.0.1', port }), bytes), bytes);
        assert.equal(await roundTrip(await session.connect({ socket }), bytes), bytes);
        const refused = await session.connect({ host: '127.0.0.1', port: 1 }).catch((error: unknown) => error);
        assert.instance(refused, TunnelError);
        assert.match((refused as Error).message, /cannot reach 127.0.0.1 port 1 from the host: .*refused/i);
        const gone = await session.connect({ socket: '/nonexistent' }).catch((error: unknown) => error);
        assert.match((gone as Error).message, /cannot reach \/nonexistent from the host/);
        assert.is((await session.run(sh`echo alive`)).stdout, 'alive\n');
      } finally {
        await pool[Symbol.asyncDispose]();
        await sshd?.[Symbol.asyncDispose]();
        for (const server of servers) await new Promise(resolve => server.close(resolve));
        rmSync(folder, { recursive: true });
      }
    });
}

test.run();
