// The console's live half in a real browser against a whole private platform: what an owner watches, and does about it.
import { describe, it } from '@jest/globals';
import { checkCases } from './checks.cases.ts';
import { dashboardCases } from './dashboards.cases.ts';
import { metricCases } from './metrics.cases.ts';
import { reliabilityCases } from './reliability.cases.ts';
import { responseCases } from './responses.cases.ts';
import { openStage } from './stage.ts';
import { watchingCases } from './watching.cases.ts';

const email = 'owner@acme.test';
const operator = 'operator@acme.test';
const viewer = 'viewer@acme.test';

const stage = openStage();
const at = () => ({ ...stage(), email, operator, viewer });

describe('the console', () => {
  it('lets an owner in', () => {
    const { browser, desk, platform } = stage();
    return browser.step('sign in to operate', async () => {
      await desk.open('/people');
      await desk.signIn({ email, password: platform.passwordOf(email) });
      await desk.heading('People').waitFor();
    });
  });

  describe('live', () => dashboardCases(at));
  describe('reliability', () => reliabilityCases(at));
  describe('metrics', () => metricCases(at));
  describe('checks', () => checkCases(at));
  describe('security', () => responseCases(at));
  describe('watching', () => watchingCases(at));
});
