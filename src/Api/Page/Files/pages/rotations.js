import { h } from '../dom.js';
import { get, query, part } from '../api.js';
import { ago, span } from '../time.js';
import { states, triggers } from '../words.js';
import { mark, empty, table, secretLink, link } from '../parts.js';
import { go } from '../shell.js';

export function page({ id, search }) {
  const [state, trigger, secret] = ['state', 'trigger', 'secret'].map((name) => search.get(name) ?? '');
  // An incident's own address lists its rotations.
  const incident = id ?? search.get('incident') ?? '';
  const to = (changes) => query('/rotations', { state, trigger, secret, incident, ...changes });
  return {
    title: () => 'Rotations',
    load: () => get(query('/api/rotations', { state, trigger, secret, incident, limit: 100 })),
    render: ({ rotations }) => [
      h('h1', {}, 'Rotations'),
      h('div', { class: 'filters' },
        h('label', { for: 'filter-state' }, 'State'),
        h('select', { id: 'filter-state', onchange: (event) => go(to({ state: event.target.value })) },
          h('option', { value: '' }, 'All'), h('option', { value: 'open', selected: state === 'open' }, 'Not ended'),
          Object.entries(states).map(([key, [word]]) => h('option', { value: key, selected: key === state }, word))),
        h('label', { for: 'filter-trigger' }, 'Started'),
        h('select', { id: 'filter-trigger', onchange: (event) => go(to({ trigger: event.target.value })) },
          h('option', { value: '' }, 'In any way'),
          Object.entries(triggers).map(([key, word]) => h('option', { value: key, selected: key === trigger }, word))),
        incident ? h('span', {}, 'of incident ', h('b', {}, incident), ' ', link(to({ incident: '' }), 'all')) : null,
        secret ? h('span', {}, 'of ', h('b', {}, secret), ' ', link(to({ secret: '' }), 'all')) : null),
      rotations.length === 0
        ? empty(state || trigger || secret || incident ? 'No rotation is like that.' : 'No rotation yet.', 'A rotation is one run of a plan. The schedule starts them, or a person on the page of a secret.')
        : table('Rotations', ['Rotation', 'Secret', 'State', 'Why', 'Asked for by', 'When', 'Took'], rotations.map((one) => [
          h('a', { href: `/rotations/${part(one.id)}`, 'data-line': true, 'data-key': one.id }, one.id),
          secretLink(one.secret),
          mark(states, one.state),
          [h('span', { class: 'clip' }, one.reason), one.incident ? h('div', { class: 'faint' }, one.incident) : null],
          [one.requestedBy, h('div', { class: 'faint' }, triggers[one.trigger])],
          ago(one.createdAt),
          one.endedAt ? span((Date.parse(one.endedAt) - Date.parse(one.createdAt)) / 1000) : h('span', { class: 'faint' }, 'under way'),
        ])),
      rotations.length === 100 ? h('p', { class: 'more' }, 'The newest 100.') : null,
    ],
  };
}
