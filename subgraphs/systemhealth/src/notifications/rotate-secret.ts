import { channelUnavailable, notificationChannelNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import type { NotificationChannelRow } from './channel-model.ts';
import { newSigningSecret, openSecrets, overlapMs, sealSecrets } from './secrets.ts';

export const rotateNotificationChannelSecret: MutationResolvers['rotateNotificationChannelSecret'] = (
  _,
  { input },
  { models, service },
) =>
  service.transaction(async () => {
    const refused = <E>(error: E) => ({
      ...{ notificationChannel: null, secret: null, previousValidUntil: null, errors: [error] },
    });
    const channel = await models.NotificationChannel.findOne({
      _id: input.id,
    }).lean<NotificationChannelRow>();
    if (channel === null) return refused(notificationChannelNotFound);
    if (channel.kind !== 'WEBHOOK') {
      const message = `A channel of kind ${channel.kind} signs nothing.`;
      return refused({ __typename: 'InvalidHealthInput' as const, message, field: 'id' });
    }
    if (service.config.KEY_ENCRYPTION_KEY === undefined) return refused(channelUnavailable);
    const { url, signingSecret } = openSecrets(service, channel);
    const secret = newSigningSecret();
    const until = Date.now() + overlapMs;
    const previousSecret = signingSecret === null ? null : { secret: signingSecret, until };
    const sealed = sealSecrets(service, { url, signingSecret: secret, previousSecret }, channel._id);
    await models.NotificationChannel.updateOne({ _id: channel._id }, { $set: { sealed } });
    return { notificationChannel: channel, secret, previousValidUntil: new Date(until), errors: [] };
  });
