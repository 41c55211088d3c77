import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { createLogger } from '@supergraph/chassis/logging';
import { runUntilStopped } from '@supergraph/chassis/shutdown';
import { readGatewayConfig } from './config.ts';
import { startGateway } from './gateway.ts';
import { startProcesses } from './processes/primary.ts';
import { joinProcesses } from './processes/worker.ts';

if (cluster.isWorker) {
  const worker = joinProcesses();
  await runUntilStopped(() => startGateway(process.env, {}, worker), { host: worker.host });
  worker.serving();
} else {
  await runUntilStopped(async () => {
    const config = readGatewayConfig();
    const { GATEWAY_PROCESSES: wanted, SHUTDOWN_DELAY_MS: delayMs, SHUTDOWN_GRACE_MS: graceMs } = config;
    const count = wanted === 'auto' ? availableParallelism() : wanted;
    if (count === 1) return startGateway();
    const logger = createLogger({ service: 'gateway', level: config.LOG_LEVEL });
    return startProcesses({ count, logger, stopMs: delayMs + graceMs + 10_000 });
  });
}
