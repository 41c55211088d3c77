import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { TenantRow } from './tenants/model.ts';
import type { PersonRow } from './people/model.ts';
import type { RoleRow } from './roles/model.ts';
import type { ViewerParent, Context } from './context.ts';
import type { TenantRefusal } from './tenants/rules.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant in UTC, written as ISO 8601 with milliseconds, for example 2026-01-31T09:30:00.000Z. */
  DateTime: { input: string; output: Date; }
};

export type Query = {
  __typename?: 'Query';
  /** Who asks: the signed-in person or service client, in the tenant of its token. */
  viewer?: Maybe<Viewer>;
  /** The viewer's tenant; null for a viewer without one. */
  tenant?: Maybe<Tenant>;
  /** One person of the viewer's tenant; null when nobody there has this id. */
  person?: Maybe<Person>;
  /** The people of the viewer's tenant, in the order in which they joined. */
  people?: Maybe<PersonConnection>;
  /** All tenants of the platform, oldest first. For platform operators. */
  tenants?: Maybe<TenantConnection>;
  /** The roles of the viewer's tenant, by name. */
  roles?: Maybe<Array<Role>>;
};


export type QueryPersonArgs = {
  id: Scalars['ID']['input'];
};


export type QueryPeopleArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryTenantsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Creates a tenant with its default roles. For platform operators. Sent again with the same idempotency key it
   * creates nothing and answers with the tenant of the first time.
   */
  createTenant?: Maybe<CreateTenantPayload>;
  /** Gives the viewer's tenant another name. Its slug stays. */
  renameTenant?: Maybe<RenameTenantPayload>;
};


export type MutationCreateTenantArgs = {
  input: CreateTenantInput;
};


export type MutationRenameTenantArgs = {
  input: RenameTenantInput;
};

/** Who asks: a person who signed in, or a service client that acts for itself. */
export type Viewer = {
  __typename?: 'Viewer';
  /** Id of the person or of the service client. */
  id: Scalars['ID']['output'];
  /** What people call the viewer. */
  displayName: Scalars['String']['output'];
  /** The person's e-mail address; null for a service client. */
  email?: Maybe<Scalars['String']['output']>;
  /** The tenant that the viewer acts in; null for a viewer without one. */
  tenant?: Maybe<Tenant>;
  /** Names of the viewer's roles in the tenant, as the access token states them. */
  roles: Array<Scalars['String']['output']>;
  /** What the viewer may do, as `resource:action`, as the access token states it. */
  permissions: Array<Scalars['String']['output']>;
  /** The viewer as a person; null for a service client. */
  person?: Maybe<Person>;
};

/** An organization that shares this platform. */
export type Tenant = {
  __typename?: 'Tenant';
  /** The tenant's id, for example ten_0190d2b4-…. */
  id: Scalars['ID']['output'];
  /** What people call it. */
  name: Scalars['String']['output'];
  /** Its short name for addresses, for example `acme`; unique and permanent. */
  slug: Scalars['String']['output'];
  /** When it was created. */
  createdAt: Scalars['DateTime']['output'];
  /** Its people, in the order in which they joined; null for any tenant but the viewer's. */
  people?: Maybe<PersonConnection>;
  /** Its roles, by name; null for any tenant but the viewer's. */
  roles?: Maybe<Array<Role>>;
};


/** An organization that shares this platform. */
export type TenantPeopleArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** Somebody who is a member of the viewer's tenant. */
export type Person = {
  __typename?: 'Person';
  /** The person's id, for example per_0190d2b4-…. */
  id: Scalars['ID']['output'];
  /** What people call them. */
  displayName: Scalars['String']['output'];
  /** The address that they sign in with. */
  email: Scalars['String']['output'];
  /** Their roles in the viewer's tenant, by name. */
  roles: Array<Role>;
};

/** What its holders may do in one tenant. */
export type Role = {
  __typename?: 'Role';
  /** The role's id, for example rol_0190d2b4-…. */
  id: Scalars['ID']['output'];
  /** Its name, unique in the tenant, for example `operator`. */
  name: Scalars['String']['output'];
  /** What it allows, as `resource:action`. */
  permissions: Array<Scalars['String']['output']>;
};

