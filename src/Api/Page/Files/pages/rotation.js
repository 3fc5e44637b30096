import { h, s } from '../dom.js';
import { get, post, part } from '../api.js';
import { ago, countdown, span, spanOf, secondsOf, titleOf, clockOf } from '../time.js';
import { states, steps as stepWords, credentials as credentialWords, triggers, verbs, strategies, count } from '../words.js';
import { mark, icon, section, facts, empty, table, secretLink, note, quote, byline, copyable, meter, link } from '../parts.js';
import { ask } from '../dialog.js';
import { review } from '../review.js';

const final = new Set(['succeeded', 'rolled-back', 'rejected', 'cancelled', 'superseded']);

export function page({ id, refresh }) {
  return {
    title: (view) => `${id}: ${(states[view.rotation.state] ?? [view.rotation.state])[0]}`,
    async load() {
      const view = await get(`/api/rotations/${part(id)}`);
      if (view.rotation.trigger !== 'emergency') return view;
      const { reviews } = await get('/api/reviews?all=true');
      return { ...view, review: reviews.find((one) => one.rotationId === id) };
    },
    render: (view) => {
      const rotation = view.rotation;
      return [
        h('div', { class: 'head' },
          h('div', {}, h('p', { class: 'crumb' }, 'Rotation ', rotation.number, ' of ', secretLink(rotation.secret)), h('h1', {}, rotation.id),
            h('p', { class: 'lead' }, quote(rotation.reason), ' ', byline(rotation), rotation.incident ? [' · incident ', incident(rotation.incident)] : null)),
          h('div', { class: 'buttons' }, buttons(view, refresh))),
        now(view),
        view.review ? section('Review', {}, review(view.review, refresh)) : null,
        section('Steps', { aside: h('span', { class: 'faint num' }, progressOf(view)) }, line(view)),
        view.evidence.length > 0 ? section('Use of the old credential', {}, evidence(view.evidence)) : null,
        h('div', { class: 'pair' },
          section('About', {}, facts(
            ['Secret', secretLink(rotation.secret)],
            ['Strategy', [h('b', {}, view.plan.strategy), h('div', { class: 'faint' }, strategies[view.plan.strategy] ?? '')]],
            ['Started', `${triggers[rotation.trigger]}`],
            ['Asked for by', rotation.requestedBy],
            ['Began', ago(rotation.createdAt)],
            ['New value in use', rotation.promotedAt ? ago(rotation.promotedAt) : null],
            ['Ended', rotation.endedAt ? ago(rotation.endedAt) : null],
            ['Took', rotation.endedAt ? span((Date.parse(rotation.endedAt) - Date.parse(rotation.createdAt)) / 1000) : null],
            ['Plan', view.planHash ? copyable(view.planHash, view.planHash.slice(0, 12)) : null])),
          section('Credentials', {}, credentials(view))),
        view.plan.warnings.length > 0 ? section('Notes of the plan', {}, h('ul', {}, view.plan.warnings.map((one) => h('li', {}, one)))) : null,
        section('Audit', { count: view.timeline.length }, audit(view)),
      ];
    },
  };
}

const incident = (reference) => link(`/rotations?incident=${part(reference)}`, reference);

/** What it is at, why it does not go on, and what a person can do: the first thing that is read. */
function now(view) {
  const { rotation, progress } = view;
  const tone = (states[rotation.state] ?? [])[1] ?? 'plain';
  const lines = [];
  if (progress?.problem) lines.push(h('p', { class: 'now-problem' }, progress.problem));
  else if (final.has(rotation.state) && rotation.detail) lines.push(h('p', {}, rotation.detail));
  else if (rotation.state === 'stuck' && rotation.detail) lines.push(h('p', { class: 'now-problem' }, rotation.detail));
  if (progress?.stepTitle) {
    lines.push(h('p', {}, h('span', { class: 'faint num' }, `Step ${progress.step} of ${progress.steps}: `), h('b', {}, progress.stepTitle),
      progress.attempt > 1 ? h('span', { class: 'faint' }, `, attempt ${progress.attempt}`) : null));
  }
  if (progress?.waitingFor) {
    lines.push(h('p', {}, `Waits for ${progress.waitingFor}`, progress.waitingUntil ? [' · ', countdown(progress.waitingUntil)] : null, '.'));
  }
  if (progress?.progress) lines.push(slices(progress.progress));
  const own = view.can.filter((one) => !one.allowed);
  if (view.can.length > 0 && own.length === view.can.length) {
    const why = [...new Set(own.map((one) => one.whyNot))];
    lines.push(h('p', { class: 'faint' }, 'You can read this, and not act here. ', why.join(' ')));
  }
  if (rotation.state === 'stuck') {
    lines.push(h('p', { class: 'faint' }, 'Remove the cause, then resume. An ', link(`/incidents?secret=${part(rotation.secret)}`, 'emergency'), ' is a way out everywhere.'));
  }
  return h('div', { class: `card state ${tone}` }, h('div', { class: 'state-word' }, mark(states, rotation.state)), h('div', { class: 'state-text' }, lines));
}

