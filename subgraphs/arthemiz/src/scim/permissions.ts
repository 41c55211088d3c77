// What requests by SCIM take: no field of the schema does.
import type { Permission } from '../roles/rules.ts';

export const scimRead = 'scim:read' satisfies Permission;
export const scimWrite = 'scim:write' satisfies Permission;
