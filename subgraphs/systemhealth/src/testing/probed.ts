// For tests only: asks a tenant's probe once, through a guard that lets this machine's own address pass.
import { type AddressGuard, addressGuard } from '@supergraph/chassis/addresses';
import { measure } from '../probes/probe.ts';
import { type CheckKind, type SettingsOf, settingsOf } from '../probes/settings.ts';
import { type AskingKind, tenantProbe } from '../probes/tenant-probe.ts';

/** localhost stays refused by the address that it has on most machines beside this one. */
export const exempt = addressGuard(['127.0.0.1/32']);
export const strict = addressGuard([]);

export interface Asking {
  readonly url: string;
  readonly settings?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly guard?: AddressGuard;
  readonly timeoutMs?: number;
}

export async function probed(
  kind: AskingKind,
  { url, settings = {}, headers = {}, guard = exempt, timeoutMs = 5_000 }: Asking,
) {
  const parsed = settingsOf[kind].parse({ ...settings, headerNames: Object.keys(headers) });
  // Parsed by the schema of this very kind.
  const probe = tenantProbe<AskingKind>(kind, { url, headers, guard }, parsed as never);
  const observation = await measure(probe, { timeoutMs, now: Date.now });
  await probe.close();
  return observation;
}

/** The settings of a kind as they are stored. */
export function settingsFor<Kind extends CheckKind>(kind: Kind, given: object = {}): SettingsOf<Kind> {
  return settingsOf[kind].parse(given) as SettingsOf<Kind>; // the schema of this very kind
}
