import { addressGuard } from '@supergraph/chassis/addresses';
import { newId } from '@supergraph/chassis/identifiers';
import { newHeartbeatToken } from '../heartbeats/token.ts';
import type { SettingsOf } from '../probes/settings.ts';
import {
  checkSecretsUnavailable,
  invalidInput,
  limitReached,
  serviceNotFound,
  targetRefused,
} from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { askLatencies } from '../slos/planning.ts';
import { newCheck, parseSettings, presetIntervalMs } from './input.ts';
import { mostPerTenant, policyOf, storedState } from './model.ts';
import { unobserved } from './rules.ts';
import { isSecret, sealSecrets } from './secrets.ts';
import { hasCredentials, isAllowed, withoutCredentials } from './target.ts';

export const createCheck: MutationResolvers['createCheck'] = async (
  _,
  { input },
  { models, loaders, service },
) => {
  const refused = { check: null, heartbeatUrl: null };
  if ((await loaders.service.load(input.serviceId)) === null)
    return { ...refused, errors: [serviceNotFound] };
  const parsed = newCheck.safeParse(input);
  if (!parsed.success) return { ...refused, errors: invalidInput(parsed.error) };
  const given = parseSettings(parsed.data.kind, parsed.data.settings);
  if (!given.success) return { ...refused, errors: invalidInput(given.error) };
  const { serviceId, target, ...check } = parsed.data;
  const { settings } = given.data;
  const guard = addressGuard(service.config.TENANT_TARGET_NETWORKS);
  const resolver = 'resolver' in settings ? settings.resolver : null;
  if (!(await isAllowed({ kind: check.kind, target, resolver }, guard)))
    return { ...refused, errors: [targetRefused] };
  const secrets = {
    target: target !== null && hasCredentials(target) ? target : null,
    headers: Object.fromEntries(
      Object.entries(given.data.headers).map(([name, value]) => [name, value ?? '']),
    ),
  };
  if (isSecret(secrets) && !service.config.KEY_ENCRYPTION_KEY)
    return { ...refused, errors: [checkSecretsUnavailable] };
  const heartbeat = check.kind === 'HEARTBEAT' ? newHeartbeatToken(service) : null;
  return service.transaction(async () => {
    if ((await models.Check.countDocuments()) >= mostPerTenant)
      return { ...refused, errors: [limitReached('checks', mostPerTenant)] };
    const _id = newId('chk');
    const createdAt = new Date();
    const intervalMs = check.intervalMs ?? intervalOf(settings);
    const timed = { ...check, settings, intervalMs };
    const state = storedState(unobserved(createdAt.getTime()), null, policyOf(timed));
    const [created] = await models.Check.create([
      {
        ...{ ...timed, ...state, _id, serviceId, createdAt, dueAt: createdAt },
        target: target === null ? null : withoutCredentials(target),
        sealed: sealSecrets(service, secrets, _id),
        heartbeat: heartbeat && { tokenHash: heartbeat.tokenHash },
      },
    ]);
    await askLatencies(models, serviceId);
    return { check: created?.toObject() ?? null, heartbeatUrl: heartbeat?.url ?? null, errors: [] };
  });
};

/** A heartbeat that is missing is looked at once a period, or once a day. */
export function intervalOf(settings: object): number {
  const { periodSeconds } = settings as Partial<SettingsOf<'HEARTBEAT'>>; // of another kind it is absent
  return periodSeconds === undefined ? presetIntervalMs : Math.min(periodSeconds * 1_000, 86_400_000);
}
