import { h } from '../dom.js';
import { get, post, query, part } from '../api.js';
import { ago } from '../time.js';
import { states, groups, count } from '../words.js';
import { downloads } from '../download.js';
import { mark, section, empty, table, secretLink, rotationLink, note, link } from '../parts.js';
import { ask } from '../dialog.js';
import { may } from '../shell.js';
import { review } from '../review.js';

const chosen = new Set();
// What came of the last start stays while the page changes around it.
const results = h('div', { 'aria-live': 'polite' });

export function page({ search, refresh }) {
  if (search.get('secret')) chosen.add(search.get('secret'));
  return {
    title: () => 'Incidents',
    async load() {
      const [{ rotations }, { reviews }] = await Promise.all([get('/api/rotations?trigger=emergency&limit=200'), get('/api/reviews')]);
      return { rotations, reviews };
    },
    render: ({ rotations, reviews }) => [
      h('h1', {}, 'Incidents'),
      h('p', { class: 'lead' }, 'An emergency replaces a credential that may be known to others. It skips window, approval, grace period and evidence, on record, and is reviewed afterwards. For many secrets at once start a ', link('/campaigns', 'campaign'), '.'),
      section('Start an emergency', {}, may('start') ? starter(refresh) : note('ask', 'This needs the role operator or admin.')),
      reviews.length > 0 ? section('To be looked at', { count: reviews.length }, reviews.slice(0, 50).map((one) => review(one, refresh))) : null,
      section('Emergencies by incident', { count: new Set(rotations.map((one) => one.incident)).size },
        rotations.length === 0
          ? empty('There was no emergency.', 'Each is listed here under its incident, with what came of every secret.')
          : byIncident(rotations).map(([reference, mine]) => h('div', { class: 'group' },
            h('h3', {}, reference, h('span', { class: 'faint' }, ` · ${count(mine.length, 'rotation')}, ${mine.filter((one) => one.state === 'succeeded').length} succeeded`)),
            mine[0].incident ? h('div', { class: 'buttons no-print' }, downloads(`/api/reports/incidents/${part(mine[0].incident)}`, ['incident.html', 'incident.md'])) : null,
            table(`Rotations of ${reference}`, ['Secret', 'Rotation', 'State', 'Why', 'Asked for by', 'When'], mine.map((one) => [
              secretLink(one.secret), rotationLink(one.id), mark(states, one.state), h('span', { class: 'clip' }, one.reason), one.requestedBy, ago(one.createdAt)]))))),
    ],
  };
}

function byIncident(rotations) {
  const found = new Map();
  for (const one of rotations) found.set(one.incident ?? 'without a reference', [...(found.get(one.incident ?? 'without a reference') ?? []), one]);
  return [...found];
}

function starter(refresh) {
  const picked = h('ul', { class: 'chips', 'aria-label': 'Chosen secrets' });
  const found = h('ul', { class: 'rows pick', 'aria-label': 'Found secrets' });
  const show = () => picked.replaceChildren(...(chosen.size === 0 ? [h('li', { class: 'faint' }, 'No secret is chosen yet.')] : [...chosen].map((name) =>
    h('li', {}, name, h('button', { type: 'button', class: 'quiet', 'aria-label': `Leave out ${name}`, onclick: () => { chosen.delete(name); show(); look(); } }, '×')))));
  let latest = 0;
  const look = async () => {
    const mine = ++latest, words = field.value.trim();
    const data = words ? await get(query('/api/secrets', { q: words, limit: 12 })).catch(() => null) : null;
    if (mine !== latest) return;
    found.replaceChildren(...(data?.secrets ?? []).filter((one) => !chosen.has(one.name)).map((one) => h('li', { class: 'row' },
      h('div', { class: 'row-main' }, h('span', { class: 'row-title' }, one.name), ' ', mark(groups, one.group)),
      h('button', { type: 'button', class: 'small', 'aria-label': `Choose ${one.name}`, onclick: () => { chosen.add(one.name); show(); look(); field.focus(); } }, 'Choose'))));
    if (words && data?.secrets.length === 0) found.replaceChildren(h('li', { class: 'faint' }, 'No secret is like that.'));
  };
  const field = h('input', { id: 'pick', type: 'search', placeholder: 'Search by name, owner, tag or provider', autocomplete: 'off', oninput: look });
  const reference = h('input', { id: 'incident', type: 'text', placeholder: 'For example: INC-42', maxlength: 100, autocomplete: 'off' });
  const reason = h('textarea', { id: 'why', rows: 2, maxlength: 500, placeholder: 'For example: it was printed in a public log' });
  const first = h('input', { id: 'first', type: 'checkbox' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const start = async () => {
    const lack = chosen.size === 0 ? [field, 'Choose the secrets first.'] : !reference.value.trim() ? [reference, 'The incident’s reference is missing.'] : !reason.value.trim() ? [reason, 'The reason is missing.'] : null;
    problem.textContent = lack ? lack[1] : '';
    if (lack) return lack[0].focus();
    const names = [...chosen];
    await ask({
      title: `Start ${count(names.length, 'emergency', 'emergencies')}?`,
      text: `${names.join(', ')}: the old credential of each ends ${first.checked ? 'before there is a new one; what uses it fails until then' : 'as soon as the new one is in place'}.`,
      fields: [], button: 'Start', look: 'danger',
      send: async () => {
        const lines = [];
        for (const secret of names) {
          try {
            const started = await post('/api/rotations', { secret, reason: reason.value.trim(), trigger: 'emergency', incident: reference.value.trim(), revokeFirst: first.checked });
            chosen.delete(secret);
            lines.push(h('li', {}, secret, ': started, ', rotationLink(started.rotationId)));
          } catch (failure) {
            lines.push(h('li', { class: 'problem' }, secret, ': ', failure.message));
          }
        }
        results.replaceChildren(h('ul', {}, lines));
        show();
        refresh(true);
      },
    });
  };
  show();
  return h('div', { class: 'form' },
    h('div', { class: 'field' }, h('label', { for: 'pick' }, 'Secrets'), picked, field, found),
    h('div', { class: 'field' }, h('label', { for: 'incident' }, 'Incident reference'), reference),
    h('div', { class: 'field' }, h('label', { for: 'why' }, 'Reason'), reason),
    h('div', { class: 'field check' }, first, h('label', { for: 'first' }, 'Revoke first', h('span', { class: 'hint' }, 'End the old credential before there is a new one, where the provider can. What uses it fails until then.'))),
    problem,
    h('div', { class: 'buttons' }, h('button', { type: 'button', class: 'danger', onclick: start }, 'Start the emergency…')),
    results);
}
