// Inviting people: who may, to what, and what becomes of the link.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { TenantRow } from '../tenants/model.ts';
import { type Fixture, issuer, password, signIn, startFixture } from '../testing/fixture.ts';
import { linkIn, type Mailbox, startMailbox } from '../testing/mailbox.ts';

let mailbox: Mailbox;
let fixture: Fixture;
beforeAll(async () => {
  mailbox = await startMailbox();
  fixture = await startFixture({ SMTP_URL: mailbox.url, MAIL_POLL_MS: '10' });
});
afterAll(async () => {
  await fixture?.stop();
  await mailbox?.stop();
});

let sequence = 0;
const newAddress = () => {
  sequence += 1;
  return `new-${sequence}@acme.test`;
};
const ownPassword = 'seven purple teapots';

const invite = /* GraphQL */ `
  mutation ($input: InvitePersonInput!) {
    invitePerson(input: $input) {
      invitation {
        id
        email
        state
        expiresAt
        roles {
          name
        }
        invitedBy {
          id
        }
      }
      errors {
        __typename
        message
        ... on InvalidInvitationInput {
          field
        }
        ... on PermissionNotHeld {
          permissions
        }
      }
    }
  }
`;

/** A tenant with the ids of its roles, and its owner as a viewer. */
async function newTenant() {
  const tenant = await fixture.tenant({ name: 'Acme Robotics' });
  const owner = await fixture.person({ tenants: [tenant] });
  const { data } = await fixture.execute('{ roles { id name permissions } }', {
    viewer: { tenantId: tenant._id, permissions: ['role:read'] },
  });
  const roles: { id: string; name: string; permissions: string[] }[] = data.roles;
  const role = (name: string) => {
    const found = roles.find((each) => each.name === name);
    if (found === undefined) throw new Error(`There is no role ${name}.`);
    return found;
  };
  const viewer = {
    subject: owner._id,
    tenantId: tenant._id,
    permissions: [...role('owner').permissions],
  };
  return { tenant, owner, viewer, role };
}

type Tenant = Awaited<ReturnType<typeof newTenant>>;

async function inviteTo(
  { viewer, role }: Tenant,
  given: { email?: string; roles?: string[]; roleIds?: string[]; permissions?: string[] } = {},
) {
  const email = given.email ?? newAddress();
  const roleIds = given.roleIds ?? (given.roles ?? ['viewer']).map((name) => role(name).id);
  const { data, errors } = await fixture.execute(invite, {
    viewer: { ...viewer, permissions: given.permissions ?? viewer.permissions },
    variables: { input: { email, roleIds } },
  });
  expect(errors).toBeUndefined();
  return { email, ...data.invitePerson };
}

/** Follows the newest link that was mailed to an address. */
async function follow(email: string, number = 1) {
  const browser = fixture.browser();
  const link = linkIn(await mailbox.to(email, number));
  return { browser, link, page: await browser.open(link) };
}

async function stateOf({ viewer }: Tenant, id: string): Promise<string> {
  const { data } = await fixture.execute('{ invitations { nodes { id state acceptedBy { email } } } }', {
    viewer,
  });
  return data.invitations.nodes.find((each: { id: string }) => each.id === id)?.state;
}

const told = (type: string, tenant: TenantRow) =>
  fixture.service.connection
    .collection('outbox')
    .find({ 'event.type': type, 'event.tenantid': tenant._id })
    .toArray();

