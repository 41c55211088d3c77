// Text messages as a server writes them on a WebSocket: whole, unmasked, uncompressed (RFC 6455, §5.2).
import type { Duplex } from 'node:stream';
import type { Frame } from './outbox.ts';

/** The final frame of a text message. */
const text = 0x81;
/** What is shorter is copied into one piece; what is longer is written from where it lies. */
const longestCopy = 16_384;
/**
 * What is written to a socket that has taken all before. A buffer of its own for each write would be memory outside the
 * heap, at 100,000 frames a second enough of it for a collection of everything each second.
 */
let reused = Buffer.allocUnsafeSlow(longestCopy);

/** Writes messages in as few pieces as possible. What else writes to the socket must write whole frames, too. */
export function writeFrames(socket: Duplex, frames: readonly Frame[]): void {
  const [first] = frames;
  if (first === undefined) return;
  const size = frames.reduce((sum, frame) => sum + sizeOf(frame), 0);
  if (size <= longestCopy) {
    const isFree = socket.writableLength === 0;
    const piece = isFree ? reused.subarray(0, size) : Buffer.allocUnsafe(size);
    let offset = 0;
    for (const frame of frames) {
      offset = writeHead(piece, frame, offset);
      offset += frame.end.copy(piece, offset);
    }
    socket.write(piece);
    // What the system did not take at once is read later.
    if (isFree && socket.writableLength > 0) reused = Buffer.allocUnsafeSlow(longestCopy);
    return;
  }
  socket.cork();
  for (const frame of frames) {
    const head = Buffer.allocUnsafe(sizeOf(frame) - frame.end.length);
    writeHead(head, frame, 0);
    socket.write(head);
    socket.write(frame.end);
  }
  socket.uncork();
}

function sizeOf({ head, end }: Frame): number {
  const length = Buffer.byteLength(head) + end.length;
  if (length < 126) return 2 + length;
  return (length < 65_536 ? 4 : 10) + length;
}

/** @returns where the end of the message begins */
function writeHead(piece: Buffer, { head, end }: Frame, start: number): number {
  const headLength = Buffer.byteLength(head);
  const length = headLength + end.length;
  piece[start] = text;
  let offset = start + 2;
  if (length < 126) piece[start + 1] = length;
  else if (length < 65_536) {
    piece[start + 1] = 126;
    offset = piece.writeUInt16BE(length, offset);
  } else {
    piece[start + 1] = 127;
    offset = piece.writeBigUInt64BE(BigInt(length), offset);
  }
  return offset + piece.write(head, offset);
}
