import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { SecurityEventParent } from './security-events/model.ts';
import type { TenantParent } from './security-events/resolvers.ts';
import type { Context } from './context.ts';
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
  /** The security events of the viewer's tenant, newest first. */
  securityEvents?: Maybe<SecurityEventConnection>;
  /** One security event of the viewer's tenant; null when the tenant has none of this id. */
  securityEvent?: Maybe<SecurityEvent>;
};


export type QuerySecurityEventsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<SecurityEventFilter>;
};


export type QuerySecurityEventArgs = {
  id: Scalars['ID']['input'];
};

export type Subscription = {
  __typename?: 'Subscription';
  /** Every security event of the viewer's tenant, as it is stored. */
  securityEvent: SecurityEvent;
};


export type SubscriptionSecurityEventArgs = {
  types?: InputMaybe<Array<SecurityEventType>>;
};

/** What kind of access somebody had, or was refused. */
export type SecurityEventType =
  /** A person or a service client proved who it is. */
  | 'SIGN_IN_SUCCEEDED'
  /** A sign-in was refused. */
  | 'SIGN_IN_FAILED'
  /** An operation asked for fields that its viewer may not see; it got null there. */
  | 'FIELD_DENIED';

/** Somebody had access to the platform, or was refused it. */
export type SecurityEvent = {
  __typename?: 'SecurityEvent';
  /** The event's id, for example sev_0190d2b4-…. */
  id: Scalars['ID']['output'];
  /** What kind of event it is. */
  type: SecurityEventType;
  /** When it happened. */
  occurredAt: Scalars['DateTime']['output'];
  /** When sentinel learned of it, at most moments later unless messaging was down. */
  receivedAt: Scalars['DateTime']['output'];
  /** The person who did it or tried to; null when nobody is known, or a service client acted. */
  actor?: Maybe<Person>;
  /** The OAuth client that was used, which may be a service client that acted for itself; null when none is known. */
  clientId?: Maybe<Scalars['String']['output']>;
  /** The e-mail address that was given, masked to its first letter and domain; null when none was. */
  email?: Maybe<Scalars['String']['output']>;
  /** The address that the request came from; null when it is not known. */
  ipAddress?: Maybe<Scalars['String']['output']>;
  /** The browser or program, as it names itself; null when it does not. */
  userAgent?: Maybe<Scalars['String']['output']>;
  /** Why it was refused, or how it was proved, in a word or two, for example wrong-password; null when there is nothing to say. */
  reason?: Maybe<Scalars['String']['output']>;
  /** The operation's name as its author gave it; null when it has none, and for sign-ins. */
  operationName?: Maybe<Scalars['String']['output']>;
  /** The denied fields as schema coordinates, for example `SecurityEvent.type`, twenty at most; empty for sign-ins. */
  coordinates: Array<Scalars['String']['output']>;
  /** The id of the request, as it stands in the gateway's logs; null for sign-ins. */
  requestId?: Maybe<Scalars['String']['output']>;
  /** The tenant that the event belongs to. */
  tenant?: Maybe<Tenant>;
};

/** An organization that shares this platform. */
export type Tenant = {
  __typename?: 'Tenant';
  /** The tenant's id, for example ten_0190d2b4-…. */
  id: Scalars['ID']['output'];
  /** Its security events, newest first; null for any tenant but the viewer's. */
  securityEvents?: Maybe<SecurityEventConnection>;
};


/** An organization that shares this platform. */
export type TenantSecurityEventsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<SecurityEventFilter>;
};

/** Somebody who is a member of the viewer's tenant. */
export type Person = {
  __typename?: 'Person';
  /** The person's id, for example per_0190d2b4-…. */
  id: Scalars['ID']['output'];
};

/** A page of security events. */
export type SecurityEventConnection = {
  __typename?: 'SecurityEventConnection';
  /** The events with their cursors. */
  edges: Array<SecurityEventEdge>;
  /** The events alone. */
  nodes: Array<SecurityEvent>;
  /** Where this page lies. */
  pageInfo: PageInfo;
};