/** Rows done of a step that moves stored data. */
function slices(progress) {
  const done = progress.total > 0 ? Math.floor((100 * progress.rows) / progress.total) : 0;
  return h('div', { class: 'slices num' },
    meter(progress.rows, progress.total, `${done} percent of the rows`),
    h('p', {}, `${progress.rows.toLocaleString('en-GB')} of ${progress.total.toLocaleString('en-GB')} rows`,
      progress.rowsPerSecond > 0 ? ` · ${progress.rowsPerSecond.toLocaleString('en-GB')} a second` : null,
      progress.secondsLeft !== undefined ? ` · about ${span(progress.secondsLeft)} left` : null));
}

function buttons(view, refresh) {
  return view.can.filter((one) => one.allowed).map(({ verb }) => {
    const word = verbs[verb] ?? { label: verb, does: '' };
    if (verb === 'approve') return h('a', { class: 'button primary', href: `/approve/${part(view.rotation.id)}` }, 'Review and approve');
    if (verb === 'provide') return h('a', { class: 'button primary', href: `/provide/${part(view.rotation.id)}` }, word.label);
    if (verb === 'reject' && view.can.some((one) => one.verb === 'approve' && one.allowed)) return null;
    return h('button', { type: 'button', class: word.look ?? '', 'data-key': `do-${verb}`, onclick: () => act(view, verb, word, refresh) }, word.label);
  });
}

export function act(view, verb, word, refresh) {
  const id = view.rotation.id;
  // The wait that is shown is the one that is meant, whatever has come of it meanwhile.
  const step = verb === 'skip-grace' ? view.progress?.stepId : null;
  return ask({
    title: `${word.label}: ${id}`,
    text: word.does,
    button: word.label,
    look: word.look,
    fields: [
      word.by ? { name: 'by', label: 'By how long', type: 'line', required: true, value: '2h', hint: 'For example 30m, 2h or 1d12h.' } : null,
      { name: 'reason', label: 'Reason', required: true, hint: 'It goes on record with your name.' },
      word.again ? { name: 'again', label: 'Due again after', type: 'line', hint: 'For example 12h or 3d; left out: as the policy says.' } : null,
    ].filter(Boolean),
    send: async ({ reason, by, again }) => {
      await post(`/api/rotations/${part(id)}/${verb}`, { reason, ...(by ? { by } : {}), ...(again ? { again } : {}), ...(step ? { step } : {}) });
      refresh(true);
    },
  });
}

function progressOf(view) {
  const done = view.steps.filter((step) => step.state === 'done').length;
  return `${done} of ${view.steps.length} done`;
}

