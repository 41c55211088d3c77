import { runUntilStopped } from '@supergraph/chassis/shutdown';
import { startGateway } from './gateway.ts';

await runUntilStopped(() => startGateway());
