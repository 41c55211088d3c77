import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type MailCatcher, startMailCatcher } from './catcher.ts';

let catcher: MailCatcher;
beforeAll(async () => {
  catcher = await startMailCatcher({ smtpPort: 0, httpPort: 0, maximumMails: 2 });
});
afterAll(() => catcher?.stop());

async function send(to: string, text: string): Promise<void> {
  const transport = createTransport(catcher.smtpUrl);
  await transport.sendMail({ from: 'no-reply@acme.test', to, subject: `For <${to}>`, text });
  transport.close();
}

const mailsTo = async (to: string) =>
  ((await (await fetch(`${catcher.url}/mails.json?to=${to}`)).json()) as { mails: object[] }).mails;

describe('the mail catcher', () => {
  it('keeps the mails that it is sent, for people and for programs', async () => {
    await send('anna@acme.test', 'Open http://localhost:8080/auth/invitation?token=a&b now');
    expect(await mailsTo('anna@acme.test')).toMatchObject([
      { to: ['anna@acme.test'], from: 'no-reply@acme.test', subject: 'For <anna@acme.test>' },
    ]);
    expect(await mailsTo('bert@acme.test')).toEqual([]);
    const page = await (await fetch(catcher.url)).text();
    expect(page).toContain('For &#60;anna@acme.test&#62;');
    expect(page).toContain('<a href="http://localhost:8080/auth/invitation?token=a&#38;b"');
  });

  it('keeps the newest alone when there are too many', async () => {
    for (const name of ['a', 'b', 'c']) await send(`${name}@acme.test`, name);
    const all = (await (await fetch(`${catcher.url}/mails.json`)).json()) as { mails: { text: string }[] };
    expect(all.mails.map(({ text }) => text.trim())).toEqual(['c', 'b']);
  });

  it('refuses mails that are too large', async () => {
    await expect(send('anna@acme.test', 'x'.repeat(2_000_000))).rejects.toThrow();
  });

  it('shows them to no web page under another name', async () => {
    const status = await new Promise((resolve, reject) => {
      request(`${catcher.url}/mails.json`, { headers: { host: 'evil.test' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
});
