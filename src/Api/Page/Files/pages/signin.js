import { h } from '../dom.js';
import { get, post } from '../api.js';
import { note } from '../parts.js';

// A login link opens a tab of its own: the page that was wanted is told to it by the browser, for as long as a link is good.
const Wanted = 'wanted', Kept = 10 * 60_000;

/** What to do to get in: the link's button, the identity provider's, or the command that prints a link. */
export async function page(answer) {
  const me = answer ?? await get('/api/me').catch(() => ({ ways: [] }));
  const code = location.pathname === '/login' ? location.hash.slice(1) : '';
  if (code) {
    // The code is good once; it stands in no history and no bookmark.
    history.replaceState(null, '', '/login');
  }
  const way = (me.ways ?? []).find((one) => one.kind !== 'link' && one.start);
  const hasLink = (me.ways ?? []).some((one) => one.kind === 'link') || (me.ways ?? []).length === 0;
  const back = location.pathname === '/login' ? '/' : location.pathname + location.search;
  if (!code && back !== '/') localStorage.setItem(Wanted, JSON.stringify({ path: back, at: Date.now() }));
  if (!code) watch();
  return h('main', { id: 'main', class: 'alone' },
    h('div', { class: 'card sign-in' },
      h('img', { src: new URL('../icon.svg', import.meta.url).href, alt: '', width: 40, height: 40 }),
      h('h1', {}, code ? 'Sign in with this link?' : 'Sign in to Rotunda'),
      code ? withCode(code) : [
        answer ? null : note('ask', 'Your session has ended, or you signed out in another tab.'),
        way ? h('a', { class: 'button primary', href: `${way.start}${way.start.includes('?') ? '&' : '?'}return=${encodeURIComponent(back)}` },
          'Sign in with your identity provider') : null,
        hasLink ? [
          h('p', {}, way ? 'Or, on the machine where the server runs:' : 'On the machine where the server runs, type this. It prints a link that works once:'),
          h('pre', {}, h('code', {}, 'rotunda login')),
          h('p', { class: 'faint' }, 'Open the link in this browser. Who has no token asks an admin for one.')] : null,
      ]));
}

/** Who signed in in another tab need not do so here. */
function watch() {
  const look = async () => {
    if (document.visibilityState !== 'visible' || !(await get('/api/me').catch(() => ({}))).signedIn) return;
    document.removeEventListener('visibilitychange', look);
    location.replace(location.pathname === '/login' ? '/' : location.href);
  };
  document.addEventListener('visibilitychange', look);
  // A link that is opened in this very tab, at its own address, does not load the page anew.
  addEventListener('hashchange', () => location.reload());
}

/** An address of this page, and of none else. */
function wanted() {
  try {
    const { path, at } = JSON.parse(localStorage.getItem(Wanted));
    const url = new URL(path, location.origin);
    return Date.now() - at < Kept && url.origin === location.origin && url.pathname !== '/login' ? url.pathname + url.search : '/';
  } catch {
    return '/';
  }
}

function withCode(code) {
  const next = wanted();
  const problem = h('div', { role: 'alert' });
  const button = h('button', { type: 'button', class: 'primary', onclick: async () => {
    button.disabled = true;
    try {
      await post('/api/session', { code });
      // Some browsers keep no Secure cookie of a plain http address, not even of this machine.
      if (!(await get('/api/me')).signedIn) throw new Error('This browser did not keep the sign-in. Use Chrome, Edge or Firefox here, or an https address.');
      localStorage.removeItem(Wanted);
      location.assign(next);
    } catch (failure) {
      button.hidden = true;
      problem.replaceChildren(note('bad', failure.message), h('p', {}, 'Ask for another one: ', h('code', {}, 'rotunda login')));
    }
  } }, 'Sign in');
  return [
    h('p', { class: 'faint' }, 'Only if you asked for it yourself. It works once.'),
    next === '/' ? null : h('p', { class: 'faint' }, 'You then come to the page that you wanted: ', h('code', {}, next)),
    button, problem];
}
