// How sure we are of who somebody is, as tokens say it in `acr`: after NIST SP 800-63B's levels.

/** `aal1`: one factor. `aal2`: two of them, such as a password and the code of an app. */
export const assuranceLevels = ['aal1', 'aal2'] as const;

export type AssuranceLevel = (typeof assuranceLevels)[number];

/** The level that these methods (RFC 8176) reach together. */
export function assuranceOf(amr: readonly string[]): AssuranceLevel {
  return amr.includes('mfa') ? 'aal2' : 'aal1';
}
