import { connect } from 'node:net';

/** Rejects where nobody accepts a connection on that port of the loopback address within two seconds. */
export function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2000 });
    const done = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', () => done());
    socket.once('timeout', () => done(new Error(`port ${port} does not answer`)));
    socket.once('error', done);
  });
}
