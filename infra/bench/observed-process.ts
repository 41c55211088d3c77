// Loaded into the gateway's process before its own code: takes profiles and looks at the heap when the benchmark asks.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Heap, type Wish, wishShape } from './observed-wishes.ts';

const samplingMicroseconds = 500;
const session = new Session();

async function grant(wish: Wish): Promise<unknown> {
  switch (wish.wish) {
    case 'profile':
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: samplingMicroseconds });
      await session.post('Profiler.start');
      return {};
    case 'profile ends': {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      writeFileSync(wish.file, JSON.stringify(profile));
      return {};
    }
    case 'heap': {
      setFlagsFromString('--expose-gc');
      const collect: unknown = runInNewContext('gc');
      if (typeof collect === 'function') collect();
      const heap: Heap = {
        usedBytes: getHeapStatistics().used_heap_size,
        residentBytes: process.memoryUsage.rss(),
      };
      return heap;
    }
  }
}

process.on('message', async (message) => {
  const wish = wishShape.safeParse(message);
  if (wish.success) process.send?.(await grant(wish.data));
});
