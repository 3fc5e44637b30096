import { h } from '../dom.js';
import { get, post, part } from '../api.js';
import { ago } from '../time.js';
import { count } from '../words.js';
import { section, empty, table, note, copyable } from '../parts.js';
import { ask } from '../dialog.js';

const ROLES = [
  ['viewer', 'viewer: reads'], ['operator', 'operator: starts and steers rotations'],
  ['approver', 'approver: approves and rejects'], ['admin', 'admin: all of it'],
];
const LIVES = { name: 'expires', label: 'Ends after', type: 'line', required: true, value: '90d', hint: 'For example 12h or 90d; never for no end.' };

/** Who may come in: tokens, and the browsers that are signed in. */
export function page({ refresh }) {
  // Shown until the page is left or it is hidden; kept nowhere.
  let made = null;
  const all = h('input', { id: 'ended', type: 'checkbox', onchange: () => refresh(true) });
  return {
    title: () => 'Tokens',
    // Each look is on record.
    still: true,
    async load() {
      const [{ tokens }, { sessions }] = await Promise.all([get('/api/tokens'), get('/api/sessions')]);
      return { tokens, sessions, made: made?.name, ended: document.getElementById('ended')?.checked ?? false };
    },
    render: ({ tokens, sessions, ended }) => {
      all.checked = ended;
      const good = tokens.filter(isGood);
      return [
        h('div', { class: 'head' }, h('div', {}, h('h1', {}, 'Tokens'),
          h('p', { class: 'lead' }, 'Who may come in: programs by their tokens, people by their browsers. Each look at this page is on record.')),
        h('div', { class: 'buttons' }, h('button', { type: 'button', class: 'primary', 'data-key': 'make', onclick: () => make((it) => { made = it; }, refresh) }, 'Make a token…'))),
        made ? shown(made, () => { made = null; refresh(true); }) : null,
        section('Tokens', { count: good.length, aside: tokens.length > good.length ? h('label', { class: 'faint', for: 'ended' }, all, ' ended ones too') : null },
          good.length === 0 && !ended
            ? empty('No token is good.', 'A program, or a person’s command line, comes in with a token. Make one here or with: rotunda token create.')
            : table('Tokens', ['Token', 'Role', 'For', 'Made', 'Last used', 'Ends', 'Actions'], (ended ? tokens : good).map((one) => row(one, refresh)))),
        section('Signed in', { count: sessions.length },
          sessions.length === 0
            ? empty('No browser is signed in.', 'Whoever signs in is listed here until they sign out, or their session ends.')
            : table('Browsers that are signed in', ['Person', 'By', 'Since', 'Last used', 'Ends', 'Actions'], sessions.map((one) => session(one, sessions, refresh)))),
      ];
    },
  };
}

const isGood = (token) => !token.revokedAt && !(token.expiresAt && Date.parse(token.expiresAt) <= Date.now());

function shown(made, hide) {
  return note('ask',
    h('p', {}, h('b', {}, `The token ${made.name}. `), 'It is shown this once. Copy it now: it cannot be shown again, only another one made.'),
    h('p', { class: 'new-token' }, copyable(made.token)),
    h('button', { type: 'button', class: 'small', 'data-key': 'hide', onclick: hide }, 'I have it'));
}

function make(put, refresh) {
  return ask({
    title: 'Make a token', button: 'Make it',
    text: 'It is shown once. Its name stands in the audit for all that is done with it.',
    fields: [
      { name: 'name', label: 'Name', type: 'line', required: true, hint: 'Letters, digits, dots, dashes, @. No name is used twice.' },
      { name: 'role', label: 'Role', options: ROLES, required: true },
      { name: 'owner', label: 'Whose it is', type: 'line', hint: 'The person, if it is not named after that one: nobody approves what they asked for, with whatever token.' },
      { name: 'on', label: 'For which secrets', type: 'line', hint: 'For example: owner=platform tag=payments. Left out: all. Not with admin.' },
      LIVES,
    ],
    send: async ({ name, role, owner, on, expires }) => {
      put(await post('/api/tokens', { name, role, expires, ...(owner ? { owner } : {}), ...(on ? { on: on.split(/\s+/) } : {}) }));
      refresh(true);
    },
  });
}

function row(token, refresh) {
  const live = !token.revokedAt;
  return [
    [h('b', {}, token.name), token.owner !== token.name ? h('div', { class: 'faint' }, `of ${token.owner}`) : null],
    token.role,
    token.on ? token.on.map((one) => h('div', {}, h('code', {}, one))) : 'all secrets',
    [ago(token.createdAt), h('div', { class: 'faint' }, token.madeBy ? `by ${token.madeBy}` : 'on the server’s machine')],
    token.usedAt ? ago(token.usedAt) : h('span', { class: 'faint' }, 'never'),
    token.revokedAt ? [h('span', { class: 'faint' }, 'revoked '), ago(token.revokedAt)]
      : token.expiresAt ? [ago(token.expiresAt), token.renewsItself ? h('div', { class: 'faint' }, 'renews itself') : null] : 'never',
    live ? h('div', { class: 'buttons left' },
      h('button', { type: 'button', class: 'small', 'aria-label': `Renew ${token.name}`, 'data-key': `renew-${token.name}`, onclick: () => ask({
        title: `Renew ${token.name}`, text: 'It gets another end, counted from now. Its text stays.', button: 'Renew', fields: [LIVES],
        send: async ({ expires }) => { await post(`/api/tokens/${part(token.name)}/renew`, { expires }); refresh(true); } }) }, 'Renew'),
      h('button', { type: 'button', class: 'small danger', 'aria-label': `Revoke ${token.name}`, 'data-key': `revoke-${token.name}`, onclick: () => ask({
        title: `Revoke ${token.name}?`, text: 'It ends at once, with the browsers that are signed in by it. What uses it is turned away from then on.',
        button: 'Revoke', look: 'danger', fields: [],
        send: async () => { await post(`/api/tokens/${part(token.name)}/revoke`); refresh(true); } }) }, 'Revoke')) : '',
  ];
}

function session(one, sessions, refresh) {
  const others = sessions.filter((other) => other.person === one.person).length;
  const end = (body, text) => ask({
    title: `Sign ${one.person} out?`, text, button: 'Sign out', look: 'danger', fields: [],
    send: async () => { await post('/api/sessions/end', body); refresh(true); },
  });
  return [
    [h('b', {}, one.person), one.isYours ? h('div', { class: 'faint' }, 'this browser') : null],
    [one.by === 'link' ? 'login link' : 'identity provider', one.by === 'link' && one.subject !== one.person ? h('div', { class: 'faint' }, one.subject) : null],
    ago(one.startedAt), ago(one.usedAt), ago(one.idleEndsAt),
    h('div', { class: 'buttons left' },
      h('button', { type: 'button', class: 'small danger', 'aria-label': `Sign out ${one.person}, session ${one.id}`, 'data-key': `end-${one.id}`,
        onclick: () => end({ id: one.id }, 'This browser is signed out at once. The token or the identity provider lets the person in again.') }, 'Sign out'),
      others > 1 ? h('button', { type: 'button', class: 'small danger', 'aria-label': `Sign out ${one.person} everywhere (${one.id})`, 'data-key': `all-${one.id}`,
        onclick: () => end({ person: one.person }, `All ${count(others, 'browser')} of ${one.person} are signed out at once.`) }, 'Everywhere') : null),
  ];
}
