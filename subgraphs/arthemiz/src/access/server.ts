// The gRPC server, on a port of the internal network: arthemiz.v1.Access, grpc.health.v1 and reflection.
import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { within } from '@supergraph/chassis/deadline';
import { createPassportVerifier } from '@supergraph/chassis/passport';
import { AccessService } from '@supergraph/chassis/proto/arthemiz/v1/access.generated';
import type { Worker } from '@supergraph/chassis/subgraph';
import { HealthImplementation } from 'grpc-health-check';
import type { Arthemiz } from '../context.ts';
import { createAccessCalls } from './calls.ts';

export interface AccessListener extends Worker {
  /** host:port; the port that was taken, where the configuration left it open. */
  readonly address: string;
}

const protoFolder = fileURLToPath(new URL('../../../../schema/proto', import.meta.url));
const serviceName = 'arthemiz.v1.Access';

export function createAccessListener(service: Arthemiz): AccessListener {
  const { name, config, logger } = service;
  const { HOST: host, GRPC_PORT: wantedPort, SHUTDOWN_GRACE_MS: graceMs } = config;
  const server = new Server({
    // The largest request names 500 subjects.
    'grpc.max_receive_message_length': 262_144,
    'grpc.max_concurrent_streams': 1_000,
    // A peer that has gone silent is let go of.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 5_000,
  });
  const health = new HealthImplementation({ '': 'NOT_SERVING', [serviceName]: 'NOT_SERVING' });
  const tell = (state: 'SERVING' | 'NOT_SERVING') => {
    for (const each of ['', serviceName]) health.setStatus(each, state);
  };
  let port = wantedPort;

  return {
    name: 'grpc',
    get address() {
      return `${host}:${port}`;
    },
    async start() {
      const verify = await createPassportVerifier({ publicKey: config.PASSPORT_PUBLIC_KEY, audience: name });
      server.addService(AccessService, createAccessCalls(service, { verify }));
      health.addToServer(server);
      const described = loadSync('arthemiz/v1/access.proto', { includeDirs: [protoFolder] });
      new ReflectionService(described).addToServer(server);
      port = await bind(server, `${host}:${wantedPort}`);
      tell('SERVING');
      logger.info({ address: `${host}:${port}` }, 'gRPC is served');
    },
    async stop() {
      tell('NOT_SERVING');
      await within(graceMs, new Promise<void>((settle) => server.tryShutdown(() => settle())));
      server.forceShutdown();
    },
  };
}

/** Without TLS, as all of the internal network: a passport says who asks, and it is good for a minute and arthemiz alone. */
function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}
