import { h } from '../dom.js';
import { get, post, query, part } from '../api.js';
import { ago, span } from '../time.js';
import { campaignStates, memberPhases, count } from '../words.js';
import { mark, section, empty, table, secretLink, rotationLink, link, meter, facts, quote, copyable } from '../parts.js';
import { ask } from '../dialog.js';
import { go } from '../shell.js';

const PAGE = 100;

const words = {
  pause: { label: 'Pause', does: 'It starts no more for now. What moves goes on.' },
  resume: { label: 'Resume', does: 'It goes on with those that are to come.', look: 'primary' },
  retry: { label: 'Retry failed', does: 'Those that failed start again, and stuck ones try again. Remove the cause first.', look: 'primary' },
  stop: { label: 'Stop', does: 'It starts no more, and cannot go on. What moves goes on to its end.', look: 'danger' },
};

export function page({ id, search, refresh }) {
  const [phase, after] = [search.get('phase') ?? '', search.get('after')];
  const to = (changes) => query(`/campaigns/${part(id)}`, { phase, ...changes });
  return {
    title: ({ view }) => `${id}: ${view.campaign.percent} %`,
    load: async () => {
      const [view, members] = await Promise.all([
        get(`/api/campaigns/${part(id)}`), get(query(`/api/campaigns/${part(id)}/members`, { phase, after, limit: PAGE }))]);
      return { view, members };
    },
    render: ({ view, members }) => {
      const { campaign } = view;
      return [
        h('div', { class: 'head' },
          h('div', {}, h('p', { class: 'crumb' }, link('/campaigns', 'Campaigns')), h('h1', {}, campaign.id),
            h('p', { class: 'lead' }, quote(campaign.reason), ' Started by ', h('b', {}, campaign.requestedBy), ' ', ago(campaign.createdAt),
              campaign.incident ? [' · incident ', link(`/rotations?incident=${part(campaign.incident)}`, campaign.incident)] : null)),
          h('div', { class: 'buttons' }, view.can.map((one) => button(id, one, refresh)))),
        now(view),
        section('Exposure left', {}, table('Exposure by risk', ['Risk', 'Old value in use', 'Old one still works', 'Dead', 'Secrets'], view.exposure.map((one) => [
          one.risk ?? 'none', number(one.oldInUse), number(one.oldWorks), number(one.dead), number(one.members)]))),
        section('Failures to look at', { count: campaign.counts.stuck + campaign.counts.failed },
          view.look.length === 0 ? h('p', { class: 'faint' }, 'Nothing is stuck, and nothing failed.') : rows('Failures to look at', view.look)),
        view.waiting.length > 0 ? section('Waits for a person', { count: campaign.counts.needPerson }, rows('Waits for a person', view.waiting)) : null,
        section('Members', { count: campaign.counts.members, aside: filter(phase, to) },
          members.members.length === 0 ? empty('No member is so far.', link(to({ phase: '' }), 'All members')) : rows('Members', members.members),
          h('nav', { class: 'pages', 'aria-label': 'Pages of the members' },
            after ? h('a', { href: to({}), class: 'button' }, 'First page') : null,
            members.after ? h('a', { href: to({ after: members.after }), class: 'button' }, 'Next page') : null)),
        section('About', {}, facts(
          ['Selects', h('code', {}, campaign.selector ?? 'all')],
          ['Kind', campaign.kind],
          ['Old credentials', view.revokeFirst ? 'revoked first' : null],
          ['Pace', `${view.atOnce} at once, ${view.perProvider} at one provider`],
          ['Preview', copyable(view.previewHash)],
          ['Last change', view.changedBy ? [`${campaign.state} by ${view.changedBy} `, ago(view.changedAt), view.changedWhy ? `: ${view.changedWhy}` : ''] : null],
          ['Ended', campaign.endedAt ? ago(campaign.endedAt) : null])),
      ];
    },
  };
}

/** How far it is: the first thing that is read. */
function now(view) {
  const { campaign: { percent, counts, state } } = view;
  const tone = (campaignStates[state] ?? [])[1] ?? 'plain';
  const parts = [['toCome', 'to come'], ['moving', 'moving'], ['needPerson', 'waiting for a person'], ['stuck', 'stuck'], ['grace', 'in their grace period'], ['failed', 'failed']];
  return h('div', { class: `card state ${tone}` },
    h('div', { class: 'state-word' }, mark(campaignStates, state)),
    h('div', { class: 'state-text' },
      h('p', { class: 'slices' }, meter(counts.done, counts.members, `${percent} percent done`), ' ',
        h('span', { class: 'num' }, h('b', {}, `${percent} % done`), `, ${number(counts.inUse)} of ${count(counts.members, 'new value')} in use`,
          view.secondsLeft ? h('span', { class: 'faint' }, ` · about ${span(view.secondsLeft)} left`) : null)),
      h('p', { class: 'faint num' }, parts.filter(([key]) => counts[key] > 0).map(([key, word]) => `${number(counts[key])} ${word}`).join(' · ') || `${number(counts.done)} done`),
      whyNot(view)));
}

function whyNot(view) {
  const closed = view.can.filter((one) => !one.allowed);
  return closed.length === 0 ? null : h('p', { class: 'faint' }, 'You can read this, and not act here. ', [...new Set(closed.map((one) => one.whyNot))].join(' '));
}

function button(id, { verb, allowed }, refresh) {
  if (!allowed) return null;
  const word = words[verb];
  return h('button', { type: 'button', class: word.look ?? null, 'data-key': `do-${verb}`, onclick: () => ask({
    title: `${word.label} ${id}?`, text: word.does, button: word.label, look: word.look,
    fields: [{ name: 'reason', label: 'Reason', required: true, hint: 'Goes on record.' }],
    send: async ({ reason }) => { await post(`/api/campaigns/${part(id)}/${verb}`, { reason }); refresh(true); },
  }) }, `${word.label}…`);
}

const rows = (caption, members) => table(caption, ['No.', 'Secret', 'Stands', 'Rotation', 'Risk', 'Provider'], members.map((one) => [
  one.place, secretLink(one.secret),
  [mark(memberPhases, one.phase), one.why ? h('div', { class: 'faint clip' }, one.why) : null],
  one.rotationId ? rotationLink(one.rotationId) : '', one.risk ?? '', one.provider]));

const filter = (phase, to) => h('div', { class: 'filters' },
  h('label', { for: 'phase' }, 'Show'),
  h('select', { id: 'phase', onchange: (event) => go(to({ phase: event.target.value })) },
    h('option', { value: '' }, 'all'),
    Object.entries(memberPhases).map(([key, [word]]) => h('option', { value: key, selected: key === phase }, word.toLowerCase()))));

const number = (value) => value.toLocaleString('en-GB');