/** What a new tenant needs. */
export type CreateTenantInput = {
  /** What people call it: 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** Its short name: 2 to 40 of a-z, 0-9 and inner hyphens, beginning with a letter. It can't be changed. */
  slug: Scalars['String']['input'];
  /** Chosen by the caller for this one creation, for example a UUID: 8 to 100 visible ASCII characters. */
  idempotencyKey: Scalars['String']['input'];
};

/** What renaming the viewer's tenant needs. */
export type RenameTenantInput = {
  /** What people shall call it: 1 to 100 characters. */
  name: Scalars['String']['input'];
};

/** An expected reason for which a change of a tenant was refused. */
export type TenantError = {
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
};

/** A value is outside of what the schema's descriptions allow. */
export type InvalidTenantInput = TenantError & {
  __typename?: 'InvalidTenantInput';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
  /** The input field at fault. */
  field: Scalars['String']['output'];
};

/** Another tenant has this slug. */
export type TenantSlugTaken = TenantError & {
  __typename?: 'TenantSlugTaken';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
  /** The slug that is taken. */
  slug: Scalars['String']['output'];
};

/** The idempotency key was used before, for another tenant. */
export type TenantKeyReused = TenantError & {
  __typename?: 'TenantKeyReused';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
};

/** The outcome of createTenant: a tenant, or errors. */
export type CreateTenantPayload = {
  __typename?: 'CreateTenantPayload';
  /** The tenant; null when there are errors. */
  tenant?: Maybe<Tenant>;
  /** Why nothing was created; empty when the tenant exists now. */
  errors: Array<TenantError>;
};

/** The outcome of renameTenant: the tenant, or errors. */
export type RenameTenantPayload = {
  __typename?: 'RenameTenantPayload';
  /** The renamed tenant; null when there are errors. */
  tenant?: Maybe<Tenant>;
  /** Why nothing was changed; empty when it has the name now. */
  errors: Array<TenantError>;
};

/** A page of tenants. */
export type TenantConnection = {
  __typename?: 'TenantConnection';
  /** The tenants with their cursors. */
  edges: Array<TenantEdge>;
  /** The tenants alone. */
  nodes: Array<Tenant>;
  /** Where this page lies. */
  pageInfo: PageInfo;
};

/** A tenant at its place in a list. */
export type TenantEdge = {
  __typename?: 'TenantEdge';
  /** Names this place; pass it as `after`. */
  cursor: Scalars['String']['output'];
  /** The tenant. */
  node: Tenant;
};

/** A page of people. */
export type PersonConnection = {
  __typename?: 'PersonConnection';
  /** The people with their cursors. */
  edges: Array<PersonEdge>;
  /** The people alone. */
  nodes: Array<Person>;
  /** Where this page lies. */
  pageInfo: PageInfo;
};

/** A person at their place in a list. */
export type PersonEdge = {
  __typename?: 'PersonEdge';
  /** Names this place; pass it as `after`. */
  cursor: Scalars['String']['output'];
  /** The person. */
  node: Person;
};

