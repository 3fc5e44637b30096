import { h, s } from '../dom.js';
import { get, post, part, query } from '../api.js';
import { ago, spanOf, secondsOf, dayOf, titleOf, span } from '../time.js';
import { groups, states, credentials as credentialWords, strategies, triggers, plain } from '../words.js';
import { mark, section, facts, empty, table, rotationLink, note, list, link } from '../parts.js';
import { ask } from '../dialog.js';
import { may, go } from '../shell.js';
import { sentence } from './home.js';

export function page({ id, refresh }) {
  const path = `/api/secrets/${part(id)}`;
  return {
    title: () => id,
    async load() {
      const [secret, drift] = await Promise.all([get(path), get(`${path}/drift`).catch(() => null)]);
      return { secret, drift };
    },
    render: ({ secret, drift }) => {
      const summary = secret.summary;
      return [
        h('div', { class: 'head' },
          h('div', {}, h('p', { class: 'crumb' }, link('/secrets', 'Secrets')), h('h1', {}, summary.name),
            summary.description ? h('p', { class: 'lead' }, summary.description) : null),
          h('div', { class: 'buttons' }, actions(path, summary, refresh))),
        h('div', { class: 'now' }, mark(groups, summary.group), h('span', {}, sentence(summary)),
          summary.open ? rotationLink(summary.open.id, 'See the rotation') : null),
        section('Life', {}, life(secret)),
        h('div', { class: 'pair' },
          section('Policy', {}, policy(secret)),
          section('Targets and consumers', {}, places(secret, drift))),
        section('Next rotation', {}, next(path, summary)),
        section('Rotations', { count: secret.rotations.length },
          secret.rotations.length === 0
            ? empty('It was never rotated.', 'Rotunda adopted it with the credential that it had. The first rotation by schedule comes one interval later.')
            : table('Rotations', ['Rotation', 'State', 'Why', 'Asked for by', 'When', 'Took'], secret.rotations.map(row))),
        h('p', {}, link(`/audit?secret=${part(id)}`, 'All audit rows of this secret')),
      ];
    },
  };
}

function actions(path, summary, refresh) {
  const name = summary.name;
  const reason = { name: 'reason', label: 'Reason', required: true, hint: 'It goes on record with your name.' };
  const start = (title, text, button, send) => () => ask({ title, text, button, fields: [reason], send: async (typed) => {
    const started = await send(typed);
    go(`/rotations/${part(started.rotationId)}`);
  } });
  if (!may('start')) return null;
  const leaver = summary.group === 'not-in-catalog';
  return [
    !leaver && !summary.open ? h('button', { type: 'button', class: 'primary', 'data-key': 'rotate', onclick: start(`Rotate ${name}`,
      'A rotation starts now, by the plan below, whatever its window says.', 'Rotate', (typed) => post('/api/rotations', { secret: name, reason: typed.reason })) }, 'Rotate') : null,
    !leaver ? h('button', { type: 'button', 'data-key': 'deliver', onclick: start(`Deliver ${name}`,
      'The value in use is brought to its targets again. Nothing new is made.', 'Deliver', (typed) => post(`${path}/deliver`, { reason: typed.reason })) }, 'Deliver again') : null,
    !leaver ? h('button', { type: 'button', 'data-key': 'verify', onclick: async (event) => {
      event.target.disabled = true;
      event.target.textContent = 'Looking…';
      const head = event.target.closest('.head');
      try { await post(`${path}/verify`); } catch (failure) { head.after(note('bad', failure.message)); }
      event.target.disabled = false;
      event.target.textContent = 'Look at targets';
      refresh(true);
    } }, 'Look at targets') : null,
    leaver ? h('button', { type: 'button', class: 'danger', 'data-key': 'retire', onclick: start(`Retire ${name}`,
      'A person approves; then its value is taken away from its targets, and its credentials are revoked.', 'Retire', (typed) => post(`${path}/retire`, { reason: typed.reason })) }, 'Retire') : null,
    !leaver ? h('a', { class: 'button danger', href: `/incidents?secret=${part(name)}` }, 'Emergency…') : null,
  ];
}

