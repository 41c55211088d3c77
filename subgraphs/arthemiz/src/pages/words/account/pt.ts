import type { account as english } from './en.ts';

export const account: typeof english = {
  security: {
    title: 'Segurança',
    lead: (email) => `Como ${email} entra`,
    sessions: 'Onde você está conectado',
    profile: 'Seu nome e seu endereço de e-mail',
    password: 'Senha',
    changePassword: 'Trocar a senha',
    app: 'Aplicativo autenticador',
    whyApp: 'Com um aplicativo no seu telefone, uma senha roubada não basta para entrar como você.',
    appSince: (day) => `Um código do seu aplicativo é pedido desde ${day}.`,
    passkeys: 'Chaves de acesso',
    whyPasskey: 'Com uma chave de acesso você entra pela digital, pelo rosto ou pelo PIN do seu aparelho.',
    passkey: (name, added) => `${name}, adicionada em ${added},`,
    lastUsed: (day) => `usada pela última vez em ${day}`,
    notUsed: 'ainda não usada',
    remove: 'Remover',
    removePasskey: (name) => `Remover a chave de acesso ${name}`,
    recovery: 'Códigos de recuperação',
    recoveryLeft: (count) =>
      count === 1
        ? 'Resta 1. Ele deixa você entrar uma vez sem o seu segundo fator.'
        : `Restam ${count}. Cada um deixa você entrar uma vez sem o seu segundo fator.`,
  },
  links: {
    title: 'Login único',
    link: (connection, tenant) => `${connection} conecta você a ${tenant}`,
    used: (since, lastUsed) => `Desde ${since}, última vez em ${lastUsed}.`,
    stays: {
      required: 'Não pode ser desfeito: sua organização só deixa seu endereço entrar por aqui.',
      'only-way': 'Não pode ser desfeito: nada mais deixaria você entrar.',
    },
    end: 'Desfazer',
    endLink: (connection) => `Desfazer o vínculo com ${connection}`,
    endTitle: 'Desfazer o vínculo',
    explanation: (connection, tenant) =>
      `Onde quer que ${connection} tenha conectado você a ${tenant}, será preciso entrar de novo, e você perde o que pode fazer lá só pelos seus grupos em ${connection}. Você continua membro. Se entrar por ele de novo, o vínculo volta.`,
  },
  managed: {
    title: 'Gerenciado pela sua organização',
    heading: 'Sua organização faz a sua entrada',
    lead: 'Você veio pelo provedor de identidade da sua organização, que decide como você entra lá.',
    ownWay: 'Para mudar como você entra aqui, saia e entre com uma senha ou uma chave de acesso sua.',
    choosePassword: 'Não tenho nenhuma: escolher uma senha',
    signOut: 'Sair',
  },
  sessions: {
    title: 'Onde você está conectado',
    lead: (email) => `Como ${email}. Se não reconhece alguma destas sessões, encerre-a e`,
    changePassword: 'troque sua senha',
    thisBrowser: '(este navegador)',
    browser: (browser, system) => `${browser} no ${system}`,
    from: (network) => `De ${network}.`,
    used: (signedIn, lastUsed) => `Entrada em ${signedIn}, último uso em ${lastUsed}.`,
    end: 'Encerrar',
    endSession: (name, signedIn) => `Encerrar ${name}, entrada em ${signedIn}`,
    endOthers: 'Encerrar todas as outras',
  },
  proof: {
    password: 'Sua senha',
    incomplete: 'Preencha tudo o que é pedido.',
    refused:
      'Isso não funcionou, ou houve tentativas demais. Confira o que digitou, espere um minuto e tente de novo.',
  },
  addApp: {
    title: 'Adicionar um aplicativo autenticador',
    explanation: 'A partir daí, um código do aplicativo é pedido sempre que você entra.',
  },
  removeApp: {
    title: 'Remover o aplicativo autenticador',
    explanation:
      'Seus códigos não serão mais pedidos. Sem outro segundo fator, seus códigos de recuperação também deixam de valer.',
  },
  addPasskey: {
    title: 'Adicionar uma chave de acesso',
    explanation: 'Com ela você entra pela digital, pelo rosto ou pelo PIN do seu aparelho, sem senha.',
    name: 'Como você a chama, por exemplo o nome do aparelho',
    unnamed: 'Chave de acesso',
    create: 'Criar a chave de acesso',
    script:
      'Seu navegador precisa executar o script desta página para criar uma chave de acesso. Um aplicativo autenticador funciona sem ele.',
    again: 'Tentar de novo',
    refusals: {
      refused: 'Essa chave de acesso não pôde ser adicionada. Tente de novo ou use outro aparelho.',
      'too-many': 'Você já tem o máximo de chaves de acesso. Remova uma antes.',
    },
  },
  removePasskey: {
    title: 'Remover uma chave de acesso',
    explanation: (name) =>
      `Você não poderá mais entrar com “${name}”. Sem outro segundo fator, seus códigos de recuperação também deixam de valer.`,
  },
  changePassword: {
    explanation: 'Você continua conectado aqui. Em todos os outros lugares será preciso entrar de novo.',
  },
  renewRecovery: {
    title: 'Gerar novos códigos de recuperação',
    explanation: 'Os códigos que você tem agora deixarão de funcionar.',
    action: 'Gerar novos códigos',
  },
  recoveryCodes: {
    title: 'Seus códigos de recuperação',
    lead: 'Cada um deixa você entrar uma vez, se perder seu segundo fator. Eles só aparecem agora: imprima-os ou guarde-os em um gerenciador de senhas.',
    kept: 'Já os guardei',
  },
  enrolment: {
    title: 'Configure seu aplicativo autenticador',
    required: 'Esta organização pede um segundo fator a todos, e você ainda não tem nenhum.',
    scan: 'Leia isto com um aplicativo como Google Authenticator, 1Password ou Aegis.',
    qrCode: 'Código QR da chave que está escrita abaixo',
    key: 'Ou digite esta chave nele:',
    code: 'O código que seu aplicativo mostra agora',
    confirm: 'Confirmar',
    tooLate: 'Isso demorou demais. Leia o novo código QR e remova a entrada anterior do seu aplicativo.',
    wrongCode:
      'Esse não é o código que seu aplicativo deveria mostrar agora. Espere o próximo e tente de novo.',
  },
  profile: {
    title: 'Perfil',
    name: 'Seu nome',
    nameRefused: 'Digite seu nome como os outros aqui devem vê-lo: de 1 a 100 caracteres.',
    language: 'Idioma destas páginas e dos seus e-mails',
    browsers: 'O que o navegador pedir',
    save: 'Salvar',
    saved: 'Salvo.',
    verified: (day) => `Confirmado em ${day}.`,
    unverified: 'Ainda não confirmado.',
    verify: 'Enviar um link para confirmá-lo',
  },
  email: {
    title: 'Mudar o endereço de e-mail',
    explanation: (email) =>
      `Enviamos um link para o novo endereço. Depois de abri-lo, você entra com ele no lugar de ${email}.`,
    newAddress: 'Novo endereço de e-mail',
    send: 'Enviar o link',
    incomplete: 'Digite o novo endereço de e-mail.',
    same: 'Esse já é o seu endereço. Digite outro.',
    hindrances: {
      kept: 'Sua organização faz este endereço entrar pelo provedor de identidade dela, por isso ele não pode ser mudado aqui.',
      given:
        'Endereços desse domínio entram pelo provedor de identidade da organização deles. Entre por ele.',
    },
    noMail: 'Esta instalação não envia e-mails, por isso não pode enviar um link a um endereço.',
    tooMany: 'Já enviamos vários links a você. Use o último ou espere um pouco e tente de novo.',
    sent: 'Veja seus e-mails',
    sentLead: (email) =>
      `Se ${email} pode ser ou já é o seu endereço, um e-mail com um link está a caminho de lá. O link funciona por uma hora.`,
    until: (email) => `Até abri-lo, você entra como ${email}.`,
    sentAdvice: 'Não chegou nada? Procure na caixa de spam e confira se o endereço está certo.',
    confirm: 'Confirmar o endereço',
    confirmOwn: (email) => `Confirme que ${email} é seu.`,
    confirmNew: (from, to) =>
      `A partir daí você entra com ${to} no lugar de ${from}. Você continua conectado onde está.`,
    gone: (email) =>
      `Este link não vale mais ou é de outra conta, e não de ${email}, à qual você está conectado.`,
    taken: 'Alguém já tem uma conta com esse endereço. Nada foi mudado.',
  },
  notFound: { title: 'Não encontrada', heading: 'Esta página não existe' },
  notSignedIn: {
    title: 'Não conectado',
    heading: 'Você não está conectado',
    lead: 'Esta página é sobre a sua conta, por isso é preciso entrar para vê-la.',
  },
  expired: {
    title: 'Página expirada',
    heading: 'Esta página expirou',
    lead: 'Você entrou de novo depois que ela foi aberta, ou ela veio de outro navegador. Nada foi mudado.',
    again: 'Começar de novo',
  },
};
