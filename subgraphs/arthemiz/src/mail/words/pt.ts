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
  emailConfirmation: ({ email, isNew, link }) => ({
    subject: 'Confirme seu endereço de e-mail',
    text: `Alguém, provavelmente você, pediu para ${isNew ? 'passar a entrar na conta que tem aqui com este endereço' : 'confirmar que este endereço é seu'}: ${email}.

Para fazer isso, abra este link dentro de uma hora, conectado à conta:

${link}

Se não foi você, ignore este e-mail: nada acontece sem você.
`,
  }),
  emailTaken: ({ email, forgottenPage }) => ({
    subject: 'Você já tem uma conta',
    text: `Alguém, provavelmente você, pediu para entrar em outra conta com este endereço: ${email}. Você já tem uma conta aqui com ele, por isso nada foi mudado.

Se foi você, entre nessa conta com este endereço. Se esqueceu a senha dela, escolha uma nova: ${forgottenPage}

Se não foi você, ignore este e-mail.
`,
  }),
  emailChangeAsked: ({ email, newEmail, forgottenPage }) => ({
    subject: 'Seu endereço de e-mail está para mudar',
    text: `Alguém, provavelmente você, pediu que a entrada na sua conta ${email} passe a ser com ${newEmail}. Isso acontece quando for aberto o link que enviamos para lá.

Se foi você, não há nada a fazer aqui.

Se não foi, outra pessoa pode estar na sua conta: escolha uma nova senha em ${forgottenPage}, o que também encerra esse link, e avise seu administrador.
`,
  }),
  emailChanged: ({ email, newEmail, at, ipAddress }) => ({
    subject: 'Seu endereço de e-mail foi mudado',
    text: `A entrada na sua conta ${email} agora é com ${newEmail}: ${instant(at)}${ipAddress === null ? '' : `, pedido a partir do endereço ${ipAddress}`}. De agora em diante, escrevemos para lá.

Se foi você, não há nada a fazer.

Se não foi, outra pessoa está na sua conta: avise seu administrador imediatamente.
`,
  }),
};
