// A WebSocket client that only reads much (RFC 6455): a library would make a message of each frame, and at 100,000
// frames a second that is what would be measured.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

export interface RawWebSocket {
  send(text: string): void;
}

export interface RawWebSocketOptions {
  /** http: address of the endpoint. */
  url: URL;
  protocol: string;
  opened(socket: RawWebSocket): void;
  /** A text message, valid until it returns. Messages in several frames are not expected. */
  message(bytes: Buffer): void;
  closed(reason: string): void;
}

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 };
const headEnd = '\r\n\r\n';
/** Sockets that are read one after the other read into the same memory. */
const shared = Buffer.allocUnsafe(65_536);

export function openRawWebSocket(options: RawWebSocketOptions): void {
  const { url, protocol } = options;
  let rest: Buffer = Buffer.alloc(0);
  let isOpen = false;
  let failure = 'it ended';

  const send = (opcode: number, payload: Buffer) => socket.write(clientFrame(opcode, payload));
  const frame = (opcode: number, payload: Buffer) => {
    if (opcode === opcodes.text) options.message(payload);
    else if (opcode === opcodes.ping) send(opcodes.pong, Buffer.from(payload));
    else if (opcode === opcodes.close) {
      failure = `${payload.length >= 2 ? payload.readUInt16BE() : ''} ${payload.subarray(2)}`;
      socket.end();
    }
  };
  const read = (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let offset = 0;
    if (!isOpen) {
      const end = bytes.indexOf(headEnd);
      if (end >= 0) {
        const head = bytes.toString('latin1', 0, end);
        if (!head.startsWith('HTTP/1.1 101')) return void socket.destroy(new Error(head.split('\r\n')[0]));
        isOpen = true;
        offset = end + headEnd.length;
        options.opened({ send: (text) => void send(opcodes.text, Buffer.from(text)) });
      }
    }
    if (isOpen) offset = readFrames(bytes, offset, frame);
    rest = offset === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(offset));
  };
  const socket = connect({
    host: url.hostname,
    port: Number(url.port),
    onread: {
      buffer: shared,
      callback(size) {
        read(shared.subarray(0, size));
        return true;
      },
    },
  });
  socket.once('error', ({ message }) => {
    failure = message;
  });
  socket.once('close', () => options.closed(failure));
  const lines = [
    `GET ${url.pathname} HTTP/1.1`,
    `host: ${url.host}`,
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    `sec-websocket-protocol: ${protocol}`,
  ];
  socket.write(lines.join('\r\n') + headEnd);
}

/** @returns where the first frame begins that is not whole yet */
function readFrames(bytes: Buffer, from: number, tell: (opcode: number, payload: Buffer) => void): number {
  let offset = from;
  for (;;) {
    const [first, second] = [bytes[offset], bytes[offset + 1]];
    if (first === undefined || second === undefined) return offset;
    let length = second & 0x7f;
    let start = offset + 2;
    if (length >= 126) {
      const size = length === 126 ? 2 : 6;
      // Of eight bytes the first two are zero: no message is that long.
      const at = length === 126 ? start : start + 2;
      start = at + size;
      if (start > bytes.length) return offset;
      length = bytes.readUIntBE(at, size);
    }
    if (start + length > bytes.length) return offset;
    tell(first & 0x0f, bytes.subarray(start, start + length));
    offset = start + length;
  }
}

/** Clients mask what they send; with zeros it stays as it is. */
function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head =
    length < 126 ? Buffer.from([0x80 | opcode, 0x80 | length]) : Buffer.from([0x80 | opcode, 0xfe, 0, 0]);
  if (length >= 126) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}
