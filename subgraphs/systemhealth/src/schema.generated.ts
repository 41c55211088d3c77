import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ServiceRow } from './services/model.ts';
import type { CheckRow } from './checks/model.ts';
import type { ResultParent } from './results/model.ts';
import type { HealthEventParent } from './checks/event-model.ts';
import type { TenantParent } from './services/resolvers.ts';
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
  /** The viewer's tenant's services, oldest first. */
  services?: Maybe<ServiceConnection>;
  /** One service of the viewer's tenant; null when the tenant has none of this id. */
  service?: Maybe<Service>;
};


export type QueryServicesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryServiceArgs = {
  id: Scalars['ID']['input'];
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Registers a service, without checks yet. */
  createService?: Maybe<CreateServicePayload>;
  /** Adds an HTTP or TCP check to a service. Its first run follows at once. */
  createCheck?: Maybe<CreateCheckPayload>;
  /** Stops a check from running and from counting towards its service's status. Pausing a paused check changes nothing. */
  pauseCheck?: Maybe<PauseCheckPayload>;
  /** Lets a paused check run again; its status is UNKNOWN until the first result. Resuming a running check changes nothing. */
  resumeCheck?: Maybe<ResumeCheckPayload>;
  /** Deletes a check. Its recorded results expire with their retention. */
  deleteCheck?: Maybe<DeleteCheckPayload>;
};


export type MutationCreateServiceArgs = {
  input: CreateServiceInput;
};


export type MutationCreateCheckArgs = {
  input: CreateCheckInput;
};


export type MutationPauseCheckArgs = {
  input: PauseCheckInput;
};


export type MutationResumeCheckArgs = {
  input: ResumeCheckInput;
};


export type MutationDeleteCheckArgs = {
  input: DeleteCheckInput;
};

export type Subscription = {
  __typename?: 'Subscription';
  /** Every change of a check's status in the viewer's tenant, as it is committed. */
  healthChanged: HealthEvent;
};


export type SubscriptionHealthChangedArgs = {
  serviceId?: InputMaybe<Scalars['ID']['input']>;
};

/** Whether something answers as it should, from best evidence. */
export type HealthStatus =
  /** No result yet, or none for several intervals: missing data is never taken for health. */
  | 'UNKNOWN'
  /** It answers. */
  | 'UP'
  /** It has failed for long enough that it is no blip. */
  | 'DOWN';

/** How a check looks at its target. */
export type CheckKind =
  /** An HTTP or HTTPS request; a status from 200 to 399 is a success. Redirects are not followed. */
  | 'HTTP'
  /** A TCP connection is opened and closed. */
  | 'TCP'
  /** MongoDB's hello command over its wire protocol; the deployment must have a writable primary. */
  | 'MONGODB'
  /** A Redis PING. */
  | 'REDIS'
  /** An AMQP 0-9-1 connection with an open channel that answers. */
  | 'RABBITMQ';

/** Something that is watched by one or more checks. */
export type Service = {
  __typename?: 'Service';
  /** The service's id, for example svc_0190d2b4-…. */
  id: Scalars['ID']['output'];
  /** What people call it. */
  name: Scalars['String']['output'];
  /** The worst status of its running checks: DOWN before UNKNOWN before UP; UNKNOWN when none is running. */
  status: HealthStatus;
  /** Since when the status is what it is. */
  statusSince: Scalars['DateTime']['output'];
  /** The tenant that the service belongs to. */
  tenant?: Maybe<Tenant>;
  /** All its checks, paused ones included, oldest first. */
  checks: Array<Check>;
  /** The status changes of its checks, newest first. */
  events: HealthEventConnection;
};


