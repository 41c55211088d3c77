// Which second factors a person has.
import type { Arthemiz } from '../context.ts';
import type { PasskeyRow } from '../passkeys/model.ts';

export interface HeldFactors {
  /** When the authenticator app was added; null without one. */
  appSince: Date | null;
  /** In the order in which they were added. */
  passkeys: PasskeyRow[];
  recoveryCodesLeft: number;
}

export async function heldFactors({ models }: Arthemiz, personId: string): Promise<HeldFactors> {
  const app = await models.AuthenticatorApp.findOne({ _id: personId }).lean();
  const passkeys = await models.Passkey.find({ personId }).sort({ createdAt: 1 }).limit(100).lean();
  const recovery = await models.RecoveryCodes.findOne({ _id: personId }).lean();
  return { appSince: app?.createdAt ?? null, passkeys, recoveryCodesLeft: recovery?.digests.length ?? 0 };
}

/** Whether a password alone does not let them in. */
export function hasSecondFactor({ appSince, passkeys }: HeldFactors): boolean {
  return appSince !== null || passkeys.length > 0;
}
