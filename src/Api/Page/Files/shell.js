import { h, s } from './dom.js';
import { post } from './api.js';
import { ask } from './dialog.js';

export const me = { name: '', roles: [], may: new Set() };

export function setMe(answer) {
  me.name = answer.person ?? answer.subject ?? '';
  me.roles = answer.roles;
  me.may = new Set(answer.may);
  me.signOut = answer.signOut;
  me.seesAll = answer.seesAll;
}

export const may = (permission) => me.may.has(permission);

const places = [
  ['/', 'Home', 'h'],
  ['/secrets', 'Secrets', 's'],
  ['/rotations', 'Rotations', 'r'],
  ['/incidents', 'Incidents', 'i'],
  ['/campaigns', 'Campaigns', 'm'],
  ['/audit', 'Audit', 'a'],
  ['/catalog', 'Catalog', 'c'],
  ['/reports', 'Reports', 'p'],
  ['/tokens', 'Tokens', 't', 'administer'],
];

/** Those that are for whoever is signed in. */
const mine = () => places.filter(([, , , permission]) => !permission || may(permission));

const glyphs = {
  Home: 'M2.5 7.5L8 3l5.5 4.5V13H9.8V9.6H6.2V13H2.5z',
  Secrets: 'M5.2 7.2a2.7 2.7 0 1 0 0 1.6h8.3M11.4 8.8v2',
  Rotations: 'M12.8 6A5.2 5.2 0 1 0 13.2 8M13.4 3.2V6h-2.8',
  Incidents: 'M8 2.4l6 10.8H2zM8 6.6v3M8 11.2v.4',
  Campaigns: 'M2.6 4h3M2.6 8h3M2.6 12h3M8 4h5.4M8 8h5.4M8 12h5.4',
  Audit: 'M4 2.6h8v10.8H4zM6 5.6h4M6 8h4M6 10.4h2.4',
  Catalog: 'M3 3.4h10M3 8h10M3 12.6h6',
  Tokens: 'M3 6h10v4H3zM5 8h.2M8 8h3',
  Reports: 'M3 13V8.4M6.4 13V4M9.8 13V6.6M13.2 13v-3',
};

export function shell() {
  const nav = h('nav', { 'aria-label': 'Pages' }, mine().map(([href, name, key]) =>
    h('a', { href, 'data-place': href, title: `${name} (g ${key})` },
      s('svg', { viewBox: '0 0 16 16', class: 'glyph', 'aria-hidden': 'true' }, s('path', { d: glyphs[name] })), name)));
  const search = h('input', {
    id: 'search', type: 'search', placeholder: 'Search secrets', 'aria-label': 'Search secrets', autocomplete: 'off', spellcheck: 'false',
  });
  const form = h('form', { role: 'search', class: 'search', onsubmit: (event) => {
    event.preventDefault();
    const words = search.value.trim();
    go(words ? `/secrets?q=${encodeURIComponent(words)}` : '/secrets');
  } }, search, h('kbd', { 'aria-hidden': 'true' }, '/'));
  const banner = h('div', { class: 'banner', role: 'status', hidden: true });
  const main = h('main', { id: 'main', tabindex: '-1' });
  const who = h('div', { class: 'who' },
    h('span', { class: 'who-name' }, me.name), h('span', { class: 'faint' }, me.roles.join(', ')),
    h('button', { class: 'quiet keys-button', type: 'button', onclick: () => keys() }, 'Keys', h('kbd', { 'aria-hidden': 'true' }, '?')),
    h('button', { class: 'quiet', type: 'button', onclick: signOut }, 'Sign out'));
  return {
    main,
    banner,
    node: h('div', { class: 'shell' },
      h('header', {}, h('a', { href: '/', class: 'brand' },
        h('img', { src: new URL('./icon.svg', import.meta.url).href, alt: '', width: 22, height: 22 }), 'Rotunda'), form, who),
      h('div', { class: 'side' }, nav),
      h('div', { class: 'content' }, banner, main)),
  };
}

/** Addresses that belong to a page of another name. */
const under = { approve: '/rotations', provide: '/rotations', orphans: '/catalog', doctor: '/catalog', calendar: '/' };

export function markPlace(address) {
  const path = under[address.split('/')[1]] ?? address;
  for (const link of document.querySelectorAll('[data-place]')) {
    const place = link.dataset.place;
    const here = place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
    if (here) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    } else link.removeAttribute('aria-current');
  }
}

let navigate = () => {};
export const onGo = (handler) => { navigate = handler; };
export const go = (path) => navigate(path);

async function signOut() {
  try { await post('/api/session/end'); } catch { /* it has ended already */ }
  location.assign(me.signOut ?? '/');
}

const shortcuts = () => [
  ['/', 'Search secrets'],
  ['?', 'Show these keys'],
  ...mine().map(([, name, key]) => [`g then ${key}`, name]),
  ['j and k', 'Next and previous line of a list; Enter opens it'],
  ['Esc', 'Close a dialog, leave the search'],
];

function keys() {
  if (document.querySelector('dialog[open]')) return;
  const dialog = h('dialog', { 'aria-labelledby': 'keys-title', class: 'keys', onclose: () => dialog.remove() },
    h('h2', { id: 'keys-title' }, 'Keys'),
    h('dl', { class: 'keys-list' }, shortcuts().map(([key, does]) => h('div', {}, h('dt', {}, key.split(' ').map((word) =>
      word === 'then' || word === 'and' ? ` ${word} ` : h('kbd', {}, word))), h('dd', {}, does)))),
    h('div', { class: 'buttons' }, h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, 'Close')));
  document.body.append(dialog);
  dialog.showModal();
}

let waiting = false;

export function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest?.('input, textarea, select');
  if (field) {
    if (event.key === 'Escape' && field.id === 'search') field.blur();
    return;
  }
  if (document.querySelector('dialog[open]')) return;
  if (waiting) {
    waiting = false;
    const place = mine().find(([, , key]) => key === event.key);
    if (place) go(place[0]);
    return;
  }
  const act = { '/': () => document.getElementById('search')?.focus(), '?': keys, 'g': () => { waiting = true; setTimeout(() => { waiting = false; }, 1500); },
    'j': () => step(1), 'k': () => step(-1) }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

/** Lines that can be walked have a link with data-line. */
function step(by) {
  const lines = [...document.querySelectorAll('[data-line]')];
  const at = lines.indexOf(document.activeElement);
  const next = lines[at < 0 ? (by > 0 ? 0 : lines.length - 1) : Math.min(lines.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
