// When a circuit opens and closes, told with times of its own.
import { describe, expect, it } from '@jest/globals';
import { Circuit, type CircuitOptions } from './circuit.ts';

function circuitWith(options: Partial<CircuitOptions> = {}) {
  const circuit = new Circuit({
    ...{ breakAfter: 3, failureShare: 0.5, leastCalls: 20, breakForMs: 1_000 },
    ...options,
  });
  const call = (now: number, result: 'succeeded' | 'failed') => {
    const pass = circuit.admit(now);
    if (pass === undefined) return false;
    circuit[result](pass, now);
    return true;
  };
  return { circuit, call };
}

describe('a circuit', () => {
  it('opens after so many failures in a row, and lets one call try again later', () => {
    const { circuit, call } = circuitWith();
    call(0, 'failed');
    call(0, 'failed');
    call(0, 'succeeded');
    for (const now of [1, 2, 3]) call(now, 'failed');
    expect(circuit.state).toBe('open');
    expect(circuit.refuses(1_002)).toBe(true);
    const probe = circuit.admit(1_003);
    expect(probe).toBeDefined();
    expect(circuit.admit(1_003)).toBeUndefined();
    circuit.succeeded(probe ?? 0, 1_004);
    expect(circuit.state).toBe('closed');
  });

  it('opens when half of the recent calls failed, though none of them in a row', () => {
    const { circuit, call } = circuitWith();
    for (let now = 0; now < 19; now++) call(now, now % 2 === 0 ? 'succeeded' : 'failed');
    expect(circuit.state).toBe('closed');
    call(19, 'failed');
    expect(circuit.state).toBe('open');
  });

  it('forgets what is long ago', () => {
    const { circuit, call } = circuitWith({ breakAfter: 100 });
    for (let n = 0; n < 19; n++) call(0, 'failed');
    for (let n = 0; n < 19; n++) call(20_000 + n, 'succeeded');
    for (let n = 0; n < 18; n++) call(20_100 + n, 'failed');
    expect(circuit.state).toBe('closed');
    call(20_200, 'failed');
    expect(circuit.state).toBe('open');
  });

  it('stays open when the one that tried fails, and is not told by what began before', () => {
    const { circuit, call } = circuitWith();
    const early = circuit.admit(0) ?? 0;
    const late = circuit.admit(0) ?? 0;
    for (const now of [1, 2, 3]) call(now, 'failed');
    circuit.succeeded(early, 500);
    expect(circuit.state).toBe('open');
    const probe = circuit.admit(1_100) ?? 0;
    circuit.failed(late, 1_101);
    expect(circuit.state).toBe('half-open');
    circuit.failed(probe, 1_200);
    expect(circuit.state).toBe('open');
    expect(circuit.refuses(2_100)).toBe(true);
  });

  it('lets another try when the one that tried was given up', () => {
    const { circuit, call } = circuitWith();
    for (const now of [1, 2, 3]) call(now, 'failed');
    circuit.abandoned(circuit.admit(1_100) ?? 0);
    expect(call(1_101, 'succeeded')).toBe(true);
    expect(circuit.state).toBe('closed');
  });
});
