/** The cookies of one visit to one origin: kept by name and path, sent where the path fits. */
export class CookieJar {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();

  /** Takes the cookies of an answer; one that has expired is forgotten. */
  take(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const attribute = (wanted: string) =>
        attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const path = attribute('path') ?? '/';
      const expires = attribute('expires');
      const isOver =
        Number(attribute('max-age') ?? 1) <= 0 ||
        (expires !== undefined && Date.parse(expires) <= Date.now());
      if (isOver) this.#cookies.delete(`${name};${path}`);
      else this.#cookies.set(`${name};${path}`, { name, value, path });
    }
  }

  /** The Cookie header for a URL. */
  headerFor(url: URL): string {
    return [...this.#cookies.values()]
      .filter(
        ({ path }) =>
          path === '/' ||
          url.pathname === path ||
          url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}
