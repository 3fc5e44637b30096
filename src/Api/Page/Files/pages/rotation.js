import { h } from '../dom.js';
import { get, post, part } from '../api.js';
import { ago, countdown, span, titleOf, clockOf } from '../time.js';
import { states, steps as stepWords, credentials as credentialWords, triggers, verbs, strategies, count, factName, factText } from '../words.js';
import { mark, icon, section, facts, empty, table, secretLink, quote, byline, copyable, link } from '../parts.js';
import { ask } from '../dialog.js';
import { review } from '../review.js';
import { standing, tries, final } from '../standing.js';
import { evidence } from '../evidence.js';

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
        standing(view),
        view.review ? section('Review', {}, review(view.review, refresh)) : null,
        section('Steps', { aside: h('span', { class: 'faint num' }, progressOf(view)) }, line(view)),
        view.evidence.length > 0 ? section('Use of the old credential', {}, evidence(view.evidence, Boolean(view.progress?.problem))) : null,
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
  return h('ol', { class: 'line', role: 'list' }, view.steps.map((step, index) => {
    const state = step.state === 'to-come' && ended ? 'not-run' : step.state;
    const here = view.progress?.stepId === step.id;
    const took = step.startedAt && step.endedAt ? (Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000 : null;
    const more = [...Object.entries(step.facts ?? {}).filter(([name]) => name !== 'cursor').map(([name, text]) => [factName(name), factText(name, text)])];
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
        tries(step.kind, step.attempts) ? h('span', {}, tries(step.kind, step.attempts)) : null,
        h('span', { title: step.startedAt ? titleOf(step.startedAt) : null },
          took !== null ? span(took) : step.startedAt ? ago(step.startedAt) : (stepWords[state] ?? [state])[0])));
  }));
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
