// For tests only: a DNS server that answers with the TXT records that it is given.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';

export type DnsServer = Awaited<ReturnType<typeof startDns>>;

export async function startDns() {
  const records = new Map<string, string>();
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message);
    const answers = questions.flatMap(({ name }) => {
      const data = records.get(name.toLowerCase());
      return data === undefined ? [] : [{ type: 'TXT' as const, name, ttl: 1, data }];
    });
    socket.send(
      encode({ type: 'response', ...(id === undefined ? {} : { id }), questions, answers }),
      port,
      address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    records,
    stop: () => new Promise<void>((resolve) => socket.close(resolve)),
  };
}