/** Something that is watched by one or more checks. */
export type ServiceEventsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** One repeated question to one target. */
export type Check = {
  __typename?: 'Check';
  /** The check's id, for example chk_0190d2b4-…. */
  id: Scalars['ID']['output'];
  /** What people call it. */
  name: Scalars['String']['output'];
  /** How it looks at its target. */
  kind: CheckKind;
  /** The URL that it asks (http, https or tcp); null for a part of the platform itself. */
  target?: Maybe<Scalars['String']['output']>;
  /** Milliseconds from the start of one run to the start of the next. */
  intervalMs: Scalars['Int']['output'];
  /** Milliseconds after which a run that has no answer counts as failed. */
  timeoutMs: Scalars['Int']['output'];
  /** Milliseconds for which failures must last, over two runs at least, before the status is DOWN. */
  downAfterMs: Scalars['Int']['output'];
  /** Milliseconds for which successes must last, over two runs at least, before a DOWN check is UP again. */
  upAfterMs: Scalars['Int']['output'];
  /** The check's status, with for-duration and hysteresis applied. */
  status: HealthStatus;
  /** Since when the status is what it is. */
  statusSince: Scalars['DateTime']['output'];
  /** Whether it is paused: a paused check doesn't run and doesn't count. */
  isPaused: Scalars['Boolean']['output'];
  /** The service that it watches. */
  service: Service;
  /** What the last run found; null before the first. */
  latestResult?: Maybe<CheckResult>;
  /** What each run found, newest first, for the last 7 days. */
  results: CheckResultConnection;
};


/** One repeated question to one target. */
export type CheckResultsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** What one run of a check found. */
export type CheckResult = {
  __typename?: 'CheckResult';
  /** When the run began. */
  observedAt: Scalars['DateTime']['output'];
  /** Whether the target answered as it should within the timeout. */
  isSuccess: Scalars['Boolean']['output'];
  /** Milliseconds from the run's beginning to its answer or failure. */
  latencyMs: Scalars['Float']['output'];
  /** Why it failed, or what else there is to know; null when there is nothing to say. */
  message?: Maybe<Scalars['String']['output']>;
};

/** A change of one check's status. */
export type HealthEvent = {
  __typename?: 'HealthEvent';
  /** The event's id, for example hev_0190d2b4-…. */
  id: Scalars['ID']['output'];
  /** The status from now on. */
  status: HealthStatus;
  /** The status until now. */
  previousStatus: HealthStatus;
  /** When the run began that settled the change. */
  occurredAt: Scalars['DateTime']['output'];
  /** Why, in one line; null when there is nothing to say. */
  message?: Maybe<Scalars['String']['output']>;
  /** Milliseconds that the settling run took; null when no run settled it (missing data). */
  latencyMs?: Maybe<Scalars['Float']['output']>;
  /** The service whose check changed. */
  service?: Maybe<Service>;
  /** The check that changed; null once it is deleted. */
  check?: Maybe<Check>;
  /** The tenant that the check belongs to. */
  tenant?: Maybe<Tenant>;
};

/** An organization that shares this platform; more about it in arthemiz. */
export type Tenant = {
  __typename?: 'Tenant';
  /** The tenant's id. */
  id: Scalars['ID']['output'];
  /** Its services, oldest first; null for any tenant but the viewer's. */
  services?: Maybe<ServiceConnection>;
  /** The worst status of its services; null for any tenant but the viewer's. */
  health?: Maybe<HealthStatus>;
};


/** An organization that shares this platform; more about it in arthemiz. */
export type TenantServicesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** A page of services. */
export type ServiceConnection = {
  __typename?: 'ServiceConnection';
  /** The services with their cursors. */
  edges: Array<ServiceEdge>;
  /** The services alone. */
  nodes: Array<Service>;
  /** Where this page lies. */
  pageInfo: PageInfo;
};

/** A service at its place in a list. */
export type ServiceEdge = {
  __typename?: 'ServiceEdge';
  /** Names this place; pass it as `after`. */
  cursor: Scalars['String']['output'];
  /** The service. */
  node: Service;
};

/** A page of check results. */
export type CheckResultConnection = {
  __typename?: 'CheckResultConnection';
  /** The results with their cursors. */
  edges: Array<CheckResultEdge>;
  /** The results alone. */
  nodes: Array<CheckResult>;
  /** Where this page lies. */
  pageInfo: PageInfo;
};

/** A check result at its place in a list. */
export type CheckResultEdge = {
  __typename?: 'CheckResultEdge';
  /** Names this place; pass it as `after`. */
  cursor: Scalars['String']['output'];
  /** The result. */
  node: CheckResult;
};

