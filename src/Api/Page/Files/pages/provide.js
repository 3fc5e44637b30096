import { h } from '../dom.js';
import { get, post, background, part } from '../api.js';
import { countdown } from '../time.js';
import { brand, facts, note, list, link, rotationLink, secretLink } from '../parts.js';

const pace = 1000;

/** For people who are signed in. It shows what the plan asks for, and nothing that changes while somebody types. */
export function page({ id, refresh }) {
  return {
    title: () => `Give a value: ${id}`,
    load: async () => askedOf(await get(`/api/rotations/${part(id)}`)),
    render: (asked) => asked.state === 'open'
      ? form(asked, {
        send: async (value) => { await post(`/api/rotations/${part(id)}/provide`, { value }); },
        look: () => get(`/api/rotations/${part(id)}`).then(askedOf),
        back: () => refresh(true),
      }, [asked.mayGive ? oneTimeLink(id) : null])
      : h('div', { class: 'approve' }, heading(asked), ended(asked)),
  };
}

/** For whoever has a one-time link. The code stands in no history and no bookmark. */
export async function alone() {
  const codes = { now: location.hash.slice(1) };
  history.replaceState(null, '', location.pathname);
  const look = () => post('/api/forms/look', { code: codes.now });
  const frame = h('main', { id: 'main', class: 'alone wide' });
  const show = async () => {
    try {
      const asked = await look();
      document.title = `Give a value: ${asked.secret} · Rotunda`;
      frame.replaceChildren(brand(), asked.state === 'open' || asked.state === 'checking'
        ? form(asked, {
          send: async (value) => { codes.now = (await post('/api/forms/provide', { code: codes.now, value })).next ?? codes.now; },
          look,
          back: show,
        }, [])
        : h('div', { class: 'approve' }, heading(asked), ended(asked)));
    } catch (problem) {
      frame.replaceChildren(brand(), ...(problem.code === 'no-such-code'
        ? [h('h1', {}, 'This link lets nothing in'), note('ask', 'It was used, or its time has run out. If the value was refused, the newest mail has a link that works.'),
          h('p', {}, 'Without one, ask who sent it to you, or ', link(location.pathname, 'sign in and give it there'), '.')]
        : [h('h1', {}, 'Not now'), note('bad', problem.message, ' The link is still good.'), h('div', { class: 'buttons left' }, h('button', { type: 'button', onclick: show }, 'Try again'))]));
    }
  };
  await show();
  return frame;
}

function askedOf(view) {
  const step = view.plan.steps.find((one) => one.kind === 'Ask');
  const settings = step?.settings ?? {};
  const waits = view.rotation.state === 'waiting-for-value';
  const given = view.credentials.some((one) => one.state === 'Pending' && one.rotationNumber === view.rotation.number);
  return {
    rotationId: view.rotation.id,
    secret: view.rotation.secret,
    state: !step ? 'none' : waits ? (given ? 'checking' : 'open') : ['Pending', 'Active'].some((state) =>
      view.credentials.some((one) => one.state === state && one.rotationNumber === view.rotation.number)) ? 'accepted' : 'ended',
    create: settings.askCreate ?? step?.title,
    link: settings.link,
    scopes: (settings.askScopes ?? '').split(',').filter(Boolean),
    name: settings.askName,
    lineEnds: settings.askLineEnds === 'true',
    expiresAt: waits ? view.progress?.waitingUntil : null,
    problem: waits ? view.progress?.problem : null,
    mayGive: view.can.some((one) => one.verb === 'provide' && one.allowed),
    known: true,
  };
}

const heading = (asked) => [
  asked.known ? h('p', { class: 'crumb' }, rotationLink(asked.rotationId), ' · ', secretLink(asked.secret)) : null,
  h('h1', {}, `A new value for ${asked.secret}`),
];

