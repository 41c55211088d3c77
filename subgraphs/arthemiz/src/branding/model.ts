// How a tenant looks. Apart from the tenant itself, which is read far more often than its logo.
import { type InferSchemaType, Schema } from 'mongoose';

export const tenantBrandingSchema = new Schema(
  {
    displayName: { type: String, default: null },
    /** As `#rrggbb`. */
    accentColour: { type: String, default: null },
    /** A PNG. */
    logo: { type: Buffer, default: null },
  },
  { collection: 'tenantbrandings', versionKey: false },
);

export type TenantBrandingRow = InferSchemaType<typeof tenantBrandingSchema>;
