import { h } from '../dom.js';
import { get, post, part } from '../api.js';
import { ago, span } from '../time.js';
import { campaignStates, count } from '../words.js';
import { mark, section, empty, table, note, link, meter, facts } from '../parts.js';
import { ask } from '../dialog.js';
import { may, go } from '../shell.js';

export function page({ refresh }) {
  // Kept while the list below it changes.
  const form = may('start') ? starter(refresh) : note('ask', 'This needs the role operator or admin.');
  return {
    title: () => 'Campaigns',
    load: () => get('/api/campaigns'),
    render: ({ campaigns }) => [
      h('h1', {}, 'Campaigns'),
      h('p', { class: 'lead' }, 'A campaign rotates many secrets for one reason: the most pressing first, as many at once as their providers bear. With an incident’s reference its rotations are emergencies, and go ahead of scheduled work.'),
      section('Start a campaign', {}, form),
      section('All campaigns', { count: campaigns.length },
        campaigns.length === 0
          ? empty('There was no campaign.', 'Each is listed here with how far it is.')
          : table('Campaigns', ['Campaign', 'State', 'Done', 'Selects', 'Why', 'Started'], campaigns.map((one) => [
            link(`/campaigns/${part(one.id)}`, one.id), mark(campaignStates, one.state),
            [meter(one.counts.done, one.counts.members, `${one.percent} percent`), h('span', { class: 'num' }, ` ${one.percent} % of ${one.counts.members.toLocaleString('en-GB')}`)],
            h('code', {}, one.selector ?? 'all'),
            [h('span', { class: 'clip' }, one.reason), one.incident ? h('span', { class: 'faint' }, ` · ${one.incident}`) : null],
            [ago(one.createdAt), h('span', { class: 'faint' }, ` by ${one.requestedBy}`)]]))),
    ],
  };
}

function starter(refresh) {
  const input = (id, props) => h('input', { id, type: 'text', autocomplete: 'off', maxlength: 500, spellcheck: 'false', ...props });
  const select = input('select', { placeholder: 'For example: tag=ci,provider=github-token,owner=platform', 'aria-describedby': 'select-hint' });
  const all = h('input', { id: 'all', type: 'checkbox', onchange: () => { select.disabled = all.checked; } });
  const incident = input('incident', { placeholder: 'For example: INC-42', 'aria-describedby': 'incident-hint' });
  const reason = h('textarea', { id: 'why', rows: 2, maxlength: 500, placeholder: 'For example: the build machines were opened' });
  const first = h('input', { id: 'first', type: 'checkbox' });
  const atOnce = input('at-once', { type: 'number', min: 1, max: 1000, placeholder: '32' });
  const perProvider = input('per-provider', { type: 'number', min: 1, max: 1000, placeholder: '4' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const shown = h('div', { 'aria-live': 'polite' });
  const number = (field) => field.value ? Number(field.value) : undefined;
  const body = () => ({
    ...(all.checked ? { all: true } : { select: select.value.trim() }),
    reason: reason.value.trim(),
    ...(incident.value.trim() ? { incident: incident.value.trim() } : {}),
    revokeFirst: first.checked, atOnce: number(atOnce), perProvider: number(perProvider),
  });
  const look = async () => {
    const lack = !all.checked && !select.value.trim() ? [select, 'Say which secrets.'] : !reason.value.trim() ? [reason, 'The reason is missing.'] : null;
    problem.textContent = lack ? lack[1] : '';
    if (lack) return lack[0].focus();
    const asked = body();
    try {
      const preview = await post('/api/campaigns/preview', asked);
      shown.replaceChildren(previewOf(preview, () => start(asked, preview, refresh)));
    } catch (failure) {
      shown.replaceChildren();
      problem.textContent = failure.message;
    }
  };
  return h('form', { class: 'form', novalidate: true, onsubmit: (event) => { event.preventDefault(); look(); } },
    h('div', { class: 'field' }, h('label', { for: 'select' }, 'Which secrets'), select,
      h('p', { class: 'hint', id: 'select-hint' }, 'tag=, owner=, provider=, target=, risk= and name= (with stars); with commas between them all have to hold.')),
    h('div', { class: 'field check' }, all, h('label', { for: 'all' }, 'Every secret of the catalog', h('span', { class: 'hint' }, 'For example after a vault was opened.'))),
    h('div', { class: 'field' }, h('label', { for: 'why' }, 'Reason'), reason),
    h('div', { class: 'field' }, h('label', { for: 'incident' }, 'Incident reference', h('span', { class: 'faint' }, ' (may be left out)')), incident,
      h('p', { class: 'hint', id: 'incident-hint' }, 'Makes it an emergency: windows, approvals and grace periods are skipped, on record.')),
    h('div', { class: 'field check' }, first, h('label', { for: 'first' }, 'Revoke first', h('span', { class: 'hint' }, 'Emergencies only: end each old credential before there is a new one, where the provider can.'))),
    h('details', { 'data-key': 'pace' }, h('summary', {}, 'Pace'),
      h('div', { class: 'field' }, h('label', { for: 'at-once' }, 'Rotations at once'), atOnce),
      h('div', { class: 'field' }, h('label', { for: 'per-provider' }, 'Of these at one provider'), perProvider)),
    problem,
    h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'Look at the preview')),
    shown);
}

