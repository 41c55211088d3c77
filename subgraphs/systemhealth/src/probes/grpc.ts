// A gRPC target answers when it says SERVING: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { describeFailure, ProbeFailure } from './failures.ts';
import type { Probe } from './probe.ts';
import { endpoint, reach, type Target } from './reaching.ts';
import type { SettingsOf } from './settings.ts';

const path = '/grpc.health.v1.Health/Check';
const serving = 1;
const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** `target.url` is grpc://host:port, or grpcs:// for TLS. */
export function grpcProbe(
  target: Target,
  { service }: SettingsOf<'GRPC'>,
  { ca }: { ca?: Buffer | undefined } = {},
): Probe {
  const isTls = new URL(target.url).protocol === 'grpcs:';
  return {
    async ask(signal) {
      const reached = await reach(target, isTls ? 443 : 50_051);
      const { family, name } = reached;
      const client = new Client(
        `ipv${family}:${endpoint(reached)}`,
        isTls ? credentials.createSsl(ca) : credentials.createInsecure(),
        {
          ...(name === null ? {} : { 'grpc.default_authority': name, 'grpc.ssl_target_name_override': name }),
          // Straight to the address that was judged, once, over a connection of its own.
          'grpc.enable_http_proxy': 0,
          'grpc.enable_retries': 0,
          'grpc.use_local_subchannel_pool': 1,
          'grpc.service_config_disable_resolution': 1,
          'grpc.max_receive_message_length': 65_536,
        },
      );
      try {
        const answered = await check(client, service, signal);
        if (answered !== serving) throw new ProbeFailure(statuses[answered] ?? `health status ${answered}`);
        return { message: 'SERVING' };
      } finally {
        client.close();
      }
    },
    close: async () => undefined,
  };
}

function check(client: Client, service: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(path, encodeRequest, decodeStatus, service, (error, answered) => {
      if (error === null) resolve(answered ?? 0);
      else reject(worded(error));
    });
    signal.addEventListener('abort', () => call.cancel(), { once: true });
  });
}

/** The library's details name addresses. */
function worded(error: ServiceError): Error {
  if (error.code !== status.UNAVAILABLE)
    return new ProbeFailure(`gRPC status ${status[error.code] ?? error.code}`);
  const [code] = /\bE[A-Z]{4,}\b|\b(?:CERT|DEPTH|SELF|UNABLE|ERR)_[A-Z_]+\b/.exec(error.details) ?? [];
  if (code !== undefined) return new ProbeFailure(describeFailure(Object.assign(new Error('x'), { code })));
  return new ProbeFailure('gRPC status UNAVAILABLE');
}

/** HealthCheckRequest { string service = 1; } in protobuf's wire format. */
function encodeRequest(service: string): Buffer {
  const text = Buffer.from(service, 'utf8');
  if (text.length === 0) return text;
  // Two bytes hold the length of whatever settings allow.
  const length = text.length < 128 ? [text.length] : [(text.length & 0x7f) | 0x80, text.length >> 7];
  return Buffer.concat([Buffer.from([0x0a, ...length]), text]);
}

/** HealthCheckResponse { ServingStatus status = 1; }; absent where it is zero. */
function decodeStatus(message: Buffer): number {
  return message[0] === 0x08 ? (message[1] ?? 0) : 0;
}