/** Credentials as bars over time: pending, active, previous, until they are revoked. */
function life(secret) {
  const all = [...secret.credentials].slice(-12);
  if (all.length === 0) {
    return empty('No credential is known.', 'Tell which one is in use with “current:” in the catalog, or let the first rotation make one.');
  }
  const promoted = new Map(secret.rotations.filter((one) => one.promotedAt).map((one) => [one.number, Date.parse(one.promotedAt)]));
  const now = Date.now();
  const bars = all.map((one) => bar(one, all, promoted, now));
  const from = Math.min(...bars.map((one) => one.start)), to = now, range = Math.max(60e3, to - from);
  const x = (at) => 110 + 560 * Math.max(0, Math.min(1, (at - from) / range));
  const tall = bars.length * 26 + 26;
  return [
    h('div', { class: 'scroll-x', tabindex: '0', role: 'region', 'aria-label': 'Credentials over time' },
      s('svg', { viewBox: `0 0 690 ${tall}`, class: 'life', role: 'img', 'aria-label': 'Credentials as bars over time; the table below has the same' },
        s('line', { x1: x(now), y1: 2, x2: x(now), y2: tall - 20, class: 'now-line' }),
        bars.map((one, index) => s('g', {},
          s('text', { x: 104, y: index * 26 + 18, class: 'life-name' }, one.name),
          one.parts.map(([kind, start, end]) => s('rect', {
            x: x(start), y: index * 26 + 7, width: Math.max(3, x(end) - x(start)), height: 14, rx: 3, class: `life-bar ${kind}`,
          }, s('title', {}, `${one.name}: ${kind} from ${titleOf(start)} to ${end === now ? 'now' : titleOf(end)}`))))),
        s('text', { x: 110, y: tall - 6, class: 'axis' }, range > 2 * 864e5 ? dayOf(from) : `${span(range / 1000)} ago`),
        s('text', { x: x(now), y: tall - 6, class: 'axis end' }, 'now'))),
    h('p', { class: 'legend' }, ['pending', 'active', 'previous'].map((kind) => h('span', {}, s('svg', { viewBox: '0 0 16 10', 'aria-hidden': 'true' },
      s('rect', { x: 0, y: 0, width: 16, height: 10, rx: 3, class: `life-bar ${kind}` })), kind))),
    table('Credentials', ['Credential', 'State', 'Fingerprint', 'Made', 'Ended'], [...secret.credentials].reverse().slice(0, 20).map((one) => [
      one.providerCredentialId ?? one.account ?? (one.rotationNumber === 0 ? 'adopted' : `from rotation ${one.rotationNumber}`),
      [mark(credentialWords, one.state), one.note ? h('div', { class: 'faint clip' }, one.note) : null],
      one.fingerprint ? h('code', {}, one.fingerprint) : h('span', { class: 'faint' }, 'not known'),
      ago(one.createdAt),
      one.revokedAt ? ago(one.revokedAt) : one.expiresAt ? ['ends by itself ', ago(one.expiresAt)] : h('span', { class: 'faint' }, '–'),
    ])),
  ];
}

function bar(one, all, promoted, now) {
  const made = Date.parse(one.createdAt), end = one.revokedAt ? Date.parse(one.revokedAt) : now;
  const active = one.rotationNumber === 0 ? made : promoted.get(one.rotationNumber);
  const nextOnes = all.filter((other) => other.rotationNumber > one.rotationNumber).map((other) => promoted.get(other.rotationNumber)).filter(Boolean);
  const replaced = one.state === 'Active' || nextOnes.length === 0 ? end : Math.min(end, ...nextOnes);
  const parts = active === undefined ? [['pending', made, end]] : [
    ['pending', made, Math.min(active, end)], ['active', active, replaced], ...(replaced < end ? [['previous', replaced, end]] : [])];
  return {
    name: one.fingerprint ?? one.providerCredentialId ?? `#${one.id}`,
    start: made,
    parts: parts.filter(([, from, to]) => to > from || from === now),
  };
}

function policy(secret) {
  const summary = secret.summary;
  return facts(
    ['Strategy', [h('b', {}, summary.strategy), h('div', { class: 'faint' }, strategies[summary.strategy] ?? '')]],
    ['Provider', summary.provider],
    ['Store', secret.store],
    ['Interval', secret.interval ? `every ${spanOf(secret.interval)}` : 'on request only'],
    ['Window', secret.window ?? 'always'],
    ['Grace period', secondsOf(secret.grace) > 0 ? spanOf(secret.grace) : 'none'],
    ['Evidence', secret.quietFor ? `the old credential unused for ${spanOf(secret.quietFor)}` : null],
    ['Trial', secret.disableFor ? `the old credential is disabled for ${spanOf(secret.disableFor)} first` : null],
    ['Approval', secret.approval ? `before the ${secret.approval}` : 'none'],
    ['Owner', summary.owner],
    ['Tags', summary.tags?.length ? summary.tags.join(', ') : null]);
}

