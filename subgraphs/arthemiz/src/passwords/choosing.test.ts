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
    ['', /at least 15/],
    ['fourteen chars', /at least 15/],
    // A person sees fourteen characters, however many code units they are.
    ['😀'.repeat(14), /at least 15/],
    ['long '.repeat(50), /at most 200/],
    // Its compatible form is twice as long.
    ['㎏'.repeat(150), /at most 200/],
    ['aaaaaaaaaaaaaaa', /guessed first/],
    ['abcabcabcabcabc', /guessed first/],
    ['passwordpassword', /guessed first/],
    ['PasswordPassword', /guessed first/],
    ['1qaz2wsx3edc4rfv', /guessed first/],
    ['password1234567', /guessed first/],
    ['!!!iloveyou2026', /guessed first/],
    ['123456789012345', /guessed first/],
    ['qwertyuiopasdfghjkl', /guessed first/],
    ['my olivia.ortega pass', /e-mail address/],
    ['Arthemiz is where I am', /name of this service/],
  ])('%j is refused', (password, reason) => {
    expect(whyNot(password, about)).toMatch(reason);
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
