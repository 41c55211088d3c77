// Which second factors a person has.
import type { Arthemiz } from '../context.ts';

export interface HeldFactors {
  /** When the authenticator app was added; null without one. */
  appSince: Date | null;
  recoveryCodesLeft: number;
}

export async function heldFactors({ models }: Arthemiz, personId: string): Promise<HeldFactors> {
  const app = await models.AuthenticatorApp.findOne({ _id: personId }).lean();
  const recovery = await models.RecoveryCodes.findOne({ _id: personId }).lean();
  return { appSince: app?.createdAt ?? null, recoveryCodesLeft: recovery?.digests.length ?? 0 };
}

/** Whether a password alone does not let them in. */
export function hasSecondFactor({ appSince }: HeldFactors): boolean {
  return appSince !== null;
}