/** Where a page lies in its list. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** Whether there is more after this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether there is anything before this page. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The first place on this page; null when it is empty. */
  startCursor?: Maybe<Scalars['String']['output']>;
  /** The last place on this page; null when it is empty. */
  endCursor?: Maybe<Scalars['String']['output']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Tenant: Tenant;
  Person: Person;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Tenant:
    ( { __typename: 'Tenant' }
    & GraphQLRecursivePick<FederationTypes['Tenant'], {"id":true}> );
  Person:
    ( { __typename: 'Person' }
    & GraphQLRecursivePick<FederationTypes['Person'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Viewer: ResolverTypeWrapper<ViewerParent>;
  Tenant: ResolverTypeWrapper<TenantRow>;
  Person: ResolverTypeWrapper<PersonRow>;
  Role: ResolverTypeWrapper<RoleRow>;
  CreateTenantInput: CreateTenantInput;
  RenameTenantInput: RenameTenantInput;
  TenantError: ResolverTypeWrapper<TenantRefusal>;
  InvalidTenantInput: ResolverTypeWrapper<TenantRefusal>;
  TenantSlugTaken: ResolverTypeWrapper<TenantRefusal>;
  TenantKeyReused: ResolverTypeWrapper<TenantRefusal>;
  CreateTenantPayload: ResolverTypeWrapper<Omit<CreateTenantPayload, 'tenant' | 'errors'> & { tenant?: Maybe<ResolversTypes['Tenant']>, errors: Array<ResolversTypes['TenantError']> }>;
  RenameTenantPayload: ResolverTypeWrapper<Omit<RenameTenantPayload, 'tenant' | 'errors'> & { tenant?: Maybe<ResolversTypes['Tenant']>, errors: Array<ResolversTypes['TenantError']> }>;
  TenantConnection: ResolverTypeWrapper<Omit<TenantConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['TenantEdge']>, nodes: Array<ResolversTypes['Tenant']> }>;
  TenantEdge: ResolverTypeWrapper<Omit<TenantEdge, 'node'> & { node: ResolversTypes['Tenant'] }>;
  PersonConnection: ResolverTypeWrapper<Omit<PersonConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['PersonEdge']>, nodes: Array<ResolversTypes['Person']> }>;
  PersonEdge: ResolverTypeWrapper<Omit<PersonEdge, 'node'> & { node: ResolversTypes['Person'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  Mutation: Record<PropertyKey, never>;
  Viewer: ViewerParent;
  Tenant: TenantRow;
  Person: PersonRow;
  Role: RoleRow;
  CreateTenantInput: CreateTenantInput;
  RenameTenantInput: RenameTenantInput;
  TenantError: TenantRefusal;
  InvalidTenantInput: TenantRefusal;
  TenantSlugTaken: TenantRefusal;
  TenantKeyReused: TenantRefusal;
  CreateTenantPayload: Omit<CreateTenantPayload, 'tenant' | 'errors'> & { tenant?: Maybe<ResolversParentTypes['Tenant']>, errors: Array<ResolversParentTypes['TenantError']> };
  RenameTenantPayload: Omit<RenameTenantPayload, 'tenant' | 'errors'> & { tenant?: Maybe<ResolversParentTypes['Tenant']>, errors: Array<ResolversParentTypes['TenantError']> };
  TenantConnection: Omit<TenantConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['TenantEdge']>, nodes: Array<ResolversParentTypes['Tenant']> };
  TenantEdge: Omit<TenantEdge, 'node'> & { node: ResolversParentTypes['Tenant'] };
  PersonConnection: Omit<PersonConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['PersonEdge']>, nodes: Array<ResolversParentTypes['Person']> };
  PersonEdge: Omit<PersonEdge, 'node'> & { node: ResolversParentTypes['Person'] };
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  String: Scalars['String']['output'];
};

export type LinkDirectiveArgs = {
  url: Scalars['String']['input'];
  import?: Maybe<Array<Maybe<Scalars['String']['input']>>>;
};

export type LinkDirectiveResolver<Result, Parent, ContextType = Context, Args = LinkDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ShareableDirectiveArgs = { };

export type ShareableDirectiveResolver<Result, Parent, ContextType = Context, Args = ShareableDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AuthenticatedDirectiveArgs = { };

export type AuthenticatedDirectiveResolver<Result, Parent, ContextType = Context, Args = AuthenticatedDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type PolicyDirectiveArgs = {
  policies: Array<Array<Scalars['String']['input']>>;
};

