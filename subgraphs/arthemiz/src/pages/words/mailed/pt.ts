import type { mailed as english } from './en.ts';

export const mailed: typeof english = {
  newPassword: {
    label: 'Nova senha',
    rule: (minimum) =>
      `Pelo menos ${minimum} caracteres, de qualquer tipo. Várias palavras dão uma boa senha.`,
    again: 'A mesma outra vez',
    differ: 'As duas senhas são diferentes. Digite a mesma duas vezes.',
    refusals: {
      'too-short': (minimum) =>
        `Escolha uma senha mais longa: pelo menos ${minimum} caracteres. Várias palavras dão uma boa senha.`,
      'too-long': (maximum) => `Escolha uma senha mais curta: no máximo ${maximum} caracteres.`,
      telling: 'Escolha uma senha sem seu endereço de e-mail e sem o nome deste serviço.',
      guessable: 'Escolha outra senha: esta está entre as primeiras que alguém tentaria.',
    },
  },
  forgotten: {
    title: 'Senha esquecida',
    lead: 'Enviamos a você um link para escolher uma nova.',
    incomplete: 'Digite seu endereço de e-mail.',
    tooMany: 'Houve pedidos demais. Espere um minuto e tente de novo.',
    send: 'Enviar o link',
    sent: 'Veja seus e-mails',
    sentLead: (email) =>
      `Se ${email} tem uma conta aqui, um e-mail com um link está a caminho. O link funciona por meia hora.`,
    sentAdvice: 'Não chegou nada? Procure na caixa de spam e confira se o endereço está certo.',
    noMail: 'Esta instalação não envia e-mails, por isso não pode enviar um link a você.',
    noMailAdvice: 'Peça ajuda a quem a administra.',
  },
  reset: {
    title: 'Escolha uma nova senha',
    lead: (email) =>
      `Para ${email}. Quem estiver conectado a esta conta será desconectado em todos os lugares.`,
    change: 'Trocar a senha',
    done: 'Senha trocada',
    doneHeading: 'Sua senha foi trocada',
    doneLead: 'Você foi desconectado em todos os lugares.',
    signIn: 'Entrar com a nova',
    gone: 'Link encerrado',
    goneHeading: 'Este link não vale mais',
    goneLead: 'Ele já foi usado ou tem mais de meia hora.',
    another: 'Pedir outro',
  },
  invitation: {
    title: (tenant) => `Participar de ${tenant}`,
    welcome: (email) => `Você foi convidado como ${email}. Crie uma conta para participar.`,
    name: 'Seu nome',
    nameRefused: 'Digite seu nome como os outros aqui devem vê-lo: de 1 a 100 caracteres.',
    known: (email) =>
      `Você foi convidado como ${email} e já tem uma conta aqui. Digite a senha dela para participar.`,
    password: 'Senha',
    passwordMissing: 'Digite sua senha.',
    passwordRefused:
      'Essa senha não funcionou, ou houve tentativas demais. Espere um minuto e tente de novo.',
    forgotten: 'Esqueci minha senha',
    join: 'Participar',
    joined: 'Você agora participa',
    joinedHeading: (tenant) => `Você agora participa de ${tenant}`,
    joinedLead: (email) => `De agora em diante, entre como ${email}.`,
    goOn: 'Continuar',
    gone: 'Convite encerrado',
    goneHeading: 'Este convite não vale mais',
    goneLead: 'Ele já foi aceito, foi retirado ou tem mais de uma semana.',
    goneAdvice: 'Se você já participa, entre. Se não, peça outro a quem convidou você.',
  },
};
