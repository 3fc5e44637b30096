import { h } from '../dom.js';
import { get, query } from '../api.js';
import { ago } from '../time.js';
import { groups, plain } from '../words.js';
import { mark, empty, noSecrets, table, link } from '../parts.js';
import { go } from '../shell.js';

const PAGE = 50;

export function page({ search }) {
  const [words, group, after] = [search.get('q') ?? '', search.get('group') ?? '', search.get('after')];
  const to = (changes) => query('/secrets', { q: words, group, ...changes });
  return {
    title: () => words ? `“${words}”` : 'Secrets',
    load: () => get(query('/api/secrets', { q: words, group, after, limit: PAGE })),
    render: (data) => [
      h('h1', {}, 'Secrets'),
      h('form', { class: 'filters', role: 'search', 'aria-label': 'Filter secrets', onsubmit: (event) => {
        event.preventDefault();
        go(to({ q: document.getElementById('filter-q').value.trim() }));
      } },
      h('label', { for: 'filter-q' }, 'Words'),
      h('input', { id: 'filter-q', type: 'search', value: words, placeholder: 'name, owner, tag, provider' }),
      h('label', { for: 'filter-group' }, 'Group'),
      h('select', { id: 'filter-group', onchange: (event) => go(to({ group: event.target.value })) },
        h('option', { value: '' }, 'All groups'),
        Object.entries(groups).map(([key, [word]]) => h('option', { value: key, selected: key === group }, word))),
      h('button', { type: 'submit' }, 'Show'),
      h('span', { class: 'faint num', role: 'status' }, `${data.total.toLocaleString('en-GB')} found`)),
      data.secrets.length === 0
        ? words || group
          ? empty('No secret is like that.', 'Every word has to be in the name, the description, the owner, a tag or the provider.', link('/secrets', 'All secrets'))
          : noSecrets()
        : table('Secrets', ['Secret', 'Stands', 'Owner', 'Last rotated', 'Next'], data.secrets.map(row)),
      h('nav', { class: 'pages', 'aria-label': 'Pages of the list' },
        after ? h('a', { href: to({}), class: 'button' }, 'First page') : null,
        data.next ? h('a', { href: to({ after: data.next }), class: 'button' }, 'Next page') : null),
    ],
  };
}

function row(secret) {
  return [
    [h('a', { href: `/secrets/${encodeURIComponent(secret.name)}`, 'data-line': true, 'data-key': secret.name }, secret.name),
      secret.description ? h('div', { class: 'faint clip' }, secret.description) : null],
    [mark(groups, secret.group), h('div', { class: 'faint clip' }, plain(secret.message))],
    secret.owner ?? '',
    secret.lastRotatedAt ? ago(secret.lastRotatedAt) : h('span', { class: 'faint' }, 'never'),
    secret.open ? link(`/rotations/${secret.open.id}`, 'under way') : secret.nextDueAt ? ago(secret.nextDueAt) : h('span', { class: 'faint' }, 'on request'),
  ];
}
