// A tenant's look, for its administrators and for the pages that its people see.
import { currentTenant, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import { accentIn } from './rules.ts';

/** As the schema shows it. */
export interface Branding {
  displayName: string | null;
  accentColour: string | null;
  accentOnLight: string | null;
  accentOnDark: string | null;
  /** A `data:` URL: no other server learns who looks at it. */
  logo: string | null;
}

/** Of the tenant in scope. */
export async function brandingOf({ models }: Pick<Arthemiz, 'models'>): Promise<Branding> {
  const row = await models.TenantBranding.findOne({ _id: currentTenant() });
  const { displayName = null, accentColour = null, logo = null } = row ?? {};
  return {
    ...{ displayName, accentColour },
    accentOnLight: accentColour && accentIn('light', accentColour),
    accentOnDark: accentColour && accentIn('dark', accentColour),
    logo: logo && `data:image/png;base64,${logo.toString('base64')}`,
  };
}

/** What a page shows of it. */
export interface Brand extends Pick<Branding, 'accentOnLight' | 'accentOnDark' | 'logo'> {
  name: string;
}

/** Null for a tenant that has chosen nothing, and where none is known. */
export async function brandOf(service: Arthemiz, tenantId: string | undefined): Promise<Brand | null> {
  if (tenantId === undefined) return null;
  const { displayName, ...looks } = await inTenant(tenantId, () => brandingOf(service));
  if (displayName === null && looks.accentColour === null && looks.logo === null) return null;
  return { ...looks, name: displayName ?? (await partsOf(service).tenants(tenantId))?.name ?? '' };
}
