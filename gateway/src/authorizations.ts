// What viewers may see of operations, what that costs and which fields it names: worked out once per document and what
// the viewer may, and remembered.
import { createHash } from 'node:crypto';
import type { ReadDocument } from '@supergraph/chassis/documents';
import { inSpan } from '@supergraph/chassis/tracing';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { DirectiveNode, DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import {
  type AuthorizedOperation,
  decideOperation,
  type OperationAuthorization,
} from './authorization/authorizeOperation.ts';
import { HeldDocuments } from './authorization/heldDocuments.ts';
import { type CostPlan, createCostPlan } from './cost/costPlan.ts';
import { defersOf } from './execution/defers.ts';
import { type Draw, heldLabels, type OverrideRules } from './execution/overrideRules.ts';
import type { Supergraph } from './execution/supergraph.ts';
import type { Payer, Planning } from './limits/planning.ts';
import type { FieldUsage, OperationUsage } from './observability/fieldUsage.ts';
import { usedCoordinates } from './observability/usedCoordinates.ts';

/** The part of an operation that its viewer may see. */
export interface Authorization extends AuthorizedOperation {
  /** Identifies the document that is left: for caches of plans, and for who may share what it brings. */
  key: string;
  /** Of the part that its viewer may see. */
  cost: CostPlan;
  /** Counts who asks for it. */
  usage: OperationUsage;
  /** The `@defer`s of `asked`. */
  defers: readonly DirectiveNode[];
  /** Labels of `@override` that hold, of those that matter to it. */
  overridden: readonly string[];
  /** How often it was asked for, and by what text: so that the next supergraph can make ready what is used. */
  use: OperationUse;
}

export interface OperationUse {
  times: number;
  readonly source: OperationSource;
}

/** What an authorization is made from, by whoever asked first. */
export interface OperationSource extends Omit<Asking, 'draw'> {
  query: string;
  operationName: string | undefined;
}

export interface Authorizations {
  /** @param payer whose time it takes to decide what is not remembered; absent: nobody's */
  of(request: ReadDocument, asking: Asking, payer?: Payer): Authorization;
  /** The most used first. */
  mostUsed(most: number): OperationUse[];
  /** Drops what is remembered. */
  forget(): void;
}

export interface Asking {
  viewer: Viewer;
  /** Coerced, with defaults. */
  variables: Readonly<Record<string, unknown>>;
  /** Decides where fields are fetched that move from one subgraph to another; absent: where most are. */
  draw?: Draw;
}

/** An authorization as no label holds, and as some do. */
interface Remembered extends Authorization {
  /** Set where labels matter. */
  withHeld?: (draw: Draw | undefined) => Authorization;
}

/** What is decided apart from the arguments, which have a say. */
interface Unsettled extends OperationAuthorization {
  asked: DocumentNode;
}

export interface AuthorizationsOptions {
  supergraph: Pick<Supergraph, 'schema' | 'policy' | 'costs' | 'overrides'>;
  overrideRules: OverrideRules;
  usage: Pick<FieldUsage, 'of'>;
  planning: Planning;
  /** Most memory for the documents that remembered decisions are about. Default 128 MiB, as for documents. */
  heldBytes?: number;
}

/** Most decisions remembered, each for one operation and one set of permissions, and most memory for them. */
const mostDecisions = { max: 5_000, maxSize: 64 * 1_048_576 };

/** A remembered decision without a document of its own, with the costs that were worked out of it. */
const sharedBytes = 4_096;

export function createAuthorizations(options: AuthorizationsOptions): Authorizations {
  const { supergraph, overrideRules: rules, usage, planning, heldBytes = 128 * 1_048_576 } = options;
  const { schema, policy, costs: directives, overrides } = supergraph;
  const held = new HeldDocuments();
  const remembered = new LRUCache<string, Remembered | Unsettled>({
    ...mostDecisions,
    dispose: ({ asked }) => held.release(asked),
  });
  // There is one Viewer per access token, so that most requests skip the sorting of its permissions.
  const signatures = new WeakMap<Viewer, string>();

  function signatureOf(viewer: Viewer): string {
    const known = signatures.get(viewer);
    if (known !== undefined) return known;
    // A short one: it is a part of every request's key.
    const signature = createHash('sha256').update(policy.signature(viewer)).digest('base64url').slice(0, 22);
    signatures.set(viewer, signature);
    return signature;
  }

  /** @param size its own, apart from the document that it is about */
  function keep(
    key: string,
    { decision, request, size }: { decision: Remembered | Unsettled; request: ReadDocument; size: number },
  ): void {
    held.hold(decision.asked, request.bytes);
    remembered.set(key, decision, { size });
    while (held.bytes > heldBytes && remembered.size > 1) remembered.pop();
  }

  function decide(
    request: ReadDocument,
    { asking, cacheKey }: { asking: Asking; cacheKey: string },
  ): Remembered | Unsettled {
    const { document, operation, bytes } = request;
    const { viewer } = asking;
    return inSpan('authorize', {}, () => {
      const decided = decideOperation({ schema, policy, viewer, document, operation });
      if (decided.settled) return remember(cacheKey, { request, asking, authorized: decided.settled });
      const decision = { ...decided, asked: document };
      keep(cacheKey, { decision, request, size: bytes });
      return decision;
    });
  }

  function remember(
    cacheKey: string,
    {
      request,
      asking,
      authorized,
    }: { request: ReadDocument; asking: Asking; authorized: AuthorizedOperation },
  ): Remembered {
    const { hash, document, operation, bytes } = request;
    const operationName = operation.name?.value;
    const cost = createCostPlan({ schema, directives, document: authorized.document, operationName });
    const used = usedCoordinates(schema, { document: authorized.asked, operation });
    const source = {
      ...{ query: document.loc?.source.body ?? '', operationName },
      ...{ viewer: asking.viewer, variables: withoutLongValues(asking.variables) },
    };
    const labels = authorized.document ? overrides.of(authorized.document, operationName) : [];
    const known: Remembered = {
      ...authorized,
      cost,
      usage: usage.of(used),
      defers: defersOf(authorized.asked, operationName),
      key: `${hash} ${operationName ?? ''} ${authorized.digest}`,
      overridden: [],
      use: { times: 0, source },
    };
    if (labels.length > 0) known.withHeld = formsOf(known, { labels, rules });
    // What came through whole is the document itself.
    const size = (authorized.isWhole ? sharedBytes : bytes) + 8 * used.all.length;
    keep(cacheKey, { decision: known, request, size });
    return known;
  }

  function find(request: ReadDocument, asking: Asking, payer: Payer | undefined): Remembered {
    const { viewer } = asking;
    const { hash, operation } = request;
    const cacheKey = `${hash} ${operation.name?.value ?? ''} ${signatureOf(viewer)}`;
    const known =
      remembered.get(cacheKey) ?? planning.spend(payer, () => decide(request, { asking, cacheKey }));
    if ('key' in known) return known;
    // The arguments have a say: the same document may be pruned in several ways.
    const outcome = known.outcomeOf(asking);
    const outcomeKey = `${cacheKey} ${outcome}`;
    const decided = remembered.get(outcomeKey);
    if (decided !== undefined && 'key' in decided) return decided;
    return planning.spend(payer, () =>
      remember(outcomeKey, { request, asking, authorized: known.authorize(outcome) }),
    );
  }

  return {
    of(request, asking, payer) {
      const found = find(request, asking, payer);
      return found.withHeld?.(asking.draw) ?? found;
    },
    mostUsed: (most) =>
      [...remembered.values()]
        .flatMap((known) => ('use' in known ? known.use : []))
        // What is only refused is not planned for nothing.
        .filter(({ times }) => times > 0)
        .sort((a, b) => b.times - a.times)
        .slice(0, most),
    forget: () => remembered.clear(),
  };
}

/** One for each set of labels that hold: they are planned differently, and answered by different fetches. */
function formsOf(
  authorized: Authorization,
  { labels, rules }: { labels: readonly string[]; rules: OverrideRules },
): (draw: Draw | undefined) => Authorization {
  const heldBy = heldLabels(labels, rules);
  const forms = new Map<readonly string[], Authorization>();
  return (drawn) => {
    const overridden = heldBy(drawn);
    const known = forms.get(overridden);
    if (known) return known;
    const suffix = overridden.length > 0 ? ` overriding ${overridden.join(' ')}` : '';
    const form = { ...authorized, overridden, key: authorized.key + suffix };
    forms.set(overridden, form);
    return form;
  };
}

/** The least that rules on arguments and `@defer`s look at, so that nothing large is kept with a decision. */
function withoutLongValues(variables: Asking['variables']): Asking['variables'] {
  const isShort = (value: unknown) =>
    typeof value === 'string' ? value.length <= 100 : typeof value !== 'object' || value === null;
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => isShort(value)));
}
