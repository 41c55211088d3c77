// From recorded use to what is recommended, through the subgraph's schema on the real services.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform([]);
  copy = await platform.start();
}, 480_000);
afterAll(() => platform.stop());

const viewer = operatorOf('ten_sizes');
async function ask(query: string, variables: object = {}) {
  const answer = await platform.execute(copy, { query, variables, viewer });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

it('recommends what each workload’s instances used, beside what they ask for', async () => {
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const labels = (pod: string) => [
    { name: 'workload', value: 'shop' },
    { name: 'pod', value: pod },
  ];
  const samples = [1, 10, 20, 30].flatMap((minutes) =>
    ['a', 'b'].flatMap((pod) => [
      { metric: 'cpu_usage_cores', labels: labels(pod), at: at(minutes), value: pod === 'a' ? 0.5 : 1 },
      { metric: 'memory_working_set_bytes', labels: labels(pod), at: at(minutes), value: 1e9 },
    ]),
  );
  const request = { metric: 'cpu_request_cores', labels: labels('a'), at: at(1), value: 2 };
  const strange = { metric: 'cpu_usage_cores', at: at(1), value: 64 };
  await ask(
    'mutation ($input: RecordMetricsInput!) { recordMetrics(input: $input) { errors { message } } }',
    {
      input: { samples: [...samples, request, strange] },
    },
  );
  const query = `query ($requests: [WorkloadRequestInput!]) { rightSizingRecommendations(requests: $requests) {
    workload resource requested target saving risk confidence historyHours isQueueGrowing } }`;
  const memory = { workload: 'shop', resource: 'MEMORY', requested: 4e9 };
  const { rightSizingRecommendations: told } = await ask(query, { requests: [memory] });
  expect(told).toMatchObject([
    { workload: 'shop', resource: 'CPU', requested: 2, risk: 0, isQueueGrowing: false },
    { workload: 'shop', resource: 'MEMORY', requested: 4e9 },
  ]);
  const [cpu, ram] = told;
  expect(cpu.target).toBeCloseTo(1.15, 1);
  expect(cpu.saving).toBeCloseTo(0.85, 1);
  expect(ram.target / 1e9).toBeCloseTo(1.15, 1);
  expect(cpu.confidence).toBeLessThan(0.02);
  const { rightSizingRecommendations: others } = (
    await platform.execute(copy, { query, viewer: operatorOf('ten_other_sizes') })
  ).data;
  expect(others).toEqual([]);
});