function previewOf(preview, onStart) {
  return h('div', { class: 'card preview' },
    h('h3', {}, `${preview.kind === 'emergency' ? 'An emergency' : 'A'} campaign of ${count(preview.members, 'secret')}, about ${span(preview.seconds)}`),
    facts(
      ['By risk', preview.risks.map((one) => `${one.risk ?? 'none'}: ${one.members}`).join(' · ')],
      ['At once', `${preview.atOnce}, and ${preview.perProvider} at one provider`],
      ['By provider', h('ul', { class: 'plain' }, preview.providers.map((one) => h('li', {},
        `${one.provider}: ${count(one.members, 'secret')}, about ${span(one.seconds)}`, one.known ? null : h('span', { class: 'faint' }, ' (a guess: no rotation there has ended yet)'))))],
      ['Will need a person', notes(preview.needPeople)],
      ['Cannot rotate now', notes(preview.cannotNow)],
      ['Left out', notes(preview.leftOut)]),
    h('details', { 'data-key': 'order' }, h('summary', {}, `The order${preview.order.length < preview.members ? ` (the first ${preview.order.length})` : ''}`),
      h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'The order' },
        table('The order', ['No.', 'Secret', 'Risk', 'Places', 'Provider', 'Note'], preview.order.map((one) => [
          one.place, link(`/secrets/${part(one.secret)}`, one.secret), one.risk ?? '', one.exposure, one.provider, one.note ?? ''])))),
    h('div', { class: 'buttons' }, h('button', { type: 'button', class: preview.kind === 'emergency' ? 'danger' : 'primary', onclick: onStart }, 'Start this campaign…')));
}

const notes = (some) => some.count === 0 ? null : h('details', { 'data-key': `notes-${some.first[0]?.why}` },
  h('summary', {}, count(some.count, 'secret')),
  h('ul', {}, some.first.slice(0, 50).map((one) => h('li', {}, h('b', {}, one.secret), `: ${one.why}`)),
    some.count > 50 ? h('li', { class: 'faint' }, `and ${some.count - 50} more`) : null));

const start = (asked, preview, refresh) => ask({
  title: `Rotate ${count(preview.members, 'secret')}?`,
  text: preview.kind === 'emergency'
    ? `For ${preview.incident}. The old credential of each ends ${preview.revokeFirst ? 'before there is a new one; what uses it fails until then' : 'as soon as the new one is in place'}.`
    : 'Each goes as if a person had started it: with its approval, grace period and evidence.',
  fields: [], button: 'Start', look: preview.kind === 'emergency' ? 'danger' : 'primary',
  send: async () => {
    const begun = await post('/api/campaigns', { ...asked, preview: preview.hash });
    refresh(true);
    go(`/campaigns/${part(begun.campaign.id)}`);
  },
});
