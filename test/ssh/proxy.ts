import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of an sshd, to lose or stall the link. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections were made through it. */
  readonly connections: number;
  /** Ends all connections as a pulled cable does not: both sides learn of it. */
  cut(): void;
  /** From now on nothing is passed on, and nobody is told. */
  stall(): void;
}

/** Starts a proxy to a port of 127.0.0.1; `cutAfter` cuts a connection once the server has sent so many bytes. */
export async function startProxy(to: number, options: { cutAfter?: number; cutFirst?: number } = {}): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let stalled = false;
  let connections = 0;
  const server = createServer(near => {
    const far = connect(to, '127.0.0.1');
    connections++;
    const limited = options.cutFirst === undefined || connections <= options.cutFirst;
    let sent = 0;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // the other side was cut
      socket.on('close', () => {
        sockets.delete(socket);
        if (!stalled) (socket === near ? far : near).destroy();
      });
    }
    near.on('data', data => !stalled && far.write(data));
    far.on('data', data => {
      if (stalled) return;
      sent += data.length;
      if (limited && sent > (options.cutAfter ?? Number.POSITIVE_INFINITY)) {
        near.destroy();
        far.destroy();
      } else near.write(data);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get connections() {
      return connections;
    },
    cut,
    stall: () => {
      stalled = true;
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