describe('inviting', () => {
  it('mails a link to the address, and tells of it without the address', async () => {
    const acme = await newTenant();
    const { email, invitation, errors } = await inviteTo(acme, { email: ' Nora@Acme.test' });
    expect(errors).toEqual([]);
    expect(invitation).toMatchObject({
      email: 'nora@acme.test',
      state: 'OPEN',
      roles: [{ name: 'viewer' }],
      invitedBy: { id: acme.owner._id },
    });
    const days = (new Date(invitation.expiresAt).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
    const mail = await mailbox.to(email.trim().toLowerCase());
    expect(mail.subject).toBe('Join Acme Robotics');
    expect(mail.text).toContain('Olivia Ortega invites you to join Acme Robotics.');
    const { href } = linkIn(mail);
    expect(href).toMatch(new RegExp(`^${issuer}/invitation\\?link=[\\w-]{43}$`));
    const [event] = await told('arthemiz.person.invited.v1', acme.tenant);
    expect(event?.event.data).toMatchObject({
      invitationId: invitation.id,
      email: 'n***@acme.test',
      roles: ['viewer'],
      invitedBy: acme.owner._id,
    });
  });

  it('mails in the language of the reader, or else of who invites', async () => {
    const acme = await newTenant();
    const portuguese = fixture.browser();
    portuguese.language = 'pt-BR';
    await portuguese.open(`${issuer}/account/security`);
    await portuguese.submit({ email: acme.owner.email, password });
    // Nobody knows Nora; that Olivia's pages are in Portuguese is all there is to go by.
    const { email } = await inviteTo(acme);
    const mail = await mailbox.to(email);
    expect(mail.subject).toBe('Participe de Acme Robotics');
    expect(mail.text).toContain('Olivia Ortega convida você a participar de Acme Robotics.');
    // Nora makes her account in English, which counts from then on.
    const browser = fixture.browser();
    await browser.open(linkIn(mail));
    await browser.submit({ name: 'Nora', password: ownPassword, again: ownPassword });
    const globex = await newTenant();
    await fixture.models.Person.updateOne({ _id: globex.owner._id }, { $set: { language: 'pt' } });
    await inviteTo(globex, { email });
    expect((await mailbox.to(email, 2)).subject).toBe('Join Acme Robotics');
  });

  it('keeps nothing by which whoever reads the database could join', async () => {
    const acme = await newTenant();
    const { email } = await inviteTo(acme);
    const secret = linkIn(await mailbox.to(email)).searchParams.get('link') ?? '';
    const { connection } = fixture.service;
    const stored = await acrossTenants('a test reads the whole database', async () => [
      await connection.collection('invitations').find().toArray(),
      await connection.collection('mails').find().toArray(),
      await connection.collection('outbox').find().toArray(),
    ]);
    expect(JSON.stringify(stored)).toContain('inv_');
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('answers with the open invitation when it is asked again, with the later roles and without a second mail', async () => {
    const acme = await newTenant();
    const email = newAddress();
    const answers = await Promise.all([1, 2, 3].map(() => inviteTo(acme, { email })));
    const again = await inviteTo(acme, { email, roles: ['operator'] });
    expect(new Set([...answers, again].map(({ invitation }) => invitation.id)).size).toBe(1);
    expect(again.invitation.roles).toEqual([{ name: 'operator' }]);
    // A mail to another address comes after all of these.
    const { email: last } = await inviteTo(acme);
    await mailbox.to(last);
    expect(mailbox.mails.filter(({ to }) => to === email)).toHaveLength(1);
  });

  it('gives nobody more than whoever invites has', async () => {
    const acme = await newTenant();
    const { invitation, errors } = await inviteTo(acme, {
      roles: ['operator', 'viewer'],
      permissions: ['person:invite', ...acme.role('viewer').permissions],
    });
    expect(invitation).toBeNull();
    expect(errors).toMatchObject([{ __typename: 'PermissionNotHeld' }]);
    expect(errors[0].permissions).toContain('service:write');
    expect(errors[0].permissions).not.toContain('service:read');
  });

  it('refuses members, roles of other tenants and what is no address', async () => {
    const [acme, globex] = [await newTenant(), await newTenant()];
    const cases = [
      [{ email: acme.owner.email }, { __typename: 'AlreadyMember' }],
      [{ roleIds: [globex.role('viewer').id] }, { __typename: 'RoleNotFound' }],
      [{ email: 'nobody' }, { __typename: 'InvalidInvitationInput', field: 'email' }],
      [{ roleIds: Array(51).fill('rol_x') }, { __typename: 'InvalidInvitationInput', field: 'roleIds' }],
    ] satisfies [object, object][];
    for (const [given, expected] of cases) {
      const { invitation, errors } = await inviteTo(acme, given);
      expect(invitation).toBeNull();
      expect(errors).toMatchObject([expected]);
    }
  });

  it('lets nobody be pestered: five mails to an address in a day', async () => {
    const acme = await newTenant();
    const email = newAddress();
    for (let number = 1; number <= 5; number += 1) {
      const { invitation } = await inviteTo(acme, { email });
      await revoke(acme, invitation.id);
    }
    expect((await inviteTo(acme, { email })).errors).toMatchObject([{ __typename: 'TooManyInvitations' }]);
  });

  it('takes person:invite', async () => {
    const acme = await newTenant();
    const { errors } = await fixture.execute(invite, {
      viewer: { ...acme.viewer, permissions: ['person:read', 'role:write'] },
      variables: { input: { email: newAddress(), roleIds: [] } },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('says so where the installation sends no mails', async () => {
    const silent = await startFixture();
    try {
      const tenant = await silent.tenant();
      const { data } = await silent.execute(invite, {
        viewer: { tenantId: tenant._id, permissions: ['person:invite'] },
        variables: { input: { email: newAddress(), roleIds: [] } },
      });
      expect(data.invitePerson).toMatchObject({
        invitation: null,
        errors: [{ __typename: 'MailNotConfigured', message: expect.stringContaining('SMTP_URL') }],
      });
    } finally {
      await silent.stop();
    }
  });
});

async function revoke({ viewer }: Tenant, id: string) {
  const { data } = await fixture.execute(
    /* GraphQL */ `
      mutation ($id: ID!) {
        revokeInvitation(input: { id: $id }) {
          invitation {
            state
          }
          errors {
            __typename
          }
        }
      }
    `,
    { viewer, variables: { id } },
  );
  return data.revokeInvitation;
}

describe('somebody new who follows the link', () => {
  it('chooses a name and a password, and is a member who can sign in', async () => {
    const acme = await newTenant();
    const { email, invitation } = await inviteTo(acme, { roles: ['operator'] });
    const { browser, page, link } = await follow(email);
    expect(page.text).toContain('Join Acme Robotics');
    expect(page.text).toMatch(/<label for="name">/);
    expect(page.text).toMatch(/autocomplete="new-password"/);
    expect(page.headers.get('cache-control')).toBe('no-store');

    const done = await browser.submit({ name: ' Nora New ', password: ownPassword, again: ownPassword });
    expect(done.text).toContain('You have joined Acme Robotics');
    const { tokens } = await signIn(fixture, email, ownPassword);
    expect(tokens.claims()?.sub).toMatch(/^per_/);
    const { data } = await fixture.execute('{ people { nodes { email displayName roles { name } } } }', {
      viewer: acme.viewer,
    });
    expect(data.people.nodes).toContainEqual({
      email,
      displayName: 'Nora New',
      roles: [{ name: 'operator' }],
    });
    expect(await stateOf(acme, invitation.id)).toBe('ACCEPTED');
    const [event] = await told('arthemiz.person.joined.v1', acme.tenant);
    expect(event?.event.data).toMatchObject({ invitationId: invitation.id, roles: ['operator'] });

    // Once.
    expect((await browser.open(link)).status).toBe(410);
  });

  it('is told what is wrong with a name or a password, and can correct it', async () => {
    const { email } = await inviteTo(await newTenant());
    const { browser } = await follow(email);
    const submit = (fields: { name?: string; password?: string; again?: string }) =>
      browser.submit({ name: 'Nora', password: ownPassword, again: ownPassword, ...fields });
    for (const [fields, message] of [
      [{ name: ' ' }, 'Enter your name'],
      [{ again: 'another one' }, 'passwords differ'],
      [{ password: 'short', again: 'short' }, 'longer password'],
      [{ password: 'passwordpassword', again: 'passwordpassword' }, 'guessed first'],
      [{ password: `${email} my own`, again: `${email} my own` }, 'without your e-mail address'],
    ] as const) {
      const page = await submit(fields);
      expect(page.status).toBe(400);
      expect(page.text).toContain(message);
    }
    expect((await submit({ name: '<b>Nora</b>' })).text).toContain('You have joined');
  });

  it('joins once, however often the form is sent at the same moment', async () => {
    const acme = await newTenant();
    const { email } = await inviteTo(acme);
    const link = linkIn(await mailbox.to(email));
    const body = new URLSearchParams({ name: 'Nora', password: ownPassword, again: ownPassword });
    const answers = await Promise.all(
      [1, 2, 3].map(() => fixture.publicFetch(link.href, { method: 'POST', body })),
    );
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts.filter((text) => text.includes('You have joined'))).toHaveLength(1);
    expect(await fixture.models.Person.countDocuments({ email })).toBe(1);
    expect(await told('arthemiz.person.joined.v1', acme.tenant)).toHaveLength(1);
  });
});

describe('somebody who has an account and follows the link', () => {
  it('shows by their password that it is theirs, and belongs to both tenants', async () => {
    const [acme, globex] = [await newTenant(), await newTenant()];
    await inviteTo(acme, { email: globex.owner.email });
    const { browser, page } = await follow(globex.owner.email);
    expect(page.text).toContain('you have an account here');
    expect(page.text).not.toContain('name="name"');
    const refused = await browser.submit({ password: 'not the right one at all' });
    expect([refused.status, refused.text.includes('did not work')]).toEqual([401, true]);
    expect((await browser.submit({ password })).text).toContain('You have joined');
    const { data } = await fixture.execute('{ people { nodes { email } } }', { viewer: acme.viewer });
    expect(data.people.nodes).toContainEqual({ email: globex.owner.email });
  });

  it('is slowed down like at the sign-in', async () => {
    const [acme, globex] = [await newTenant(), await newTenant()];
    await inviteTo(acme, { email: globex.owner.email });
    const { browser } = await follow(globex.owner.email);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1)
      statuses.push((await browser.submit({ password: 'not the right one at all' })).status);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('a link', () => {
  it('works no more once the invitation is revoked, and that once', async () => {
    const acme = await newTenant();
    const { email, invitation } = await inviteTo(acme);
    expect(await revoke(acme, invitation.id)).toEqual({ invitation: { state: 'REVOKED' }, errors: [] });
    expect((await follow(email)).page.status).toBe(410);
    expect(await revoke(acme, invitation.id)).toMatchObject({
      errors: [{ __typename: 'InvitationNotFound' }],
    });
    // A new one for the same address is another one.
    expect((await inviteTo(acme, { email })).invitation.id).not.toBe(invitation.id);
    expect((await follow(email, 2)).page.status).toBe(200);
  });

  it('works no more after seven days, and the address can be invited again', async () => {
    const acme = await newTenant();
    const { email, invitation } = await inviteTo(acme);
    await inTenant(acme.tenant._id, () =>
      fixture.models.Invitation.updateOne({ _id: invitation.id }, { $set: { expiresAt: new Date() } }),
    );
    expect((await follow(email)).page.status).toBe(410);
    expect(await stateOf(acme, invitation.id)).toBe('EXPIRED');
    expect((await inviteTo(acme, { email })).errors).toEqual([]);
  });

  it('of nobody’s making opens nothing', async () => {
    for (const link of ['', 'x', 'a'.repeat(43), 'a'.repeat(10_000)]) {
      const page = await fixture.browser().open(`${issuer}/invitation?link=${link}`);
      expect(page.status).toBe(410);
    }
  });

  it('is in another tenant’s hands of no use: its invitation is not even there', async () => {
    const [acme, globex] = [await newTenant(), await newTenant()];
    const { invitation } = await inviteTo(acme);
    expect(await stateOf(globex, invitation.id)).toBeUndefined();
    expect(await revoke(globex, invitation.id)).toMatchObject({
      errors: [{ __typename: 'InvitationNotFound' }],
    });
    expect(await stateOf(acme, invitation.id)).toBe('OPEN');
  });
});