/** A page of status changes. */
export type HealthEventConnection = {
  __typename?: 'HealthEventConnection';
  /** The events with their cursors. */
  edges: Array<HealthEventEdge>;
  /** The events alone. */
  nodes: Array<HealthEvent>;
  /** Where this page lies. */
  pageInfo: PageInfo;
};

/** A status change at its place in a list. */
export type HealthEventEdge = {
  __typename?: 'HealthEventEdge';
  /** Names this place; pass it as `after`. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: HealthEvent;
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

/** What a new service needs. */
export type CreateServiceInput = {
  /** What people call it: 1 to 100 characters. */
  name: Scalars['String']['input'];
};

/** What a new check needs. */
export type CreateCheckInput = {
  /** The service that it watches. */
  serviceId: Scalars['ID']['input'];
  /** What people call it: 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** HTTP or TCP; the other kinds watch the platform itself. */
  kind: CheckKind;
  /** Whom to ask: http://… or https://… for HTTP, tcp://host:port for TCP. Public addresses only, no user name or password. */
  target: Scalars['String']['input'];
  /** Milliseconds between runs: 5,000 to 86,400,000; 60,000 unless told. */
  intervalMs?: InputMaybe<Scalars['Int']['input']>;
  /** Milliseconds until a run without an answer counts as failed: 100 to 30,000 and no longer than the interval; 5,000 unless told. */
  timeoutMs?: InputMaybe<Scalars['Int']['input']>;
  /** Milliseconds for which failures must last before DOWN: 0 to 3,600,000; 3,000 unless told. */
  downAfterMs?: InputMaybe<Scalars['Int']['input']>;
  /** Milliseconds for which successes must last before UP again: 0 to 3,600,000; 0 unless told. */
  upAfterMs?: InputMaybe<Scalars['Int']['input']>;
};

/** Which check to pause. */
export type PauseCheckInput = {
  /** The check's id. */
  id: Scalars['ID']['input'];
};

/** Which check to resume. */
export type ResumeCheckInput = {
  /** The check's id. */
  id: Scalars['ID']['input'];
};

/** Which check to delete. */
export type DeleteCheckInput = {
  /** The check's id. */
  id: Scalars['ID']['input'];
};

/** An expected reason for which a change of services or checks was refused. */
export type HealthError = {
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
};

/** A value is outside of what the schema's descriptions allow. */
export type InvalidHealthInput = HealthError & {
  __typename?: 'InvalidHealthInput';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
  /** The input field at fault. */
  field: Scalars['String']['output'];
};

/** The target may not be asked by a tenant's check: it is not on a public address. */
export type CheckTargetRefused = HealthError & {
  __typename?: 'CheckTargetRefused';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
};

/** The tenant has no service of this id. */
export type ServiceNotFound = HealthError & {
  __typename?: 'ServiceNotFound';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
};

/** The tenant has no check of this id. */
export type CheckNotFound = HealthError & {
  __typename?: 'CheckNotFound';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
};

/** The platform keeps this check itself; it can be paused, not deleted. */
export type PlatformCheckProtected = HealthError & {
  __typename?: 'PlatformCheckProtected';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
};

/** The tenant has as many as it may have. */
export type HealthLimitReached = HealthError & {
  __typename?: 'HealthLimitReached';
  /** What is wrong and what to do. */
  message: Scalars['String']['output'];
  /** How many it may have. */
  limit: Scalars['Int']['output'];
};

/** The outcome of createService: a service, or errors. */
export type CreateServicePayload = {
  __typename?: 'CreateServicePayload';
  /** The new service; null when there are errors. */
  service?: Maybe<Service>;
  /** Why nothing was created; empty when it was. */
  errors: Array<HealthError>;
};

/** The outcome of createCheck: a check, or errors. */
export type CreateCheckPayload = {
  __typename?: 'CreateCheckPayload';
  /** The new check; null when there are errors. */
  check?: Maybe<Check>;
  /** Why nothing was created; empty when it was. */
  errors: Array<HealthError>;
};

/** The outcome of pauseCheck: the check, or errors. */
export type PauseCheckPayload = {
  __typename?: 'PauseCheckPayload';
  /** The paused check; null when there are errors. */
  check?: Maybe<Check>;
  /** Why nothing was changed; empty when it was. */
  errors: Array<HealthError>;
};

/** The outcome of resumeCheck: the check, or errors. */
export type ResumeCheckPayload = {
  __typename?: 'ResumeCheckPayload';
  /** The running check; null when there are errors. */
  check?: Maybe<Check>;
  /** Why nothing was changed; empty when it was. */
  errors: Array<HealthError>;
};

/** The outcome of deleteCheck: the id, or errors. */
export type DeleteCheckPayload = {
  __typename?: 'DeleteCheckPayload';
  /** The deleted check's id; null when there are errors. */
  deletedCheckId?: Maybe<Scalars['ID']['output']>;
  /** Why nothing was deleted; empty when it was. */
  errors: Array<HealthError>;
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
  Service: Service;
  Check: Check;
  Tenant: Tenant;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Service:
    ( { __typename: 'Service' }
    & GraphQLRecursivePick<FederationTypes['Service'], {"id":true}> );
  Check:
    ( { __typename: 'Check' }
    & GraphQLRecursivePick<FederationTypes['Check'], {"id":true}> );
  Tenant:
    ( { __typename: 'Tenant' }
    & GraphQLRecursivePick<FederationTypes['Tenant'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  HealthError:
    | ( InvalidHealthInput )
    | ( CheckTargetRefused )
    | ( ServiceNotFound )
    | ( CheckNotFound )
    | ( PlatformCheckProtected )
    | ( HealthLimitReached )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  HealthStatus: HealthStatus;
  CheckKind: CheckKind;
  Service: ResolverTypeWrapper<ServiceRow>;
  Check: ResolverTypeWrapper<CheckRow>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CheckResult: ResolverTypeWrapper<ResultParent>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  HealthEvent: ResolverTypeWrapper<HealthEventParent>;
  Tenant: ResolverTypeWrapper<TenantParent>;
  ServiceConnection: ResolverTypeWrapper<Omit<ServiceConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ServiceEdge']>, nodes: Array<ResolversTypes['Service']> }>;
  ServiceEdge: ResolverTypeWrapper<Omit<ServiceEdge, 'node'> & { node: ResolversTypes['Service'] }>;
  CheckResultConnection: ResolverTypeWrapper<Omit<CheckResultConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['CheckResultEdge']>, nodes: Array<ResolversTypes['CheckResult']> }>;
  CheckResultEdge: ResolverTypeWrapper<Omit<CheckResultEdge, 'node'> & { node: ResolversTypes['CheckResult'] }>;
  HealthEventConnection: ResolverTypeWrapper<Omit<HealthEventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['HealthEventEdge']>, nodes: Array<ResolversTypes['HealthEvent']> }>;
  HealthEventEdge: ResolverTypeWrapper<Omit<HealthEventEdge, 'node'> & { node: ResolversTypes['HealthEvent'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  CreateServiceInput: CreateServiceInput;
  CreateCheckInput: CreateCheckInput;
  PauseCheckInput: PauseCheckInput;
  ResumeCheckInput: ResumeCheckInput;
  DeleteCheckInput: DeleteCheckInput;
  HealthError: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['HealthError']>;
  InvalidHealthInput: ResolverTypeWrapper<InvalidHealthInput>;
  CheckTargetRefused: ResolverTypeWrapper<CheckTargetRefused>;
  ServiceNotFound: ResolverTypeWrapper<ServiceNotFound>;
  CheckNotFound: ResolverTypeWrapper<CheckNotFound>;
  PlatformCheckProtected: ResolverTypeWrapper<PlatformCheckProtected>;
  HealthLimitReached: ResolverTypeWrapper<HealthLimitReached>;
  CreateServicePayload: ResolverTypeWrapper<Omit<CreateServicePayload, 'service' | 'errors'> & { service?: Maybe<ResolversTypes['Service']>, errors: Array<ResolversTypes['HealthError']> }>;
  CreateCheckPayload: ResolverTypeWrapper<Omit<CreateCheckPayload, 'check' | 'errors'> & { check?: Maybe<ResolversTypes['Check']>, errors: Array<ResolversTypes['HealthError']> }>;
  PauseCheckPayload: ResolverTypeWrapper<Omit<PauseCheckPayload, 'check' | 'errors'> & { check?: Maybe<ResolversTypes['Check']>, errors: Array<ResolversTypes['HealthError']> }>;
  ResumeCheckPayload: ResolverTypeWrapper<Omit<ResumeCheckPayload, 'check' | 'errors'> & { check?: Maybe<ResolversTypes['Check']>, errors: Array<ResolversTypes['HealthError']> }>;
  DeleteCheckPayload: ResolverTypeWrapper<Omit<DeleteCheckPayload, 'errors'> & { errors: Array<ResolversTypes['HealthError']> }>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  Int: Scalars['Int']['output'];
  ID: Scalars['ID']['output'];
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  Service: ServiceRow;
  Check: CheckRow;
  Boolean: Scalars['Boolean']['output'];
  CheckResult: ResultParent;
  Float: Scalars['Float']['output'];
  HealthEvent: HealthEventParent;
  Tenant: TenantParent;
  ServiceConnection: Omit<ServiceConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ServiceEdge']>, nodes: Array<ResolversParentTypes['Service']> };
  ServiceEdge: Omit<ServiceEdge, 'node'> & { node: ResolversParentTypes['Service'] };
  CheckResultConnection: Omit<CheckResultConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['CheckResultEdge']>, nodes: Array<ResolversParentTypes['CheckResult']> };
  CheckResultEdge: Omit<CheckResultEdge, 'node'> & { node: ResolversParentTypes['CheckResult'] };
  HealthEventConnection: Omit<HealthEventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['HealthEventEdge']>, nodes: Array<ResolversParentTypes['HealthEvent']> };
  HealthEventEdge: Omit<HealthEventEdge, 'node'> & { node: ResolversParentTypes['HealthEvent'] };
  PageInfo: PageInfo;
  CreateServiceInput: CreateServiceInput;
  CreateCheckInput: CreateCheckInput;
  PauseCheckInput: PauseCheckInput;
  ResumeCheckInput: ResumeCheckInput;
  DeleteCheckInput: DeleteCheckInput;
  HealthError: ResolversInterfaceTypes<ResolversParentTypes>['HealthError'];
  InvalidHealthInput: InvalidHealthInput;
  CheckTargetRefused: CheckTargetRefused;
  ServiceNotFound: ServiceNotFound;
  CheckNotFound: CheckNotFound;
  PlatformCheckProtected: PlatformCheckProtected;
  HealthLimitReached: HealthLimitReached;
  CreateServicePayload: Omit<CreateServicePayload, 'service' | 'errors'> & { service?: Maybe<ResolversParentTypes['Service']>, errors: Array<ResolversParentTypes['HealthError']> };
  CreateCheckPayload: Omit<CreateCheckPayload, 'check' | 'errors'> & { check?: Maybe<ResolversParentTypes['Check']>, errors: Array<ResolversParentTypes['HealthError']> };
  PauseCheckPayload: Omit<PauseCheckPayload, 'check' | 'errors'> & { check?: Maybe<ResolversParentTypes['Check']>, errors: Array<ResolversParentTypes['HealthError']> };
  ResumeCheckPayload: Omit<ResumeCheckPayload, 'check' | 'errors'> & { check?: Maybe<ResolversParentTypes['Check']>, errors: Array<ResolversParentTypes['HealthError']> };
  DeleteCheckPayload: Omit<DeleteCheckPayload, 'errors'> & { errors: Array<ResolversParentTypes['HealthError']> };
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
  services?: Resolver<Maybe<ResolversTypes['ServiceConnection']>, ParentType, ContextType, Partial<QueryServicesArgs>>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType, RequireFields<QueryServiceArgs, 'id'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createService?: Resolver<Maybe<ResolversTypes['CreateServicePayload']>, ParentType, ContextType, RequireFields<MutationCreateServiceArgs, 'input'>>;
  createCheck?: Resolver<Maybe<ResolversTypes['CreateCheckPayload']>, ParentType, ContextType, RequireFields<MutationCreateCheckArgs, 'input'>>;
  pauseCheck?: Resolver<Maybe<ResolversTypes['PauseCheckPayload']>, ParentType, ContextType, RequireFields<MutationPauseCheckArgs, 'input'>>;
  resumeCheck?: Resolver<Maybe<ResolversTypes['ResumeCheckPayload']>, ParentType, ContextType, RequireFields<MutationResumeCheckArgs, 'input'>>;
  deleteCheck?: Resolver<Maybe<ResolversTypes['DeleteCheckPayload']>, ParentType, ContextType, RequireFields<MutationDeleteCheckArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  healthChanged?: SubscriptionResolver<ResolversTypes['HealthEvent'], "healthChanged", ParentType, ContextType, Partial<SubscriptionHealthChangedArgs>>;
};

export type ServiceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Service'] = ResolversParentTypes['Service'], FederationReferenceType extends FederationReferenceTypes['Service'] = FederationReferenceTypes['Service']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Service']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
  statusSince?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType>;
  checks?: Resolver<Array<ResolversTypes['Check']>, ParentType, ContextType>;
  events?: Resolver<ResolversTypes['HealthEventConnection'], ParentType, ContextType, Partial<ServiceEventsArgs>>;
};

