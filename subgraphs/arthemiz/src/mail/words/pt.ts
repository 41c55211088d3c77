// Brazilian Portuguese.
import type { MailWords } from './words.ts';

const instants = new Intl.DateTimeFormat('pt-BR', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });
const instant = (at: Date) => `${instants.format(at)} UTC`;

export const pt: MailWords = {
  invitation: ({ tenant, inviter, link, expiresAt }) => ({
    subject: `Participe de ${tenant}`,
    text: `${inviter === null ? 'Você foi convidado' : `${inviter} convida você`} a participar de ${tenant}.

Para aceitar, abra este link:

${link}

Ele funciona uma vez, até ${instant(expiresAt)}. Se você não esperava este convite, ignore este e-mail: nada acontece sem você.
`,
  }),
  passwordReset: ({ email, link }) => ({
    subject: 'Escolha uma nova senha',
    text: `Alguém, provavelmente você, pediu para escolher uma nova senha para a conta ${email}.

Para fazer isso, abra este link dentro de meia hora:

${link}

Se não foi você, ignore este e-mail: sua senha continua como está.
`,
  }),
  passwordChanged: ({ email, how, at, ipAddress, forgottenPage }) => ({
    subject: 'Sua senha foi trocada',
    text: `A senha da sua conta ${email} foi ${how === 'reset' ? 'redefinida por um link que enviamos a você' : 'trocada'}: ${instant(at)}${ipAddress === null ? '' : `, a partir do endereço ${ipAddress}`}.

Se foi você, não há nada a fazer.

Se não foi, outra pessoa pode estar na sua conta: escolha uma nova senha em ${forgottenPage} e avise seu administrador.
`,
  }),
};
