// How fresh what is shown is, in both languages.
export const liveInEnglish = {
  loading: 'Connecting…',
  live: 'Live',
  stale: (time: string) => `Connection lost at ${time}. What you see was true then; it comes back by itself.`,
};

export const liveInPortuguese: typeof liveInEnglish = {
  loading: 'Conectando…',
  live: 'Ao vivo',
  stale: (time) => `Conexão perdida às ${time}. O que você vê valia então; ela volta por si só.`,
};