/** A security event at its place in a list. */
export type SecurityEventEdge = {
  __typename?: 'SecurityEventEdge';
  /** Names this place; pass it as `after`. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: SecurityEvent;
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

/** Which security events to return. What is absent or null is not asked about. */
export type SecurityEventFilter = {
  /** Only events of these types. */
  types?: InputMaybe<Array<SecurityEventType>>;
  /** Only what this person did or tried to. */
  actorId?: InputMaybe<Scalars['ID']['input']>;
  /** Only events from this instant on. */
  since?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only events before this instant. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
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
  SecurityEvent: SecurityEvent;
  Tenant: Tenant;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  SecurityEvent:
    ( { __typename: 'SecurityEvent' }
    & GraphQLRecursivePick<FederationTypes['SecurityEvent'], {"id":true}> );
  Tenant:
    ( { __typename: 'Tenant' }
    & GraphQLRecursivePick<FederationTypes['Tenant'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SecurityEventType: SecurityEventType;
  SecurityEvent: ResolverTypeWrapper<SecurityEventParent>;
  Tenant: ResolverTypeWrapper<TenantParent>;
  Person: ResolverTypeWrapper<Person>;
  SecurityEventConnection: ResolverTypeWrapper<Omit<SecurityEventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['SecurityEventEdge']>, nodes: Array<ResolversTypes['SecurityEvent']> }>;
  SecurityEventEdge: ResolverTypeWrapper<Omit<SecurityEventEdge, 'node'> & { node: ResolversTypes['SecurityEvent'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  SecurityEventFilter: SecurityEventFilter;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  Subscription: Record<PropertyKey, never>;
  SecurityEvent: SecurityEventParent;
  Tenant: TenantParent;
  Person: Person;
  SecurityEventConnection: Omit<SecurityEventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['SecurityEventEdge']>, nodes: Array<ResolversParentTypes['SecurityEvent']> };
  SecurityEventEdge: Omit<SecurityEventEdge, 'node'> & { node: ResolversParentTypes['SecurityEvent'] };
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  SecurityEventFilter: SecurityEventFilter;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  securityEvents?: Resolver<Maybe<ResolversTypes['SecurityEventConnection']>, ParentType, ContextType, Partial<QuerySecurityEventsArgs>>;
  securityEvent?: Resolver<Maybe<ResolversTypes['SecurityEvent']>, ParentType, ContextType, RequireFields<QuerySecurityEventArgs, 'id'>>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  securityEvent?: SubscriptionResolver<ResolversTypes['SecurityEvent'], "securityEvent", ParentType, ContextType, Partial<SubscriptionSecurityEventArgs>>;
};

export type SecurityEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SecurityEvent'] = ResolversParentTypes['SecurityEvent'], FederationReferenceType extends FederationReferenceTypes['SecurityEvent'] = FederationReferenceTypes['SecurityEvent']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['SecurityEvent']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['SecurityEventType'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['Person']>, ParentType, ContextType>;
  clientId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ipAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  operationName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  coordinates?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  requestId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType>;
};

export type TenantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tenant'] = ResolversParentTypes['Tenant'], FederationReferenceType extends FederationReferenceTypes['Tenant'] = FederationReferenceTypes['Tenant']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Tenant']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  securityEvents?: Resolver<Maybe<ResolversTypes['SecurityEventConnection']>, ParentType, ContextType, Partial<TenantSecurityEventsArgs>>;
};

export type PersonResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Person'] = ResolversParentTypes['Person']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type SecurityEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SecurityEventConnection'] = ResolversParentTypes['SecurityEventConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SecurityEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['SecurityEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SecurityEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SecurityEventEdge'] = ResolversParentTypes['SecurityEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['SecurityEvent'], ParentType, ContextType>;
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
  Subscription?: SubscriptionResolvers<ContextType>;
  SecurityEvent?: SecurityEventResolvers<ContextType>;
  Tenant?: TenantResolvers<ContextType>;
  Person?: PersonResolvers<ContextType>;
  SecurityEventConnection?: SecurityEventConnectionResolvers<ContextType>;
  SecurityEventEdge?: SecurityEventEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
};

