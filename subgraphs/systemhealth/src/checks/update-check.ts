import { addressGuard } from '@supergraph/chassis/addresses';
import {
  checkNotFound,
  checkSecretsUnavailable,
  invalidInput,
  platformCheckProtected,
  refusedField,
  targetRefused,
} from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { commitChanges } from './changes.ts';
import { intervalOf } from './create-check.ts';
import { checkChange, type GivenHeaders, parseSettings } from './input.ts';
import { type CheckRow, checkSettings, policyOf, stateOf, storedState } from './model.ts';
import { awaitedAnew, leaseRevoked } from './pausing.ts';
import { reconsider } from './rules.ts';
import { type CheckSecrets, isSecret, noSecrets, openSecrets, sealSecrets } from './secrets.ts';
import { hasCredentials, isAllowed, targetProblem, withoutCredentials } from './target.ts';

export const updateCheck: MutationResolvers['updateCheck'] = async (
  _root,
  { input },
  { models, service },
) => {
  const check = await models.Check.findOne({ _id: input.id }).lean<CheckRow>();
  if (check === null) return { check, errors: [checkNotFound] };
  if (check.platformSlug) return { check: null, errors: [platformCheckProtected] };
  const { id: _id, settings: givenSettings, ...rest } = input;
  // Absent and null are the same to a client, except where null says something.
  const parsed = checkChange.safeParse(
    Object.fromEntries(
      Object.entries(rest).filter(([key, value]) => value !== null || key === 'degradedAfterMs'),
    ),
  );
  if (!parsed.success) return { check: null, errors: invalidInput(parsed.error) };
  const { target, ...change } = parsed.data;
  const { kind } = check;
  const problem = target === undefined ? null : targetProblem(kind, target);
  if (problem !== null) return { check: null, errors: [refusedField('target', problem)] };
  if (kind === 'HEARTBEAT' && change.intervalMs !== undefined)
    return { check: null, errors: [refusedField('intervalMs', 'is not for HEARTBEAT')] };
  const given = givenSettings ? parseSettings(kind, givenSettings) : null;
  if (given?.success === false) return { check: null, errors: invalidInput(given.error) };

  const settings = given?.data?.settings ?? checkSettings(check);
  const resolver = settings !== null && 'resolver' in settings ? settings.resolver : null;
  const asked = { kind, target: target ?? check.target ?? null, resolver };
  if (!(await isAllowed(asked, addressGuard(service.config.TENANT_TARGET_NETWORKS))))
    return { check: null, errors: [targetRefused] };

  const isElsewhere = target !== undefined && target !== check.target;
  const headerNames = settings !== null && 'headerNames' in settings ? settings.headerNames : [];
  const secrets = mergedSecrets(isElsewhere ? noSecrets : openSecrets(service, check), {
    target: isElsewhere && hasCredentials(target) ? target : null,
    headers: given?.data?.headers ?? Object.fromEntries(headerNames.map((name) => [name, null])),
  });
  if (typeof secrets === 'string')
    return { check: null, errors: [refusedField('settings', `holds no value for the header ${secrets}`)] };
  if (isSecret(secrets) && !service.config.KEY_ENCRYPTION_KEY)
    return { check: null, errors: [checkSecretsUnavailable] };

  const intervalMs =
    kind === 'HEARTBEAT' ? intervalOf(settings ?? {}) : (change.intervalMs ?? check.intervalMs);
  if (kind !== 'HEARTBEAT' && (change.timeoutMs ?? check.timeoutMs) > intervalMs)
    return { check: null, errors: [refusedField('timeoutMs', 'is longer than the interval')] };
  const changed = {
    ...{ ...change, settings, intervalMs },
    target: asked.target === null ? null : withoutCredentials(asked.target),
    sealed: sealSecrets(service, secrets, check._id),
  };
  const isOther = target !== undefined || given !== null;
  return service.transaction(async () => {
    const now = new Date();
    const current = await models.Check.findOne({ _id: check._id }).lean<CheckRow>();
    if (current === null) return { check: current, errors: [checkNotFound] };
    const message = 'changed; no result yet';
    const forgotten = reconsider(stateOf(current), { now: now.getTime(), message });
    const update = {
      ...changed,
      ...(isOther && storedState(forgotten.state, null, policyOf({ ...current, ...changed }))),
      ...(isOther && awaitedAnew(current, now)),
      ...leaseRevoked(current, now),
    };
    await commitChanges(service, {
      check: current,
      filter: { _id: check._id },
      update: { $set: update },
      changes: isOther && forgotten.change !== null ? [forgotten.change] : [],
    });
    return { check: { ...current, ...update }, errors: [] };
  });
};

/**
 * The secrets from now on, or the name of a header that has no value. `known` is nothing where the target is another:
 * what was kept for one is never sent to the other, because who may change a check need not know it.
 */
function mergedSecrets(
  known: CheckSecrets,
  given: { target: string | null; headers: GivenHeaders },
): CheckSecrets | string {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given.headers)) {
    const kept = value ?? known.headers[name];
    if (kept === undefined) return name;
    headers[name] = kept;
  }
  return { target: given.target ?? known.target, headers };
}
