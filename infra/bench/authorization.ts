// What permissions cost: the part of the gateway's time that goes into them while it answers one remembered operation of
// 30 fields. Taken from a profile of the process under load, because two runs with and without them, which our gateway
// can't do without, would differ by more than what is looked for. Counted is every sample below one of these.
import { join } from 'node:path';
import type { Benchmark } from './benchmark.ts';
import { startContestant } from './contestants/contestants.ts';
import { profileOf } from './observation.ts';
import { type CallFrame, shareOf } from './profile.ts';
import { startShopStage } from './shop/stage.ts';

export interface AuthorizationBenchmarkSize {
  connections: number;
  /** Of the load that is looked at; one of the same length warms up. */
  seconds: number;
}

/** 30 fields of four subgraphs. */
export const thirtyFields = `query Thirty {
  me { id name username }
  users { id name username reviews { id body } }
  topProducts(first: 3) {
    upc name price weight inStock shippingEstimate
    reviews { id body author { id name username } product { upc name price weight } }
  }
}`;

/** All that is done there; what is sent to RabbitMQ, sockets and confirmations included, is reports of denials. */
const folders = [
  '/gateway/src/authorization/',
  '/gateway/src/execution/deniedFields.ts',
  '/subgraphs/chassis/src/policy',
  '/subgraphs/chassis/src/broker.ts',
  '/node_modules/rabbitmq-client/',
];
/** Parts of the way of an operation that stand elsewhere. */
const functions: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['/gateway/src/operations.ts', new Set(['authorize', 'signatureOf'])],
  ['/gateway/src/execution/compileOperation.ts', new Set(['errorsOf'])],
  ['/gateway/src/execution/shapeProgress.ts', new Set(['addDenial', 'pathOf', 'placeKey'])],
]);

const isAuthorization = ({ url, functionName }: CallFrame) =>
  folders.some((folder) => url.includes(folder)) ||
  [...functions].some(([file, names]) => url.endsWith(file) && names.has(functionName));
const isAuthentication = ({ url }: CallFrame) => url.includes('/gateway/src/authentication/');

export const authorizationBenchmark = (size: AuthorizationBenchmarkSize): Benchmark => ({
  summary: 'the part that permissions take of a remembered operation of 30 fields',
  async run(context) {
    const { progress, flags } = context;
    const { connections = size.connections, seconds = size.seconds } = flags;
    const shop = await startShopStage(context);
    try {
      const { url, process } = await startContestant('ours', { shop, progress });
      const body = JSON.stringify({ query: thirtyFields });
      const viewers = {
        'one viewer, nothing denied': (await shop.signIn(1)).slice(0, 1),
        'distinct viewers, nothing denied': await shop.signIn(connections),
        'distinct viewers, a field denied': await shop.signIn(connections, 'stock:read'),
      };
      const figures: Record<string, { authorization: number; authentication: number }> = {};
      for (const [title, authorizations] of Object.entries(viewers)) {
        const work = () => shop.load({ url, connections, seconds, body, authorizations, answerBytes: 0 });
        const file = join(shop.folder, 'authorization.cpuprofile');
        const profile = await progress.task(title, async () => {
          // Code that was compiled before a profiler listened does not say what is inlined in it.
          await profileOf(process, { file, work });
          return profileOf(process, { file, work });
        });
        figures[title] = {
          authorization: shareOf(profile, isAuthorization),
          authentication: shareOf(profile, isAuthentication),
        };
      }
      return {
        rows: [
          ['viewers', 'authorization', 'authentication'],
          ...Object.entries(figures).map(([title, { authorization, authentication }]) => [
            title,
            percent(authorization),
            percent(authentication),
          ]),
        ],
        figures: { connections, seconds, fields: 30, shares: figures },
      };
    } finally {
      await shop.stop();
    }
  },
});

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}
