// Sends what was queued, at least once, at whichever copy looks first. A mail is gone from the database as soon as the
// mail server has taken it.
import { setTimeout as pause } from 'node:timers/promises';
import { createMailTransport, isRefusedForGood } from '@supergraph/chassis/mail-transport';
import { OutgoingError } from '@supergraph/chassis/outgoing';
import type { Worker } from '@supergraph/chassis/subgraph';
import { Counter, Gauge } from 'prom-client';
import type { Arthemiz } from '../context.ts';
import type { MailRow } from './model.ts';
import { openMail } from './queueing.ts';
import { retryDelayMs } from './rules.ts';

/** Longer than an attempt may take: a copy that died with a mail keeps it from the others for that long. */
const leaseMs = 60_000;
const attemptMs = 30_000;

/** What people see as the sender. */
function senderOf({ config }: Arthemiz) {
  const address = config.MAIL_FROM ?? `no-reply@${new URL(config.ISSUER).hostname}`;
  return { name: 'Arthemiz', address };
}

export function createMailDelivery(service: Arthemiz): Worker {
  const { SMTP_URL, MAIL_POLL_MS } = service.config;
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  let end: () => void = () => undefined;

  return {
    name: 'mail',
    async start() {
      if (SMTP_URL === undefined) return;
      const transport = createMailTransport({ smtpUrl: SMTP_URL, sender: senderOf(service) });
      end = () => transport.close();
      const deliver = createDelivery(service, (mail) =>
        transport.send({ ...openMail(service, mail), id: mail._id }),
      );
      loop = work(deliver);
    },
    async stop() {
      stopping.abort();
      await loop;
      end();
    },
  };

  async function work(deliverNext: () => Promise<boolean>): Promise<void> {
    while (!stopping.signal.aborted) {
      const wasDue = await deliverNext().catch((error: unknown) => {
        service.logger.warn({ err: error }, 'mails could not be looked at; trying again');
        return false;
      });
      if (!wasDue) await pause(MAIL_POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
}

/** Makes the function that sends the mail that is due next. It returns false where none is. */
function createDelivery(service: Arthemiz, send: (mail: MailRow) => Promise<void>): () => Promise<boolean> {
  const { Mail } = service.models;
  const guard = service.outgoing.guard('smtp', { deadlineMs: attemptMs, isRefusal: isRefusedForGood });
  const mails = measure(service);

  return async () => {
    const now = Date.now();
    const mail = await Mail.findOneAndUpdate(
      { dueAt: { $lte: new Date(now) }, expiresAt: { $gt: new Date(now) } },
      { $set: { dueAt: new Date(now + leaseMs) }, $inc: { attempts: 1 } },
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    ).lean();
    if (mail === null) return false;
    const { _id, kind, attempts } = mail;
    try {
      await guard.run(() => send(mail), { repetition: 'unsafe' });
      mails.inc({ kind, outcome: 'sent' });
      await Mail.deleteOne({ _id });
    } catch (error) {
      if (isRefusedForGood(error)) {
        service.logger.warn({ mail: _id, kind, err: error }, 'a mail was refused for good');
        mails.inc({ kind, outcome: 'refused' });
        await Mail.deleteOne({ _id });
        return true;
      }
      if (!(error instanceof OutgoingError)) throw error;
      service.logger.warn({ mail: _id, kind, attempts, err: error }, 'a mail was not taken; trying again');
      mails.inc({ kind, outcome: 'delayed' });
      await Mail.updateOne({ _id }, { $set: { dueAt: new Date(Date.now() + retryDelayMs(attempts)) } });
    }
    return true;
  };
}

function measure({ metrics, models }: Arthemiz) {
  const registers = [metrics];
  new Gauge({
    name: 'arthemiz_mails_waiting',
    help: 'Mails that the mail server has not taken yet.',
    registers,
    async collect() {
      this.set(await models.Mail.countDocuments().catch(() => Number.NaN));
    },
  });
  return new Counter({
    name: 'arthemiz_mails_total',
    help: 'Attempts to send a mail by kind and outcome: sent, delayed, or refused for good.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
}
