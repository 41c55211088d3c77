import { describe, expect, it } from '@jest/globals';
import { whyNot } from './choosing.ts';

const about = { email: 'olivia.ortega@acme.test' };

describe('a new password', () => {
  it.each([
    'correct horse battery staple',
    'räksmörgås på tåget',
    'пять рыжих котов спят',
    '静かな池に蛙が飛び込む水の音。',
    '  spaces count too  ',
    'x7#Qm2!vLp9@Rt4',
    `four words and ${'a tail '.repeat(26)}`.slice(0, 200),
  ])('%j is taken', (password) => {
    expect(whyNot(password, about)).toBeNull();
  });

  it.each([
    ['', 'too-short'],
    ['fourteen chars', 'too-short'],
    // A person sees fourteen characters, however many code units they are.
    ['😀'.repeat(14), 'too-short'],
    ['long '.repeat(50), 'too-long'],
    // Its compatible form is twice as long.
    ['㎏'.repeat(150), 'too-long'],
    ['aaaaaaaaaaaaaaa', 'guessable'],
    ['abcabcabcabcabc', 'guessable'],
    ['passwordpassword', 'guessable'],
    ['PasswordPassword', 'guessable'],
    ['1qaz2wsx3edc4rfv', 'guessable'],
    ['password1234567', 'guessable'],
    ['!!!iloveyou2026', 'guessable'],
    ['123456789012345', 'guessable'],
    ['qwertyuiopasdfghjkl', 'guessable'],
    ['my olivia.ortega pass', 'telling'],
    ['Arthemiz is where I am', 'telling'],
  ])('%j is refused', (password, reason) => {
    expect(whyNot(password, about)).toBe(reason);
  });

  it('may contain what is in a short address by chance', () => {
    expect(whyNot('correct horse battery staple', { email: 'b@acme.test' })).toBeNull();
  });

  it('is looked at in milliseconds, however it is made', () => {
    const startedAt = performance.now();
    for (let round = 0; round < 100; round += 1) whyNot('a'.repeat(199).concat('b'), about);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
