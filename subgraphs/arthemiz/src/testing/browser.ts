// For tests only: as much of a browser as signing in takes: cookies by path, redirects, and the form on a page.

export interface BrowserOptions {
  /** Sends requests to the service as nginx would. */
  fetch: (url: string, init: RequestInit) => Promise<Response>;
}

export interface Visit {
  status: number;
  /** Where it ended, or the first URL outside of the issuer's origin that it was sent to. */
  url: URL;
  headers: Headers;
  text: string;
}

interface Cookie {
  name: string;
  value: string;
  path: string;
}

export class Browser {
  readonly #fetch: BrowserOptions['fetch'];
  /** That it asks for pages in. */
  language = 'en';
  #cookies: Cookie[] = [];
  #page: Visit | undefined;

  constructor({ fetch }: BrowserOptions) {
    this.#fetch = fetch;
  }

  get cookies(): readonly Cookie[] {
    return this.#cookies;
  }

  /** Where it is; none before the first visit. */
  get page(): Visit | undefined {
    return this.#page;
  }

  /** Opens a URL and follows redirects until a page or another application is reached. */
  open(url: string | URL): Promise<Visit> {
    return this.#visit(new URL(url), { method: 'GET' });
  }

  /** Fills in the form of the page and sends it; what is not given keeps the value that the page has. */
  submit(fields: Record<string, string> = {}): Promise<Visit> {
    const page = this.#page;
    const form = page?.text.match(/<form[^>]*>/)?.[0];
    if (page === undefined || form === undefined) throw new Error('There is no form on this page.');
    const action = new URL(form.match(/action="([^"]*)"/)?.[1] ?? page.url.href, page.url);
    return this.post(action, { ...hiddenFields(page), ...fields });
  }

  /** Sends exactly these fields, as a form of another site would; the browser adds its cookies. */
  post(url: string | URL, fields: Record<string, string>): Promise<Visit> {
    const body = new URLSearchParams(fields).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#visit(new URL(url), { method: 'POST', body, headers });
  }

  async #visit(url: URL, init: RequestInit): Promise<Visit> {
    let at = url;
    let request = init;
    for (let hops = 0; hops < 20; hops += 1) {
      const response = await this.#fetch(at.href, {
        ...request,
        redirect: 'manual',
        headers: {
          ...{ accept: 'text/html', 'accept-language': this.language },
          ...{ ...request.headers, cookie: this.#cookiesFor(at) },
        },
      });
      this.#keep(response, at);
      const location = response.headers.get('location');
      const text = await response.text();
      if (location === null) {
        this.#page = { status: response.status, url: at, headers: response.headers, text };
        return this.#page;
      }
      const next = new URL(location, at);
      if (next.origin !== url.origin || !next.pathname.startsWith('/auth')) {
        return { status: response.status, url: next, headers: response.headers, text };
      }
      at = next;
      request = { method: 'GET' };
    }
    throw new Error('Too many redirects.');
  }

  #cookiesFor({ pathname }: URL): string {
    return this.#cookies
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep(response: Response, at: URL): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/; */);
      const name = pair.slice(0, pair.indexOf('='));
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? at.pathname;
      this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
      if (!/expires=Thu, 01 Jan 1970/.test(line))
        this.#cookies.push({ name, value: pair.slice(name.length + 1), path });
    }
  }
}

/** What the page sends along unseen. */
export function hiddenFields({ text }: Visit): Record<string, string> {
  const inputs = [...text.matchAll(/<input type="hidden"[^>]*>/g)];
  return Object.fromEntries(
    inputs.map(([input]) => [
      input.match(/name="([^"]*)"/)?.[1] ?? '',
      input.match(/value="([^"]*)"/)?.[1] ?? '',
    ]),
  );
}
