// The names of the standard's schemas, and what of them this service keeps (RFC 7643, 7).

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

interface AttributeDefinition {
  name: string;
  type: 'string' | 'boolean' | 'complex' | 'reference';
  description: string;
  multiValued: boolean;
  required: boolean;
  caseExact: boolean;
  mutability: 'readWrite' | 'readOnly' | 'immutable';
  returned: 'default';
  uniqueness: 'none' | 'server';
  referenceTypes?: string[];
  subAttributes?: AttributeDefinition[];
}

type Said = Pick<AttributeDefinition, 'name' | 'description'> & Partial<AttributeDefinition>;

const attribute = (said: Said): AttributeDefinition => ({
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...said,
});
const readOnly = (said: Said): AttributeDefinition => attribute({ mutability: 'readOnly', ...said });

const externalId = attribute({
  name: 'externalId',
  description: "The identity provider's own id of it.",
  caseExact: true,
});

export const schemas = [
  {
    id: userSchema,
    name: 'User',
    description: 'A person as the tenant knows them.',
    attributes: [
      attribute({
        name: 'userName',
        description: 'The e-mail address by which they sign in.',
        required: true,
        uniqueness: 'server',
      }),
      externalId,
      attribute({ name: 'displayName', description: 'Their name, as it is shown.' }),
      attribute({
        name: 'name',
        type: 'complex',
        description: 'The parts of their name.',
        subAttributes: [
          attribute({ name: 'givenName', description: 'Their given name.' }),
          attribute({ name: 'familyName', description: 'Their family name.' }),
        ],
      }),
      attribute({
        name: 'active',
        type: 'boolean',
        description: 'Whether they may sign in to the tenant.',
      }),
      readOnly({
        name: 'emails',
        type: 'complex',
        multiValued: true,
        description: 'The user name once more.',
        subAttributes: [
          readOnly({ name: 'value', description: 'The address.' }),
          readOnly({ name: 'type', description: 'Always work.' }),
          readOnly({ name: 'primary', type: 'boolean', description: 'Always true.' }),
        ],
      }),
      readOnly({
        name: 'groups',
        type: 'complex',
        multiValued: true,
        description: 'The groups that they are in; changed at the groups.',
        subAttributes: [
          readOnly({ name: 'value', description: "The group's id.", caseExact: true }),
          readOnly({
            ...{ name: '$ref', type: 'reference', referenceTypes: ['Group'], caseExact: true },
            description: "The group's address.",
          }),
          readOnly({ name: 'display', description: "The group's name." }),
          readOnly({ name: 'type', description: 'Always direct: groups are in no groups.' }),
        ],
      }),
    ],
  },
  {
    id: groupSchema,
    name: 'Group',
    description: 'People of the tenant who hold the same roles.',
    attributes: [
      attribute({
        name: 'displayName',
        description: "The group's name.",
        required: true,
        uniqueness: 'server',
      }),
      externalId,
      attribute({
        name: 'members',
        type: 'complex',
        multiValued: true,
        description: 'Who is in it. Lists of groups show 10,000 in all: they hold fewer groups then.',
        subAttributes: [
          attribute({
            ...{ name: 'value', mutability: 'immutable', caseExact: true },
            description: "The user's id.",
          }),
          attribute({
            ...{ name: '$ref', type: 'reference', referenceTypes: ['User'] },
            ...{ mutability: 'immutable', caseExact: true },
            description: "The user's address.",
          }),
          attribute({ name: 'type', description: 'Always User.', mutability: 'immutable' }),
        ],
      }),
    ],
  },
];
