import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { writeFrames } from './webSocketFrames.ts';

describe('frames', () => {
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  async function pair(): Promise<{ near: Socket; far: Socket }> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const near = connect(port, '127.0.0.1');
    const [[far]] = (await Promise.all([once(server, 'connection'), once(near, 'connect')])) as [
      [Socket],
      [],
    ];
    server.close();
    sockets.push(near, far);
    return { near, far };
  }
  const frame = (index: number, length: number) => ({
    head: `{"id":"${index}",`,
    end: Buffer.from(`"is":"${String(index).padStart(length, '.')}"}`),
  });
  const textOf = (index: number, length: number) => frame(index, length).head + frame(index, length).end;

  it.each([
    ['short', 100, 60_000],
    ['of two bytes of length', 2_000, 6_000],
    ['too long to copy', 70_000, 150],
  ])('that are %s come as they were written, though the client reads late', async (_, length, count) => {
    const { near, far } = await pair();
    let heldBack = 0;
    for (let index = 0; index < count; index += 1) {
      writeFrames(near, [frame(index, length)]);
      heldBack = Math.max(heldBack, near.writableLength);
    }
    expect(heldBack).toBeGreaterThan(0);
    // What another client is told must not come into what this one has yet to read.
    writeFrames((await pair()).near, [{ head: '', end: Buffer.alloc(16_000, 'x') }]);
    const chunks: Buffer[] = [];
    far.on('data', (chunk) => chunks.push(chunk)).resume();
    const ended = once(far, 'end');
    near.end();
    await ended;
    const texts = textsIn(Buffer.concat(chunks));
    expect(texts).toHaveLength(count);
    expect(texts.findIndex((text, index) => text !== textOf(index, length))).toBe(-1);
  });

  it('of several messages to several clients do not mix', async () => {
    const [one, other] = await Promise.all([pair(), pair()]);
    const seen = [one, other].map(({ far }) => {
      const chunks: Buffer[] = [];
      far.on('data', (chunk) => chunks.push(chunk)).resume();
      return chunks;
    });
    for (let index = 0; index < 1_000; index += 1) {
      writeFrames(one.near, [frame(index, 10), frame(index + 1, 300)]);
      writeFrames(other.near, [frame(-index, 10)]);
    }
    await Promise.all(
      [one, other].map(async ({ near, far }) => {
        const ended = once(far, 'end');
        near.end();
        await ended;
      }),
    );
    const [ofOne = [], ofOther = []] = seen.map((chunks) => textsIn(Buffer.concat(chunks)));
    expect(ofOne.slice(-2)).toEqual([textOf(999, 10), textOf(1_000, 300)]);
    expect(ofOther).toEqual(Array.from({ length: 1_000 }, (_, index) => textOf(-index, 10)));
  });
});

/** Of unmasked, whole text messages. */
function textsIn(bytes: Buffer): string[] {
  const texts: string[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const short = bytes.readUInt8(offset + 1);
    let start = offset + 2;
    let length = short;
    if (short === 126) {
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (short === 127) {
      length = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    texts.push(bytes.toString('utf8', start, start + length));
    offset = start + length;
  }
  return texts;
}
