import type { arriving as english } from './en.ts';

export const arriving: typeof english = {
  sso: {
    title: 'Login único',
    lead: (connection) => `Você continua no provedor de identidade da sua organização: ${connection}.`,
    emailMissing: 'Digite seu endereço de e-mail.',
    noConnection: 'Não há login único para o domínio desse endereço. Confira-o ou digite sua senha.',
    away: 'O provedor de identidade da sua organização não responde. Tente de novo mais tarde ou avise quem o administra.',
    ended:
      'Essa entrada no seu provedor de identidade não vale mais ou veio de outro navegador. Tente de novo.',
  },
  ownership: {
    title: 'Esta conta é sua?',
    lead: (connection, email) =>
      `${connection} diz que você é ${email}, que já tem uma conta aqui. Digite a senha dela uma vez; depois disso você entra por ${connection}.`,
    password: 'Senha da conta',
    missing: 'Digite sua senha.',
    refused: 'Essa senha não funcionou, ou houve tentativas demais. Espere um minuto e tente de novo.',
  },
  notAdmitted: {
    title: 'Não admitido',
    heading: 'Você não foi admitido',
    advice: 'Fale com um administrador da sua organização e depois entre de novo.',
    reasons: {
      'no-email': 'Seu provedor de identidade não informou um endereço de e-mail verificado seu.',
      'foreign-domain': 'Seu endereço é de um domínio que não leva a este provedor de identidade.',
      'not-a-member':
        'Você não é membro desta organização, e o provedor de identidade dela não torna ninguém membro.',
      'linked-otherwise':
        'Seu endereço pertence a uma conta que é de outro usuário do seu provedor de identidade.',
      'no-proof': 'Seu endereço pertence a uma conta que não pode provar que é sua.',
      removed: 'Você foi removido desta organização. Quem a administra pode convidar você de novo.',
    },
  },
  notVouchedFor: {
    title: 'Não conectado',
    heading: 'Você não está conectado',
    lead: 'O provedor de identidade da sua organização não confirmou sua entrada, ou a resposta dele não corresponde ao pedido.',
    again: 'Tentar de novo',
    advice: 'Se acontecer outra vez, avise quem o administra.',
  },
  notAllowed: {
    title: 'Não permitido',
    heading: 'Esta organização não deixa você entrar',
    blocked: 'Você, ou a rede de onde você vem, está bloqueado aqui por causa de algo que foi encontrado.',
    blockedAdvice: 'Fale com quem cuida da segurança da sua organização.',
    network: 'Ela só deixa entrar a partir das redes dela, e você não está em nenhuma.',
    otherwise: 'Ela deixa entrar quem usa outra forma de entrar, como uma chave de acesso.',
    advice:
      'Volte ao aplicativo de onde você veio e entre da forma que ela pede, ou fale com um administrador.',
  },
  noTenant: {
    title: 'Nenhuma organização',
    heading: 'Você ainda não tem uma organização',
    lead: 'Sua conta não pertence a nenhuma organização, por isso não há onde entrar.',
    advice: 'Peça a um administrador da sua organização que adicione você e depois entre de novo.',
  },
  suspended: {
    title: 'Suspensa',
    heading: 'Sua organização está suspensa',
    lead: 'Quem administra esta plataforma a fechou, por isso ninguém dela pode entrar no momento.',
    advice: 'Nada foi perdido. Fale com um administrador da sua organização.',
  },
  device: {
    title: 'Conectar um aparelho',
    code: 'Código que seu aparelho mostra',
    yours: 'Este aparelho é seu?',
    asks: (client) => `${client} pede para agir em seu nome, em um aparelho que mostra o código`,
    from: (address) => `O pedido veio do endereço ${address}.`,
    fromUnknown: 'Ninguém sabe de que endereço veio o pedido.',
    warning:
      'Continue só se você vê este código em um aparelho seu. Ninguém mais tem motivo para enviar um a você.',
    done: 'Aparelho conectado',
    doneHeading: 'Seu aparelho está conectado',
    doneLead: 'Volte a ele. Você pode fechar esta página.',
    problems: {
      NoCodeError: 'Digite o código que seu aparelho mostra.',
      NotFoundError: 'Nenhum aparelho mostra este código. Confira-o e tente de novo.',
      ExpiredError: 'Este código expirou. Peça um novo no seu aparelho.',
      AlreadyUsedError: 'Este código já foi usado. Peça um novo no seu aparelho.',
      AbortedError: 'Você cancelou. O aparelho não recebe acesso.',
    },
    ours: 'Algo deu errado do nosso lado. Tente de novo.',
    other: 'Isso não funcionou. Digite o código de novo ou peça um novo no seu aparelho.',
  },
};
