import { addressGuard, isTargetAllowed } from '@supergraph/chassis/addresses';
import { newId } from '@supergraph/chassis/identifiers';
import { z } from 'zod';
import { channelUnavailable, invalidInput, limitReached, targetRefused } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { channelKinds } from './channel-model.ts';
import { newSigningSecret, sealSecrets } from './secrets.ts';

const mostPerTenant = 20;

export const channelUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http or https URL' })
  .max(2_000)
  .refine((given) => new URL(given).username === '' && new URL(given).password === '', {
    error: 'must not hold a user name or password',
  });

export const channelEmails = z.array(z.email().max(254)).min(1).max(10);

const inputSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    kind: z.enum(channelKinds),
    emails: channelEmails.nullish(),
    url: channelUrl.nullish(),
    isDefault: z
      .boolean()
      .nullish()
      .transform((given) => given ?? true),
  })
  .superRefine(({ kind, emails, url: given }, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (kind === 'EMAIL' && !emails) wrong('emails', 'is needed for EMAIL');
    if (kind === 'EMAIL' && given) wrong('url', 'is not for EMAIL');
    if (kind !== 'EMAIL' && !given) wrong('url', `is needed for ${kind}`);
    if (kind !== 'EMAIL' && emails) wrong('emails', `is not for ${kind}`);
  });

export const createNotificationChannel: MutationResolvers['createNotificationChannel'] = async (
  _,
  { input },
  { models, service },
) => {
  const refused = { notificationChannel: null, secret: null };
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { ...refused, errors: invalidInput(parsed.error) };
  const { url: target, emails, ...channel } = parsed.data;
  const { config } = service;
  if (channel.kind === 'EMAIL' ? !config.SMTP_URL : !config.KEY_ENCRYPTION_KEY)
    return { ...refused, errors: [channelUnavailable] };
  if (target && !(await isTargetAllowed(target, addressGuard(config.TENANT_TARGET_NETWORKS))))
    return { ...refused, errors: [targetRefused] };
  const _id = newId('nch');
  const secret = channel.kind === 'WEBHOOK' ? newSigningSecret() : null;
  const sealed = target ? sealSecrets(service, { url: target, signingSecret: secret }, _id) : null;
  return service.transaction(async () => {
    if ((await models.NotificationChannel.countDocuments()) >= mostPerTenant)
      return { ...refused, errors: [limitReached('notification channels', mostPerTenant)] };
    const shown = target ? new URL(target).host : (emails ?? []).join(', ');
    const [created] = await models.NotificationChannel.create([
      { ...channel, _id, sealed, emails: emails ?? [], target: shown, createdAt: new Date() },
    ]);
    return { notificationChannel: created?.toObject() ?? null, secret, errors: [] };
  });
};
