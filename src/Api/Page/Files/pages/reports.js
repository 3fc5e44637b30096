import { h } from '../dom.js';
import { get } from '../api.js';
import { span, dayOf, ago } from '../time.js';
import { states, groups, triggers, count } from '../words.js';
import { downloads, quarterOf } from '../download.js';
import { mark, section, empty, table, secretLink, rotationLink } from '../parts.js';

const DAYS = 90;

export function page() {
  return {
    title: () => 'Report',
    async load() {
      const [home, list] = await Promise.all([get('/api/home'), get('/api/rotations?limit=1000')]);
      return { counts: home.counts && { ...home.counts, at: undefined }, rotations: list.rotations };
    },
    render: ({ counts, rotations }) => {
      const from = Date.now() - DAYS * 864e5;
      const recent = rotations.filter((one) => Date.parse(one.createdAt) >= from);
      const ended = recent.filter((one) => one.endedAt);
      const good = ended.filter((one) => one.state === 'succeeded');
      const bad = ended.filter((one) => one.state === 'rolled-back');
      return [
        h('div', { class: 'head' }, h('div', {}, h('h1', {}, 'Report'),
          h('p', { class: 'lead' }, `${dayOf(from)} to ${dayOf(Date.now())}${rotations.length === 1000 ? ', the newest 1,000 rotations' : ''}.`)),
        h('div', { class: 'buttons no-print' }, h('button', { type: 'button', onclick: () => print() }, 'Print'))),
        h('div', { class: 'figures' },
          figure(counts?.secrets, 'secrets'),
          figure(counts ? counts.ages[10] + counts.ages[11] : undefined, 'older than their policy allows'),
          figure(good.length, 'rotations succeeded'),
          figure(bad.length, 'rolled back'),
          figure(counts?.orphans, 'orphans')),
        counts ? section('Secrets by group', { class: 'small-table' }, table('Secrets by group', ['Group', 'Secrets'], counts.groups.map((one) =>
          [mark(groups, one.group), h('span', { class: 'num' }, one.secrets.toLocaleString('en-GB'))]))) : null,
        section('Rotations by end', {},
          ended.length === 0 ? empty('No rotation has ended in this time.', 'How many ended how, and how long they took, will be here.')
            : table('Rotations by end', ['End', 'Rotations', 'Half took less than', ...Object.values(triggers)], byState(ended))),
        section('For auditors', { class: 'no-print' },
          h('p', {}, `Every secret with its evidence and its exceptions in ${quarterOf(Date.now())}. Signed, and of other times: rotunda report --period ${quarterOf(Date.now())}`),
          h('div', { class: 'buttons' }, downloads(`/api/reports/period?period=${quarterOf(Date.now())}`, ['report.html', 'report.csv', 'report.json']))),
        section('Emergencies', {}, emergencies(recent)),
        section('Did not succeed', { count: bad.length }, bad.length === 0 ? empty('All that ended went well, or was stopped by a person.')
          : table('Rolled back', ['Secret', 'Rotation', 'When', 'Why it went back'], bad.slice(0, 50).map((one) =>
            [secretLink(one.secret), rotationLink(one.id), ago(one.createdAt), one.detail ?? '']))),
      ];
    },
  };
}

const figure = (number, name) => h('div', { class: 'figure' }, h('b', { class: 'num' }, number === undefined ? '…' : number.toLocaleString('en-GB')), h('span', {}, name));

function byState(ended) {
  return Object.keys(states).map((state) => [state, ended.filter((one) => one.state === state)]).filter(([, mine]) => mine.length > 0).map(([state, mine]) => {
    const times = mine.map((one) => (Date.parse(one.endedAt) - Date.parse(one.createdAt)) / 1000).sort((a, b) => a - b);
    return [mark(states, state), h('span', { class: 'num' }, mine.length), span(times[Math.floor(times.length / 2)]),
      ...Object.keys(triggers).map((trigger) => h('span', { class: 'num' }, mine.filter((one) => one.trigger === trigger).length))];
  });
}

function emergencies(recent) {
  const mine = recent.filter((one) => one.trigger === 'emergency');
  return mine.length === 0 ? empty('There was none.') : table('Emergencies', ['Incident', 'Secret', 'Rotation', 'State', 'When', 'Asked for by'], mine.map((one) =>
    [one.incident ?? '', secretLink(one.secret), rotationLink(one.id), mark(states, one.state), ago(one.createdAt), one.requestedBy]));
}