export type CheckResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Check'] = ResolversParentTypes['Check'], FederationReferenceType extends FederationReferenceTypes['Check'] = FederationReferenceTypes['Check']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Check']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['CheckKind'], ParentType, ContextType>;
  target?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  intervalMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  timeoutMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  downAfterMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  upAfterMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
  statusSince?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  isPaused?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['Service'], ParentType, ContextType>;
  latestResult?: Resolver<Maybe<ResolversTypes['CheckResult']>, ParentType, ContextType>;
  results?: Resolver<ResolversTypes['CheckResultConnection'], ParentType, ContextType, Partial<CheckResultsArgs>>;
};

export type CheckResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckResult'] = ResolversParentTypes['CheckResult']> = {
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  isSuccess?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  latencyMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type HealthEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HealthEvent'] = ResolversParentTypes['HealthEvent']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
  previousStatus?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  latencyMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  check?: Resolver<Maybe<ResolversTypes['Check']>, ParentType, ContextType>;
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType>;
};

export type TenantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tenant'] = ResolversParentTypes['Tenant'], FederationReferenceType extends FederationReferenceTypes['Tenant'] = FederationReferenceTypes['Tenant']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Tenant']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  services?: Resolver<Maybe<ResolversTypes['ServiceConnection']>, ParentType, ContextType, Partial<TenantServicesArgs>>;
  health?: Resolver<Maybe<ResolversTypes['HealthStatus']>, ParentType, ContextType>;
};

