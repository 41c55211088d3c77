import { describe, expect, it } from '@jest/globals';
import { createAlarm } from './alarm.ts';

describe('an alarm', () => {
  it('sleeps as long as it was told', async () => {
    const began = performance.now();
    await createAlarm().sleep(20);
    expect(performance.now() - began).toBeGreaterThanOrEqual(18);
  });

  it('wakes earlier when it is brought forward, during the sleep or before it', async () => {
    const alarm = createAlarm();
    const sleeping = alarm.sleep(60_000);
    alarm.bringForward(90_000);
    alarm.bringForward(1);
    await sleeping;
    alarm.bringForward(1);
    await alarm.sleep(60_000);
  });

  it('does not sleep any more once it is closed', async () => {
    const alarm = createAlarm();
    const sleeping = alarm.sleep(60_000);
    alarm.close();
    await sleeping;
    await alarm.sleep(60_000);
  });
});
