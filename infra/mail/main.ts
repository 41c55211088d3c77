// The mail catcher as a process of `npm start`.
import { readConfig } from '@supergraph/chassis/config';
import { z } from 'zod';
import { startMailCatcher } from './catcher.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const config = readConfig(z.object({ SMTP_PORT: port, HTTP_PORT: port }), { service: 'mail catcher' });
const catcher = await startMailCatcher({ smtpPort: config.SMTP_PORT, httpPort: config.HTTP_PORT });

async function stop(): Promise<void> {
  await catcher.stop();
  process.exit(0);
}
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
// The starter is gone.
process.once('disconnect', () => void stop());
