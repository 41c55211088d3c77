import { useSyncExternalStore } from 'react';
import { announcement } from './announce.ts';

/** Always in the document: an element that appears together with its text is not read aloud. */
export function Announcement() {
  const message = useSyncExternalStore(announcement.watch, announcement.get);
  return (
    <output className="announcement" aria-live="polite">
      {message}
    </output>
  );
}
