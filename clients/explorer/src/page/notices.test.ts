import { expect, it } from '@jest/globals';
import { noticeOf } from './notices.ts';

it('explains why a sign-in was refused, and quotes what it does not know', () => {
  expect(noticeOf({ code: 'access_denied' }).title).toBe('Sign-in was cancelled');
  expect(noticeOf({ code: 'odd', description: 'the moon is full' }).detail).toContain('the moon is full');
  expect(noticeOf({ code: 'odd' }).detail).toContain('odd');
});
