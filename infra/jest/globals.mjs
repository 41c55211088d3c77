// What tests import from '@jest/globals': live bindings to those of the test file that runs.
export let afterAll;
export let afterEach;
export let beforeAll;
export let beforeEach;
export let describe;
export let expect;
export let fdescribe;
export let fit;
export let it;
export let jest;
export let test;
export let xdescribe;
export let xit;
export let xtest;

/** @param {Record<string, unknown>} globals */
export function setGlobals(globals) {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect } = globals);
  ({ fdescribe, fit, it, jest, test, xdescribe, xit, xtest } = globals);
}
