// A mail server for development: takes every mail, sends none on, and shows them to this machine alone.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { type CaughtMail, renderMails } from './pages.ts';

export interface MailCatcherOptions {
  /** 0 takes any free one. */
  smtpPort: number;
  /** 0 takes any free one. */
  httpPort: number;
  /** Most mails that are kept; the oldest goes. Default 200. */
  maximumMails?: number;
}

export interface MailCatcher {
  /** smtp://127.0.0.1:port */
  smtpUrl: string;
  /** Where people read them; `/mails.json` is for programs. */
  url: string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const maximumBytes = 1_048_576;

export async function startMailCatcher(options: MailCatcherOptions): Promise<MailCatcher> {
  const { maximumMails = 200 } = options;
  /** Newest first. */
  let mails: CaughtMail[] = [];

  const smtp = new SMTPServer({
    size: maximumBytes,
    rejectOversized: true,
    maxClients: 20,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, session, done) {
      read(stream)
        .then((raw) => PostalMime.parse(raw))
        .then(
          ({ from, subject = '', text = '' }) => {
            const to = session.envelope.rcptTo.map(({ address }) => address);
            const mail = {
              from: from?.address ?? '',
              to,
              subject,
              text,
              receivedAt: new Date().toISOString(),
            };
            mails = [mail, ...mails].slice(0, maximumMails);
            done();
          },
          (error: Error) => done(error),
        );
    },
  });
  const http = createServer((request, response) => answer({ request, response, mails }));
  await listen(smtp.server, options.smtpPort);
  await listen(http, options.httpPort);
  return {
    smtpUrl: `smtp://${host}:${portOf(smtp.server)}`,
    url: `http://${host}:${portOf(http)}`,
    async stop() {
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  mails: readonly CaughtMail[];
}

function answer({ request, response, mails }: Exchange): void {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  // A web page whose name resolves to this machine would otherwise read the links in the mails.
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (name !== host && name !== 'localhost') refuse(response, 403);
  else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405);
  else show({ request, response, mails });
}

function show({ request, response, mails }: Exchange): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${host}`);
  const to = searchParams.get('to');
  const wanted = to === null ? mails : mails.filter((mail) => mail.to.includes(to));
  if (pathname === '/mails.json') {
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify({ mails: wanted }));
  } else if (pathname === '/') {
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(renderMails(wanted));
  } else refuse(response, 404);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    // Read to its end all the same: the server answers only then.
    if (size <= maximumBytes) chunks.push(chunk);
  }
  if (size > maximumBytes) throw new Error('The mail is too large.');
  return Buffer.concat(chunks);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => resolve());
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // a TCP server that listens has an AddressInfo
}
