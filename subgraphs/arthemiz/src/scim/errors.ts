// SCIM's own form of errors (RFC 7644, 3.12).
import type { RoleRefusal } from '../roles/refusals.ts';

export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue';

export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly status: number;
  readonly scimType: ScimType | undefined;

  constructor(status: number, detail: string, scimType?: ScimType) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
  }
}

export const invalidValue = (detail: string): ScimError => new ScimError(400, detail, 'invalidValue');
export const invalidSyntax = (detail: string): ScimError => new ScimError(400, detail, 'invalidSyntax');
export const invalidPath = (detail: string): ScimError => new ScimError(400, detail, 'invalidPath');
export const invalidFilter = (detail: string): ScimError => new ScimError(400, detail, 'invalidFilter');
export const readOnly = (attribute: string): ScimError =>
  new ScimError(400, `The attribute ${attribute} is read-only.`, 'mutability');
export const resourceNotFound = (): ScimError => new ScimError(404, 'The tenant has no such resource.');

/** A rule of the platform said no. */
export function refused({ __typename, message }: RoleRefusal): ScimError {
  switch (__typename) {
    case 'GroupNameTaken':
      return new ScimError(409, message, 'uniqueness');
    case 'LastAdministrator':
      return new ScimError(409, message);
    case 'PermissionNotHeld':
    case 'DutiesSeparated':
      return new ScimError(403, message);
    case 'PersonNotFound':
    case 'GroupNotFound':
      return resourceNotFound();
    default:
      return invalidValue(message);
  }
}

const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

export function errorBody({
  status,
  scimType,
  detail,
}: {
  status: number;
  scimType?: ScimType | undefined;
  detail: string;
}) {
  return { schemas: [errorSchema], status: String(status), scimType, detail };
}