function ended(asked) {
  const more = asked.known ? [' ', rotationLink(asked.rotationId, 'See where it is')] : [];
  return asked.state === 'accepted' ? note('ok', 'The value works, and Rotunda goes on by itself. There is nothing more to do here.', ...more)
    : asked.state === 'checking' ? note('ask', 'A value was given, and is tried now.', ...more)
      : asked.state === 'none' ? note('ask', 'Nobody is asked for a value here: Rotunda makes it.', ...more)
        : note('ask', 'The rotation asks for no value now: it has ended, or has not come that far.', ...more);
}

function form(asked, { send, look, back }, more) {
  const shown = { id: 'value', name: 'value', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off', 'aria-describedby': 'value-hint' };
  const value = asked.lineEnds ? h('textarea', { ...shown, rows: 4, class: 'masked' }) : h('input', { ...shown, type: 'password' });
  const problem = h('div', { role: 'alert' }, asked.problem ? note('bad', asked.problem) : null);
  const state = h('div', { role: 'status' });
  const button = h('button', { type: 'submit', class: 'primary', disabled: asked.mayGive === false }, 'Give this value');
  const watch = async () => {
    if (!button.isConnected) return;
    try {
      const now = await background(look);
      if (now.state === 'open') {
        // Refused, perhaps with the same words as before: this form is still the one to use.
        problem.replaceChildren(note('bad', now.problem ?? 'The value was not taken. Give it again.'));
        state.replaceChildren();
        button.disabled = false;
        return value.focus();
      }
      if (now.state !== 'checking') return back(now);
    } catch (failure) {
      if (failure.status) return problem.replaceChildren(note('bad', failure.message));
    }
    setTimeout(watch, pace);
  };
  const trying = () => {
    button.disabled = true;
    state.replaceChildren(note('ask', 'The value is in the store. It is tried now, before it is delivered anywhere.'));
    setTimeout(watch, pace);
  };
  const node = h('form', { class: 'approve', novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const text = value.value;
    if (!text) {
      problem.replaceChildren(note('bad', 'There is no value in the field yet. Paste it.'));
      return value.focus();
    }
    button.disabled = true;
    problem.replaceChildren();
    try {
      await send(text);
      value.value = '';
      trying();
    } catch (failure) {
      problem.replaceChildren(note('bad', failure.message));
      button.disabled = false;
      value.focus();
    }
  } },
  heading(asked),
  h('div', { class: 'card' }, facts(
    ['Make', asked.create],
    ['Where', asked.link ? h('a', { href: asked.link, target: '_blank', rel: 'noreferrer noopener' }, asked.link) : null],
    ['Name it', asked.name ? h('code', {}, asked.name) : null],
    ['It must be allowed', asked.scopes.length > 0 ? list(asked.scopes) : null],
    ['Until', asked.expiresAt ? countdown(asked.expiresAt) : null])),
  h('div', { class: 'answer' },
    h('label', { for: 'value' }, 'The new value'),
    value,
    h('p', { class: 'hint', id: 'value-hint' }, 'It is shown to nobody, tried at its system first, and goes to its targets after that.'),
    problem, state,
    h('div', { class: 'buttons' }, button)),
  more);
  if (asked.state === 'checking') trying();
  return node;
}

/** For somebody without an account here. */
function oneTimeLink(id) {
  const answer = h('div', { role: 'status' });
  const make = h('button', { type: 'button', 'data-key': 'one-time-link', onclick: async () => {
    make.disabled = true;
    try {
      const made = await post(`/api/rotations/${part(id)}/provide-link`, {});
      answer.replaceChildren(h('p', {}, 'It lets one value in, and ends ', countdown(made.expiresAt), '. Send it to one person only:'),
        h('pre', {}, h('code', {}, location.origin + made.path)));
    } catch (failure) {
      answer.replaceChildren(note('bad', failure.message));
      make.disabled = false;
    }
  } }, 'Make a one-time link');
  return h('div', { class: 'answer' }, h('p', { class: 'faint' }, 'Does somebody else make it, who does not sign in here?'), make, answer);
}
