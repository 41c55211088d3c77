// An answer in parts over HTTP: `multipart/mixed; deferSpec=20220824`, the form of Apollo Client and Apollo Router.
import type { ServerResponse } from 'node:http';
import { mediaTypes } from './mediaTypes.ts';

export interface PartsResponse {
  /** @param payload JSON */
  write(payload: string): void;
  end(): void;
}

const partHead = 'content-type: application/json; charset=utf-8\r\n\r\n';

/** @param beforeHead sets what goes into the response's head, which is written with the first part */
export function openPartsResponse(response: ServerResponse, beforeHead: () => void): PartsResponse {
  return {
    write(payload) {
      if (response.destroyed || response.writableEnded) return;
      if (!response.headersSent) {
        beforeHead();
        response.writeHead(200, {
          'content-type': `${mediaTypes.parts}; boundary="-"; ${deferSpec}`,
          'cache-control': 'no-store',
          // Proxies that buffer by default are asked not to.
          'x-accel-buffering': 'no',
        });
        response.write('\r\n---\r\n');
      }
      // What a slow client has not read is no more than the whole answer would be.
      response.write(`${partHead}${payload}\r\n---`);
      // Whether it was the last is in the payload, too.
      response.write(payload.endsWith('"hasNext":false}') ? '--\r\n' : '\r\n');
    },
    end() {
      if (!response.destroyed) response.end();
    },
  };
}

const deferSpec = 'deferSpec=20220824';

/** Whether a client takes answers in parts, in the one form that there is here. */
export function acceptsParts(accept: string | undefined): boolean {
  if (!accept?.includes(mediaTypes.parts)) return false;
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (type !== mediaTypes.parts || !parameters.includes(deferSpec.toLowerCase())) return false;
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return weight === undefined || Number(weight.slice(2)) > 0;
  });
}