export type ServiceConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ServiceConnection'] = ResolversParentTypes['ServiceConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ServiceEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Service']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ServiceEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ServiceEdge'] = ResolversParentTypes['ServiceEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Service'], ParentType, ContextType>;
};

export type CheckResultConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckResultConnection'] = ResolversParentTypes['CheckResultConnection']> = {
  edges?: Resolver<Array<ResolversTypes['CheckResultEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['CheckResult']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CheckResultEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckResultEdge'] = ResolversParentTypes['CheckResultEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['CheckResult'], ParentType, ContextType>;
};

export type HealthEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HealthEventConnection'] = ResolversParentTypes['HealthEventConnection']> = {
  edges?: Resolver<Array<ResolversTypes['HealthEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['HealthEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type HealthEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HealthEventEdge'] = ResolversParentTypes['HealthEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['HealthEvent'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type HealthErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HealthError'] = ResolversParentTypes['HealthError']> = {
  __resolveType: TypeResolveFn<'InvalidHealthInput' | 'CheckTargetRefused' | 'ServiceNotFound' | 'CheckNotFound' | 'PlatformCheckProtected' | 'HealthLimitReached', ParentType, ContextType>;
};

export type InvalidHealthInputResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidHealthInput'] = ResolversParentTypes['InvalidHealthInput']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CheckTargetRefusedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckTargetRefused'] = ResolversParentTypes['CheckTargetRefused']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ServiceNotFoundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ServiceNotFound'] = ResolversParentTypes['ServiceNotFound']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CheckNotFoundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckNotFound'] = ResolversParentTypes['CheckNotFound']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PlatformCheckProtectedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlatformCheckProtected'] = ResolversParentTypes['PlatformCheckProtected']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type HealthLimitReachedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HealthLimitReached'] = ResolversParentTypes['HealthLimitReached']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateServicePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateServicePayload'] = ResolversParentTypes['CreateServicePayload']> = {
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  errors?: Resolver<Array<ResolversTypes['HealthError']>, ParentType, ContextType>;
};