/** The plan as a line of steps. */
function line(view) {
  const ended = final.has(view.rotation.state);
  return h('ol', { class: 'line' }, view.steps.map((step, index) => {
    const state = step.state === 'to-come' && ended ? 'not-run' : step.state;
    const here = view.progress?.stepId === step.id;
    const took = step.startedAt && step.endedAt ? (Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000 : null;
    const more = [...Object.entries(step.facts ?? {}).filter(([name]) => name !== 'cursor')];
    const title = [step.title, h('span', { class: 'hidden' }, `: ${(stepWords[state] ?? [state])[0]}`)];
    return h('li', { class: `step ${(stepWords[state] ?? [])[1]}${here ? ' here' : ''}`, 'aria-current': here ? 'step' : null },
      h('span', { class: 'step-mark' }, icon((stepWords[state] ?? [])[2])),
      h('div', { class: 'step-main' },
        step.undo.length + more.length > 0
          ? h('details', { 'data-key': `step-${index}` }, h('summary', { class: 'step-title' }, title),
            more.length > 0 ? facts(...more) : null,
            step.undo.length > 0 ? h('p', { class: 'faint' }, 'Way back: ', step.undo.join('; ')) : null)
          : h('div', { class: 'step-title' }, title),
        here && view.progress.waitingUntil ? h('div', {}, countdown(view.progress.waitingUntil)) : null,
        step.reason && state !== 'done' ? h('div', { class: 'step-reason' }, step.reason) : null),
      h('div', { class: 'step-end faint num' },
        step.attempts > 1 ? h('span', {}, `${step.attempts} attempts`) : null,
        h('span', { title: step.startedAt ? titleOf(step.startedAt) : null },
          took !== null ? span(took) : step.startedAt ? ago(step.startedAt) : (stepWords[state] ?? [state])[0])));
  }));
}

/** For how long the old credential had been unused, look by look, against what is asked for. */
function evidence(points) {
  const asked = Math.max(1, ...points.map((point) => secondsOf(point.asked) ?? 0));
  const quiet = points.map((point) => point.quiet === undefined ? null : Math.max(0, secondsOf(point.quiet)));
  const most = Math.max(asked * 1.15, ...quiet.filter((one) => one !== null));
  const x = (index) => points.length === 1 ? 300 : 6 + (588 * index) / (points.length - 1), y = (value) => 74 - (66 * value) / most;
  const known = quiet.map((value, index) => [value, index]).filter(([value]) => value !== null);
  const last = points[points.length - 1];
  const now = last.quiet === undefined ? 'nothing tells' : secondsOf(last.quiet) <= 0 ? 'used just now' : `unused for ${spanOf(last.quiet)}`;
  return h('figure', { class: 'evidence' },
    s('svg', { viewBox: '0 0 600 80', role: 'img', 'aria-labelledby': 'evidence-words', preserveAspectRatio: 'none' },
      s('line', { x1: 0, y1: y(asked), x2: 600, y2: y(asked), class: 'asked' }),
      s('polyline', { points: known.map(([value, index]) => `${x(index)},${y(value)}`).join(' '), class: 'spark' }),
      points.map((point, index) => s('circle', {
        cx: x(index), cy: quiet[index] === null ? 74 : y(quiet[index]), r: 2.5, class: quiet[index] === null ? 'spark-none' : quiet[index] === 0 ? 'spark-used' : 'spark-dot',
      }, s('title', {}, `${titleOf(point.at)}: ${point.detail ?? ''}`)))),
    h('figcaption', { id: 'evidence-words' }, `${count(points.length, 'look')}; at the last one ${now}, ${spanOf(last.asked)} asked for (the dashed line).`,
      last.detail ? h('div', { class: 'faint' }, last.detail) : null));
}

function credentials(view) {
  const mine = view.credentials.filter((one) => one.rotationNumber === view.rotation.number || one.state === 'Active' || one.state === 'Previous' || one.state === 'Revoking');
  if (mine.length === 0) return empty('No credential yet.', 'The new one is here as soon as it is made.');
  return table('Credentials', ['Credential', 'State', 'Fingerprint', 'Ended'], mine.map((one) => [
    [one.providerCredentialId ?? one.account ?? (one.rotationNumber === 0 ? 'adopted' : `from rotation ${one.rotationNumber}`), one.rotationNumber === view.rotation.number ? h('span', { class: 'faint' }, ' (new)') : null],
    mark(credentialWords, one.state),
    one.fingerprint ? h('code', {}, one.fingerprint) : h('span', { class: 'faint' }, 'not known'),
    one.revokedAt ? ago(one.revokedAt) : h('span', { class: 'faint' }, '–'),
  ]));
}

const detailOf = (entry) => {
  try {
    const detail = JSON.parse(entry.detail);
    return [detail.title, detail.reason ?? detail.detail, detail.attempt > 1 ? `attempt ${detail.attempt}` : null, detail.fingerprint].filter(Boolean).join(' · ');
  } catch { return entry.detail ?? ''; }
};

function audit(view) {
  const rows = view.timeline.slice(-100).reverse();
  return [
    h('details', { 'data-key': 'audit' }, h('summary', {}, `The newest ${count(rows.length, 'row')}`),
      table('Audit rows', ['When', 'Who', 'What', 'Detail'], rows.map((entry) => [
        h('time', { datetime: entry.at, title: titleOf(entry.at), class: 'num' }, clockOf(entry.at)), entry.actor, h('code', {}, entry.action), h('span', { class: 'clip wide' }, detailOf(entry)),
      ]))),
    h('p', {}, link(`/audit?rotation=${part(view.rotation.id)}`, 'All of them, with their hashes')),
  ];
}