export type PolicyDirectiveResolver<Result, Parent, ContextType = Context, Args = PolicyDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType>;
  person?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType, RequireFields<QueryPersonArgs, 'id'>>;
  people?: Resolver<Maybe<ResolversTypes['PersonConnection']>, ParentType, ContextType, Partial<QueryPeopleArgs>>;
  tenants?: Resolver<Maybe<ResolversTypes['TenantConnection']>, ParentType, ContextType, Partial<QueryTenantsArgs>>;
  roles?: Resolver<Maybe<Array<ResolversTypes['Role']>>, ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createTenant?: Resolver<Maybe<ResolversTypes['CreateTenantPayload']>, ParentType, ContextType, RequireFields<MutationCreateTenantArgs, 'input'>>;
  renameTenant?: Resolver<Maybe<ResolversTypes['RenameTenantPayload']>, ParentType, ContextType, RequireFields<MutationRenameTenantArgs, 'input'>>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  displayName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  permissions?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  person?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
};

export type TenantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tenant'] = ResolversParentTypes['Tenant'], FederationReferenceType extends FederationReferenceTypes['Tenant'] = FederationReferenceTypes['Tenant']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Tenant']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  people?: Resolver<Maybe<ResolversTypes['PersonConnection']>, ParentType, ContextType, Partial<TenantPeopleArgs>>;
  roles?: Resolver<Maybe<Array<ResolversTypes['Role']>>, ParentType, ContextType>;
};

export type PersonResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Person'] = ResolversParentTypes['Person'], FederationReferenceType extends FederationReferenceTypes['Person'] = FederationReferenceTypes['Person']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Person']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  displayName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['Role']>, ParentType, ContextType>;
};

export type RoleResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Role'] = ResolversParentTypes['Role']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  permissions?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type TenantErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TenantError'] = ResolversParentTypes['TenantError']> = {
  __resolveType: TypeResolveFn<'InvalidTenantInput' | 'TenantSlugTaken' | 'TenantKeyReused', ParentType, ContextType>;
};

export type InvalidTenantInputResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidTenantInput'] = ResolversParentTypes['InvalidTenantInput']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TenantSlugTakenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TenantSlugTaken'] = ResolversParentTypes['TenantSlugTaken']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TenantKeyReusedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TenantKeyReused'] = ResolversParentTypes['TenantKeyReused']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateTenantPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateTenantPayload'] = ResolversParentTypes['CreateTenantPayload']> = {
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType>;
  errors?: Resolver<Array<ResolversTypes['TenantError']>, ParentType, ContextType>;
};

export type RenameTenantPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RenameTenantPayload'] = ResolversParentTypes['RenameTenantPayload']> = {
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType>;
  errors?: Resolver<Array<ResolversTypes['TenantError']>, ParentType, ContextType>;
};

export type TenantConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TenantConnection'] = ResolversParentTypes['TenantConnection']> = {
  edges?: Resolver<Array<ResolversTypes['TenantEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Tenant']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type TenantEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TenantEdge'] = ResolversParentTypes['TenantEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
};

export type PersonConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonConnection'] = ResolversParentTypes['PersonConnection']> = {
  edges?: Resolver<Array<ResolversTypes['PersonEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Person']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PersonEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonEdge'] = ResolversParentTypes['PersonEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Person'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
  Tenant?: TenantResolvers<ContextType>;
  Person?: PersonResolvers<ContextType>;
  Role?: RoleResolvers<ContextType>;
  TenantError?: TenantErrorResolvers<ContextType>;
  InvalidTenantInput?: InvalidTenantInputResolvers<ContextType>;
  TenantSlugTaken?: TenantSlugTakenResolvers<ContextType>;
  TenantKeyReused?: TenantKeyReusedResolvers<ContextType>;
  CreateTenantPayload?: CreateTenantPayloadResolvers<ContextType>;
  RenameTenantPayload?: RenameTenantPayloadResolvers<ContextType>;
  TenantConnection?: TenantConnectionResolvers<ContextType>;
  TenantEdge?: TenantEdgeResolvers<ContextType>;
  PersonConnection?: PersonConnectionResolvers<ContextType>;
  PersonEdge?: PersonEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  link?: LinkDirectiveResolver<any, any, ContextType>;
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  authenticated?: AuthenticatedDirectiveResolver<any, any, ContextType>;
  policy?: PolicyDirectiveResolver<any, any, ContextType>;
};
