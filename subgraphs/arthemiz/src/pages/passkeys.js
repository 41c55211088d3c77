// Lets the buttons of our pages use a passkey. Where this does not run the buttons stay hidden and all else works.

for (const button of document.querySelectorAll('button[data-passkey]')) {
  if (window.PublicKeyCredential === undefined) break;
  button.hidden = false;
  button.addEventListener('click', () => usePasskey(button));
}

async function usePasskey(button) {
  const { form, dataset } = button;
  const failure = form.querySelector('[data-passkey-failure]');
  failure.hidden = true;
  if (!form.reportValidity()) return;
  button.disabled = true;
  try {
    const options = JSON.parse(dataset.options);
    const credential =
      dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: creation(options) })
        : await navigator.credentials.get({ publicKey: request(options) });
    form.elements.credential.value = JSON.stringify(answer(credential));
    form.submit();
  } catch {
    // Browsers do not say why, so that pages learn nothing of what a person has.
    failure.hidden = false;
    button.disabled = false;
  }
}

function creation({ challenge, user, excludeCredentials, ...options }) {
  return {
    ...options,
    challenge: decode(challenge),
    user: { ...user, id: decode(user.id) },
    excludeCredentials: excludeCredentials.map(descriptor),
  };
}

function request({ challenge, allowCredentials, ...options }) {
  return { ...options, challenge: decode(challenge), allowCredentials: allowCredentials.map(descriptor) };
}

function descriptor({ id, ...rest }) {
  return { ...rest, id: decode(id) };
}

function answer({ id, rawId, type, response }) {
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = response;
  const members = { clientDataJSON, attestationObject, authenticatorData, signature, userHandle };
  const present = Object.entries(members).filter(([, value]) => value instanceof ArrayBuffer);
  return {
    id,
    rawId: encode(rawId),
    type,
    clientExtensionResults: {},
    response: {
      ...Object.fromEntries(present.map(([name, value]) => [name, encode(value)])),
      transports: response.getTransports?.(),
    },
  };
}

function decode(base64url) {
  const bytes = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}

function encode(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
