// Attacks on the pages: forms of other sites, addresses that lead away, and what an answer's time tells.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as client from 'openid-client';
import type { PersonRow } from '../people/model.ts';
import { enrolApp } from '../testing/authenticator.ts';
import { hiddenFields } from '../testing/browser.ts';
import {
  beginCodeFlow,
  type Fixture,
  issuer,
  origin,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';
import { callback, openRegistration, registerApplication } from '../testing/registration-client.ts';
import { accountPaths } from './account/route.ts';

let fixture: Fixture;
let person: PersonRow;
let mine: Awaited<ReturnType<typeof signIn>>;
let others: Awaited<ReturnType<typeof signIn>>;
beforeAll(async () => {
  fixture = await startFixture({ SMTP_URL: 'smtp://127.0.0.1:9' });
  const newPerson = async () => fixture.person({ tenants: [await fixture.tenant()] });
  person = await newPerson();
  mine = await signIn(fixture, person.email);
  others = await signIn(fixture, (await newPerson()).email);
});
afterAll(() => fixture?.stop());

const none: Record<string, string> = {};

describe('a form of another site', () => {
  /** All that is the person's. */
  const held = async () => {
    const { Person, OidcArtifact, AuthenticatorApp, RecoveryCodes, Passkey, Password } = fixture.models;
    const personId = person._id;
    return JSON.stringify(
      await Promise.all([
        Person.find({ _id: personId }).lean(),
        OidcArtifact.find({ accountId: personId, kind: { $in: ['Grant', 'RefreshToken'] } }).lean(),
        AuthenticatorApp.find({ _id: personId }).lean(),
        RecoveryCodes.find({ _id: personId }).lean(),
        Passkey.find({ personId }).lean(),
        Password.find({ _id: personId }).lean(),
      ]),
    );
  };

  it.each(accountPaths)('changes nothing at %s', async (path) => {
    const { csrf: ofOthers = '' } = hiddenFields(
      await others.browser.open(`${issuer}/account/security/add-app`),
    );
    expect(ofOthers).toMatch(/./);
    const before = await held();
    const fields = {
      password,
      again: password,
      code: '123456',
      action: 'continue',
      end: 'all',
      ...own(mine),
    };
    for (const csrf of [none, { csrf: '' }, { csrf: 'forged' }, { csrf: ofOthers }]) {
      const { status } = await mine.browser.post(`${issuer}${path}`, { ...fields, ...csrf });
      expect({ path, csrf, status }).toEqual({ path, csrf, status: 400 });
    }
    expect(await held()).toBe(before);
  });

  it('signs nobody out', async () => {
    await mine.browser.open(client.buildEndSessionUrl(mine.config));
    for (const xsrf of [none, { xsrf: 'forged' }])
      expect((await mine.browser.post(`${issuer}/logout/confirm`, { logout: 'yes', ...xsrf })).status).toBe(
        400,
      );
    expect((await mine.browser.open(`${issuer}/account/security`)).text).not.toMatch(/current-password/);
  });

  it('is taken at no step of a sign-in', async () => {
    const reached: string[] = [];
    const refused = async (
      flow: Awaited<ReturnType<typeof beginCodeFlow>>,
      fields: Record<string, string>,
    ) => {
      const page = flow.browser.page;
      reached.push(page?.text.match(/<h1>([^<]*)/)?.[1] ?? '');
      for (const csrf of [none, { csrf: 'forged' }]) {
        const { status } = await flow.browser.post(page?.url ?? '', { ...fields, ...csrf });
        expect({ at: reached.at(-1), csrf, status }).toEqual({ at: reached.at(-1), csrf, status: 400 });
      }
      // It goes on, for whoever sees the page.
      await flow.browser.open(page?.url ?? '');
      return flow.browser.submit(fields);
    };
    const tenants = [await fixture.tenant(), await fixture.tenant()];
    const several = await fixture.person({ tenants });
    const { app } = await enrolApp(fixture, several);
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    await refused(flow, { email: several.email, password });
    await refused(flow, { code: app.next() });
    const back = await refused(flow, { tenant: tenants[1]?._id ?? '' });
    expect(back.url.searchParams.has('code')).toBe(true);
    expect(new Set(reached).size).toBe(3);

    const registrar = await openRegistration(fixture);
    const member = await fixture.person({ tenants: [registrar.tenant] });
    const config = await registerApplication(fixture, registrar.secret);
    const asked = { client_id: config.clientMetadata().client_id, redirect_uri: callback };
    const consenting = await beginCodeFlow(fixture, asked, { config });
    await consenting.browser.open(consenting.url);
    await consenting.browser.submit({ email: member.email, password });
    const consented = await refused(consenting, { action: 'continue' });
    expect(consented.url.searchParams.has('code')).toBe(true);
  });
});

describe('an address that leads elsewhere', () => {
  const evil = 'https://evil.test/';
  const named = [
    'next',
    'url',
    'return',
    'return_to',
    'returnTo',
    'redirect',
    'redirect_uri',
    'continue',
    'target',
    'state',
    'RelayState',
    'post_logout_redirect_uri',
  ];
  const paths = [
    ...[
      '/authorize',
      '/device',
      '/logout',
      '/logout/confirm',
      '/password/forgotten',
      '/password/reset',
      '/invitation',
    ],
    ...['/sign-in/none', '/sso/sso_none/callback', '/sso/sso_none/acs', '/sso/sso_none/metadata'],
  ];

  it('is followed by no page, whether somebody is signed in or not, and whatever it is called', async () => {
    for (const target of [evil, '//evil.test/', '/\\evil.test/', 'javascript:alert(1)']) {
      const query = new URLSearchParams(named.map((name) => [name, target]));
      for (const path of [...paths, ...accountPaths])
        for (const browser of [mine.browser, fixture.browser()]) {
          const visit = await browser.open(`${issuer}${path}?${query}`);
          const at = { path, target, origin: visit.url.origin, links: linksTo(visit.text) };
          expect(at).toEqual({ path, target, origin, links: [] });
        }
    }
  });

  it('is no page of ours, however it is written', async () => {
    for (const path of [
      '//evil.test/auth',
      '/auth//evil.test',
      '/auth/\\evil.test',
      '/auth/account//evil.test',
      '/auth/%2f%2fevil.test',
    ]) {
      const { status, headers } = await fixture.publicFetch(`${origin}${path}`, { redirect: 'manual' });
      expect({ path, status: status >= 400, location: headers.get('location') }).toEqual({
        path,
        status: true,
        location: null,
      });
    }
  });

  const linksTo = (text: string) =>
    [...text.matchAll(/(?:href|action|url)="?=?([^"]*evil\.test[^"]*)"/g)].map(([, link]) => link);
});

describe('the time of an answer', () => {
  it('does not tell whether an address has an account', async () => {
    const attempt = async (email: string) => {
      const flow = await beginCodeFlow(fixture, {}, { config: mine.config });
      await flow.browser.open(flow.url);
      const since = performance.now();
      expect((await flow.browser.submit({ email, password: 'not the right one at all' })).status).toBe(401);
      return performance.now() - since;
    };
    const known = await Promise.all(Array.from({ length: 3 }, () => fixture.person({ tenants: [] })));
    const pairs: Array<{ ofKnown: number; ofUnknown: number }> = [];
    // In turn, so that a machine that is busy for a while slows both.
    for (let index = 0; index < 12; index += 1) {
      const unknown = `${randomBytes(5).toString('hex')}@acme.test`;
      const first = await attempt(index % 2 === 0 ? (known[index % 3]?.email ?? '') : unknown);
      const second = await attempt(index % 2 === 0 ? unknown : (known[index % 3]?.email ?? ''));
      pairs.push(
        index % 2 === 0 ? { ofKnown: first, ofUnknown: second } : { ofKnown: second, ofUnknown: first },
      );
    }
    const median = (values: number[]) =>
      [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    const difference = median(pairs.map(({ ofKnown, ofUnknown }) => ofKnown - ofUnknown));
    const usual = median(pairs.map(({ ofKnown }) => ofKnown));
    // Without a hash for nobody it would be nearly all of it, each time.
    const inOneDirection = pairs.filter(({ ofKnown, ofUnknown }) => ofKnown > ofUnknown).length;
    const tells = Math.abs(difference) > usual / 3 && (inOneDirection <= 1 || inOneDirection >= 11);
    expect({ tells, difference, usual, inOneDirection }).toMatchObject({ tells: false });
  });
});

/** What ends a session, or names one. */
const own = ({ tokens }: typeof mine) => ({ session: String(tokens.claims()?.sid ?? '') });