function places(secret, drift) {
  const arrived = new Map(secret.arrivals.map((one) => [one.target, one]));
  const found = new Map((drift?.findings ?? []).map((one) => [one.place, one]));
  const targets = secret.targets.map((name) => {
    const [arrival, finding] = [arrived.get(name), found.get(name)];
    return [
      name,
      arrival ? [ago(arrival.at), ' ', rotationLink(arrival.rotationId, 'by this rotation')] : h('span', { class: 'faint' }, 'not by Rotunda yet'),
      finding ? standing(finding) : h('span', { class: 'faint' }, 'not looked at'),
    ];
  });
  return [
    targets.length === 0 ? empty('It is delivered nowhere.', 'Add targets in the catalog, so that a new value comes to those who use it.')
      : table('Targets', ['Target', 'Got the value in use', 'Holds it now'], targets),
    drift?.lookedAt ? h('p', { class: 'faint' }, 'Looked at ', ago(drift.lookedAt), '.') : null,
    secret.consumers.length > 0 ? h('p', {}, h('b', {}, 'Consumers: '), secret.consumers.join(', ')) : h('p', { class: 'faint' }, 'No consumers are named: nothing is restarted or checked.'),
  ];
}

const standing = (finding) => {
  const word = String(finding.standing).toLowerCase();
  return word === 'same' ? mark({ same: ['Yes', 'ok', 'check'] }, 'same')
    : [mark({ it: [word === 'missing' ? 'Holds nothing' : word === 'differs' ? 'Holds something else' : 'Cannot tell', word === 'differs' || word === 'missing' ? 'bad' : 'plain', 'split'] }, 'it'),
      finding.detail ? h('div', { class: 'faint' }, finding.detail) : null];
};

/** What is read when it is opened. */
function later(key, summary, path, show) {
  const body = h('div', {}, h('p', { class: 'faint' }, 'Reading…'));
  const details = h('details', { 'data-key': key, ontoggle: async () => {
    if (!details.open || details.dataset.read) return;
    details.dataset.read = 'yes';
    try { body.replaceChildren(...show(await get(path))); } catch (problem) { body.replaceChildren(note('ask', problem.message)); }
  } }, h('summary', {}, summary), body);
  return details;
}

/** When it rotates next and why then, and the plan that a rotation would have now. */
function next(path, summary) {
  return [
    h('p', {}, summary.open ? ['A rotation is under way: ', rotationLink(summary.open.id), '.']
      : summary.nextDueAt ? ['By schedule ', ago(summary.nextDueAt), '. ', h('span', { class: 'faint' }, plain(summary.message))] : 'On request only.'),
    summary.nextDueAt && summary.group !== 'not-in-catalog' ? later('runs', 'The next five runs, and what puts each off', query('/api/next', { secret: summary.name, count: 5 }), coming) : null,
    later('plan', 'The plan that it would have now, with its way back', `${path}/plan`, planned),
  ];
}

const coming = ({ runs }) => [runs.length === 0 ? empty('No run is to come.', 'It rotates on request only.')
  : table('The next runs', ['Due', 'Starts', 'Why then'], runs.map((run) => [
    h('span', {}, ago(run.dueAt), h('div', { class: 'faint' }, titleOf(run.dueAt))),
    run.startsAt ? h('span', {}, ago(run.startsAt), h('div', { class: 'faint' }, titleOf(run.startsAt))) : 'nobody knows yet',
    run.why.length > 0 ? list(run.why) : 'as soon as it is due']))];

export function planned(plan) {
  return [
    plan.warnings.length > 0 ? note('ask', list(plan.warnings)) : null,
    h('ol', { class: 'plan' }, plan.steps.map((step) => h('li', {}, step.title,
      step.undo.map((undo) => h('div', { class: 'faint undo' }, 'undo: ', undo.title))))),
  ].filter(Boolean);
}

function row(rotation) {
  return [
    h('a', { href: `/rotations/${part(rotation.id)}`, 'data-line': true, 'data-key': rotation.id }, rotation.id),
    mark(states, rotation.state),
    [h('span', { class: 'clip' }, rotation.reason), rotation.incident ? h('div', { class: 'faint' }, rotation.incident) : null],
    [rotation.requestedBy, h('div', { class: 'faint' }, triggers[rotation.trigger])],
    ago(rotation.createdAt),
    rotation.endedAt ? span((Date.parse(rotation.endedAt) - Date.parse(rotation.createdAt)) / 1000) : h('span', { class: 'faint' }, 'under way'),
  ];
}
