// Brazilian Portuguese.
import { account } from './account/pt.ts';
import { arriving } from './arriving/pt.ts';
import { mailed } from './mailed/pt.ts';
import { personal } from './personal/pt.ts';
import type { Words } from './words.ts';

export const pt: Words = {
  language: 'pt',
  account,
  arriving,
  mailed,
  personal,
  lang: 'pt-BR',
  error: (title) => `Erro: ${title}`,
  next: 'Continuar',
  cancel: 'Cancelar',
  goingOnTo: (client) => `para continuar em ${client}`,
  application: 'o aplicativo',
  signIn: {
    title: 'Entrar',
    email: 'Endereço de e-mail',
    password: 'Senha',
    passkey: 'Entrar com uma chave de acesso',
    singleSignOn: 'Usar login único',
    forgotten: 'Esqueci minha senha',
    incomplete: 'Digite seu endereço de e-mail e sua senha.',
    refused:
      'Esse endereço de e-mail e essa senha não funcionaram, ou houve tentativas demais. Confira os dois, espere um minuto e tente de novo.',
    passkeyRefused: 'Essa chave de acesso não funcionou. Tente de novo ou entre sem ela.',
  },
  passkeyUnused: 'A chave de acesso não foi usada. Tente de novo ou continue sem ela.',
  secondFactor: {
    title: 'Confirme que é você',
    passkey: 'Usar uma chave de acesso',
    app: 'Código do seu aplicativo autenticador',
    useRecovery: 'Usar um código de recuperação',
    recovery: 'Código de recuperação',
    incomplete: 'Digite um código.',
    refused:
      'Esse código não funcionou, ou houve tentativas demais. Cada código funciona uma vez. Espere o próximo e tente de novo.',
    locked:
      'Houve códigos errados demais, por isso nenhum outro é aceito. Use uma chave de acesso ou um código de recuperação, ou volte e escolha uma nova senha (“Esqueci minha senha”): depois disso os códigos voltam a funcionar.',
  },
  tenant: {
    title: 'Escolha uma organização',
    lead: (client) => `Você pertence a várias. ${client} vai atuar na que você escolher.`,
    legend: 'Organização',
    incomplete: 'Escolha uma das suas organizações.',
  },
  confirm: {
    title: 'Continuar?',
    heading: (client) => `Continuar em ${client}?`,
    lead: 'Um programa neste computador pede para agir em seu nome. Continue só se você mesmo acabou de iniciá-lo.',
  },
  consent: {
    title: 'Permitir acesso?',
    heading: (client) => `Permitir ${client}?`,
    lead: ({ client, tenant }) =>
      `${client} não é desta plataforma. Foi ${tenant} que o registrou. Se você permitir, ele pode`,
    act: (tenant) => `fazer em seu nome tudo o que você pode fazer em ${tenant}`,
    scopes: {
      openid: 'saber que é você',
      profile: 'ler seu nome',
      email: 'ler seu endereço de e-mail',
      offline_access: 'continuar enquanto você está fora, até você encerrá-lo onde vê suas sessões',
    },
    place: (host) => `Você segue para ${host}. Cancele se não queria ir para lá.`,
    allow: 'Permitir',
  },
  foreignClient: {
    title: 'Não é para você',
    heading: (client) => `Você não pode entrar em ${client}`,
    lead: 'Ele pertence a uma organização da qual você não faz parte.',
    advice: 'Volte ao aplicativo de onde você veio ou fale com quem o administra.',
  },
  expired: {
    title: 'Entrada expirada',
    heading: 'Esta entrada expirou',
    lead: 'Ela ficou aberta tempo demais, já foi concluída ou começou em outro navegador.',
    advice: 'Volte ao aplicativo de onde você veio e entre de novo.',
  },
  signOut: {
    title: 'Sair?',
    lead: 'Você vai sair de todos os aplicativos neste navegador.',
    yes: 'Sair',
    no: 'Continuar conectado',
    done: 'Você saiu',
    doneHeading: 'Você saiu',
    doneLead: 'Você pode fechar esta página.',
  },
  failure: {
    title: 'Isso não funcionou',
    ours: 'Algo deu errado do nosso lado.',
    advice:
      'Volte ao aplicativo de onde você veio e entre de novo. Se acontecer outra vez, avise quem o administra.',
    notNow: 'Não é possível agora',
    back: 'Volte e tente de novo.',
    form: 'O que foi enviado não é um formulário desta página ou é grande demais.',
    busy: 'Há movimento demais, ou falta uma parte necessária. Espere um momento.',
    unexpected: (trace) =>
      `Algo deu errado do nosso lado. Informe o rastreio ${trace} ao relatar o problema.`,
  },
};
