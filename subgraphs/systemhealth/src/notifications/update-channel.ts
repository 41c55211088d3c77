import { addressGuard, isTargetAllowed } from '@supergraph/chassis/addresses';
import { z } from 'zod';
import { channelUnavailable, invalidInput, notificationChannelNotFound, targetRefused } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import type { NotificationChannelRow } from './channel-model.ts';
import { channelEmails, channelUrl } from './create-channel.ts';
import { openSecrets, sealSecrets } from './secrets.ts';

const changeSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    emails: channelEmails,
    url: channelUrl,
    isDefault: z.boolean(),
  })
  .partial();

export const updateNotificationChannel: MutationResolvers['updateNotificationChannel'] = async (
  _,
  { input },
  { models, service },
) => {
  const { id: _id, ...wanted } = input;
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
  const parsed = changeSchema.safeParse(given);
  const refused = <E>(...errors: E[]) => ({ notificationChannel: null, errors });
  if (!parsed.success) return refused(...invalidInput(parsed.error));
  const { url, emails, ...change } = parsed.data;
  const { config } = service;
  if (url && config.KEY_ENCRYPTION_KEY === undefined) return refused(channelUnavailable);
  if (url && !(await isTargetAllowed(url, addressGuard(config.TENANT_TARGET_NETWORKS))))
    return refused(targetRefused);
  return service.transaction(async () => {
    const channel = await models.NotificationChannel.findOne({ _id }).lean<NotificationChannelRow>();
    if (channel === null) return refused(notificationChannelNotFound);
    const isMail = channel.kind === 'EMAIL';
    if (isMail ? url : emails) {
      const field = isMail ? 'url' : 'emails';
      const message = `is not for ${channel.kind}`;
      return refused({ __typename: 'InvalidHealthInput' as const, message, field });
    }
    const update = {
      ...change,
      ...(emails && { emails, target: emails.join(', ') }),
      ...(url && {
        sealed: sealSecrets(service, { ...openSecrets(service, channel), url }, _id),
        target: new URL(url).host,
      }),
    };
    await models.NotificationChannel.updateOne({ _id }, { $set: update });
    return { notificationChannel: { ...channel, ...update }, errors: [] };
  });
};