export type CreateCheckPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateCheckPayload'] = ResolversParentTypes['CreateCheckPayload']> = {
  check?: Resolver<Maybe<ResolversTypes['Check']>, ParentType, ContextType>;
  errors?: Resolver<Array<ResolversTypes['HealthError']>, ParentType, ContextType>;
};

export type PauseCheckPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PauseCheckPayload'] = ResolversParentTypes['PauseCheckPayload']> = {
  check?: Resolver<Maybe<ResolversTypes['Check']>, ParentType, ContextType>;
  errors?: Resolver<Array<ResolversTypes['HealthError']>, ParentType, ContextType>;
};

export type ResumeCheckPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResumeCheckPayload'] = ResolversParentTypes['ResumeCheckPayload']> = {
  check?: Resolver<Maybe<ResolversTypes['Check']>, ParentType, ContextType>;
  errors?: Resolver<Array<ResolversTypes['HealthError']>, ParentType, ContextType>;
};

export type DeleteCheckPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteCheckPayload'] = ResolversParentTypes['DeleteCheckPayload']> = {
  deletedCheckId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  errors?: Resolver<Array<ResolversTypes['HealthError']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Service?: ServiceResolvers<ContextType>;
  Check?: CheckResolvers<ContextType>;
  CheckResult?: CheckResultResolvers<ContextType>;
  HealthEvent?: HealthEventResolvers<ContextType>;
  Tenant?: TenantResolvers<ContextType>;
  ServiceConnection?: ServiceConnectionResolvers<ContextType>;
  ServiceEdge?: ServiceEdgeResolvers<ContextType>;
  CheckResultConnection?: CheckResultConnectionResolvers<ContextType>;
  CheckResultEdge?: CheckResultEdgeResolvers<ContextType>;
  HealthEventConnection?: HealthEventConnectionResolvers<ContextType>;
  HealthEventEdge?: HealthEventEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  HealthError?: HealthErrorResolvers<ContextType>;
  InvalidHealthInput?: InvalidHealthInputResolvers<ContextType>;
  CheckTargetRefused?: CheckTargetRefusedResolvers<ContextType>;
  ServiceNotFound?: ServiceNotFoundResolvers<ContextType>;
  CheckNotFound?: CheckNotFoundResolvers<ContextType>;
  PlatformCheckProtected?: PlatformCheckProtectedResolvers<ContextType>;
  HealthLimitReached?: HealthLimitReachedResolvers<ContextType>;
  CreateServicePayload?: CreateServicePayloadResolvers<ContextType>;
  CreateCheckPayload?: CreateCheckPayloadResolvers<ContextType>;
  PauseCheckPayload?: PauseCheckPayloadResolvers<ContextType>;
  ResumeCheckPayload?: ResumeCheckPayloadResolvers<ContextType>;
  DeleteCheckPayload?: DeleteCheckPayloadResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  link?: LinkDirectiveResolver<any, any, ContextType>;
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  authenticated?: AuthenticatedDirectiveResolver<any, any, ContextType>;
  policy?: PolicyDirectiveResolver<any, any, ContextType>;
};
