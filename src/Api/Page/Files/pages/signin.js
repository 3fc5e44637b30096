import { h } from '../dom.js';
import { get } from '../api.js';

/** What to do to get in; and the identity provider's button where there is one. */
export async function page() {
  let ways = {};
  try { ways = await get('/api/session'); } catch { /* a head that has one way only */ }
  const back = encodeURIComponent(location.pathname + location.search);
  return h('main', { id: 'main', class: 'alone' },
    h('div', { class: 'card sign-in' },
      h('img', { src: '/assets/icon.svg', alt: '', width: 40, height: 40 }),
      h('h1', {}, 'Sign in to Rotunda'),
      ways.openIdConnect || ways.signIn
        ? [h('a', { class: 'button primary', href: `${ways.signIn ?? '/signin'}?to=${back}` }, `Sign in with ${ways.name ?? 'your identity provider'}`),
          h('p', { class: 'faint' }, 'Or, on the machine where the server runs:')]
        : h('p', {}, 'On the machine where the server runs, type this. It prints a link that works once:'),
      h('pre', {}, h('code', {}, 'rotunda login')),
      h('p', { class: 'faint' }, 'Open the link in this browser. Whoever has no account asks an admin for one.'),
      h('p', {}, h('button', { type: 'button', onclick: () => location.reload() }, 'I have signed in'))));
}
