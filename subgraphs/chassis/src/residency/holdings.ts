// What a region's database holds of one tenant, and how that is copied, compared and removed. Bound to no scope: what is
// done here is done to documents that nobody writes meanwhile.
import { createHash } from 'node:crypto';
import { type Connection, mongo } from 'mongoose';
import { isRegional, type ModelSchemas } from '../models.ts';

/** Ids are texts, but for samples of a time series, whose ids nobody asks for. */
type Stored = mongo.Document & { _id: string };

/** One collection's documents of a tenant. */
export interface Holding {
  readonly collection: string;
  of(tenantId: string): mongo.Filter<Stored>;
  /** What only its own region's relay needs is not taken along. */
  readonly isCopied: boolean;
}

export interface Digest {
  documents: number;
  /** The sum of the documents' hashes: equal for equal documents, in whatever order they are found. */
  hash: bigint;
}

const batchSize = 500;

/** All that a subgraph holds of tenants where they live: its models' documents, and the chassis' own beside them. */
export function holdingsOf(connection: Connection, schemas: ModelSchemas): Holding[] {
  const owned = Object.entries(schemas).flatMap(([name, model]) => {
    if (!isRegional(model)) return [];
    const { tenantPath } = model;
    const of = (tenantId: string) => ({ [tenantPath]: tenantId });
    return [{ collection: connection.model(name).collection.name, of, isCopied: true }];
  });
  return [
    ...new Map(owned.map((holding) => [holding.collection, holding])).values(),
    { collection: 'inbox', of: (tenantId) => ({ tenantId }), isCopied: true },
    stepRequests,
    {
      collection: 'outbox',
      // What waits there is of a transaction at home, which no move holds up.
      of: (tenantId) => ({ 'event.tenantid': tenantId, publishedAt: { $ne: null } }),
      isCopied: false,
    },
  ];
}

const stepRequests: Holding = {
  collection: 'step_requests',
  // Their ids are `tenant/step`; what sorts between `tenant/` and `tenant0` begins so.
  of: (tenantId) => ({ _id: { $gt: `${tenantId}/`, $lt: `${tenantId}0` } }),
  isCopied: true,
};

export interface Transfer {
  from: Connection;
  to: Connection;
  holdings: readonly Holding[];
  tenantId: string;
  /** Called before each batch; throws when somebody else has taken over. */
  demandLease(): Promise<void>;
}

/** Makes the target's documents those of the source. @throws when they are not equal after it */
export async function copyTenant(transfer: Transfer): Promise<number> {
  await eraseTenant({ ...transfer, connection: transfer.to });
  let documents = 0;
  for (const holding of transfer.holdings.filter(({ isCopied }) => isCopied)) {
    const sent = await copyHolding(holding, transfer);
    const arrived = await digestOf(holding, { connection: transfer.to, tenantId: transfer.tenantId });
    if (sent.documents !== arrived.documents || sent.hash !== arrived.hash) {
      throw new Error(
        `The copy of ${holding.collection} differs: ${arrived.documents} documents of ${sent.documents}.`,
      );
    }
    documents += sent.documents;
  }
  return documents;
}

/** Removes all that is the tenant's from one database. @throws when something is left */
export async function eraseTenant({
  connection,
  holdings,
  tenantId,
  demandLease,
}: Pick<Transfer, 'holdings' | 'tenantId' | 'demandLease'> & { connection: Connection }): Promise<void> {
  for (const { collection, of } of holdings) {
    await demandLease();
    const documents = documentsOf(connection, collection);
    await documents.deleteMany(of(tenantId));
    const left = await documents.countDocuments(of(tenantId), { limit: 1 });
    if (left > 0) throw new Error(`Documents of the tenant are left in ${collection}.`);
  }
}

async function copyHolding(
  { collection, of }: Holding,
  { from, to, tenantId, demandLease }: Transfer,
): Promise<Digest> {
  const target = documentsOf(to, collection);
  const sent = emptyDigest();
  let batch: Stored[] = [];
  const send = async () => {
    if (batch.length === 0) return;
    await demandLease();
    await target.insertMany(batch, { ordered: false });
    batch = [];
  };
  const source = documentsOf(from, collection);
  for await (const document of source.find(of(tenantId), { batchSize })) {
    add(sent, document);
    batch.push(document);
    if (batch.length === batchSize) await send();
  }
  await send();
  return sent;
}

async function digestOf(
  { collection, of }: Holding,
  { connection, tenantId }: { connection: Connection; tenantId: string },
): Promise<Digest> {
  const digest = emptyDigest();
  const documents = documentsOf(connection, collection);
  for await (const document of documents.find(of(tenantId), { batchSize })) add(digest, document);
  return digest;
}

function documentsOf(connection: Connection, collection: string) {
  return connection.getClient().db(connection.name).collection<Stored>(collection);
}

const emptyDigest = (): Digest => ({ documents: 0, hash: 0n });

function add(digest: Digest, document: mongo.Document): void {
  const text = JSON.stringify(inOrder(mongo.BSON.EJSON.serialize(document, { relaxed: false })));
  digest.documents += 1;
  digest.hash = (digest.hash + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % (1n << 256n);
}

/** A time series gives the members of a document back in another order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, inOrder(inner)]),
  );
}
