// A TLS target answers when its certificate is trusted, is for its name, and lasts for as long as it must.
import { connect, type TLSSocket } from 'node:tls';
import { certificateMeasurements, demandDaysLeft, shownCertificate } from './certificates.ts';
import { describeFailure, ProbeFailure } from './failures.ts';
import type { Answer, Probe } from './probe.ts';
import { reach, type Target } from './reaching.ts';
import type { SettingsOf } from './settings.ts';

/** `target.url` is tls://host:port. `ca` trusts other authorities than this machine does. */
export function tlsProbe(
  target: Target,
  settings: SettingsOf<'TLS'>,
  { ca }: { ca?: string | undefined } = {},
): Probe {
  return {
    async ask(signal) {
      const { address, port, name } = await reach(target, 443);
      const serverName = settings.serverName ?? name;
      return new Promise((resolve, reject) => {
        const socket = connect({
          ...{ host: address, port },
          ...(serverName === null ? {} : { servername: serverName }),
          ...(ca === undefined ? {} : { ca }),
          // Judged below, so that the end of a certificate is known also where it is not trusted.
          rejectUnauthorized: false,
        });
        const abandon = () => socket.destroy(new Error('no answer', { cause: signal.reason }));
        signal.addEventListener('abort', abandon, { once: true });
        socket.once('close', () => signal.removeEventListener('abort', abandon));
        socket.once('error', reject);
        socket.once('secureConnect', () => {
          try {
            resolve(judge(socket, settings));
          } catch (error) {
            reject(error);
          } finally {
            socket.destroy();
          }
        });
      });
    },
    close: async () => undefined,
  };
}

function judge(socket: TLSSocket, { certificateDays }: SettingsOf<'TLS'>): Answer {
  const shown = shownCertificate(socket);
  if (shown === null) throw new ProbeFailure('no certificate was shown');
  const now = Date.now();
  const measurements = certificateMeasurements(shown, now);
  if (!socket.authorized) {
    // Node gives the code of what is wrong, or the error itself.
    const { authorizationError: wrong } = socket;
    const error = Object.assign(new Error('untrusted'), {
      code: Reflect.get(Object(wrong), 'code') ?? wrong,
    });
    throw new ProbeFailure(describeFailure(error), measurements);
  }
  demandDaysLeft(shown, { least: certificateDays, now, measurements });
  return { message: socket.getProtocol(), measurements };
}
