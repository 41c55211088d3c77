// For tests only: what a command writes to standard output.
import { PassThrough } from 'node:stream';

export interface CapturedOutput {
  stream: NodeJS.WriteStream;
  text(): string;
}

export function captureOutput(): CapturedOutput {
  let text = '';
  const stream = new PassThrough();
  stream.on('data', (chunk) => {
    text += String(chunk);
  });
  // A command only writes to it and asks whether it is a terminal, which a PassThrough answers with undefined.
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}
