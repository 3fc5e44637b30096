import { h } from '../dom.js';
import { get, post, part } from '../api.js';
import { ago } from '../time.js';
import { states, verbs } from '../words.js';
import { mark, rotationLink, note, quote } from '../parts.js';
import { go } from '../shell.js';
import { question, weighed, allSteps, answer, untilAnswered } from '../decision.js';
import { act } from './rotation.js';

export function page({ id, refresh }) {
  // One for all times that it is shown: what went wrong stays while things change around it.
  const problem = h('p', { class: 'problem', role: 'alert' });
  return {
    title: () => `Approve ${id}`,
    async load() {
      const view = await get(`/api/rotations/${part(id)}`);
      const [secret, doctor] = await Promise.all([
        get(`/api/secrets/${part(view.rotation.secret)}`).catch(() => null),
        get('/api/doctor?last=true').catch(() => null),
      ]);
      return { view, secret, findings: (doctor?.findings ?? []).filter((one) => one.secret === view.rotation.secret) };
    },
    render: (data) => {
      const { view, secret } = data;
      const rotation = view.rotation;
      const asks = view.can.some((one) => one.verb === 'approve');
      const step = view.plan.steps.find((one) => one.id === view.progress?.stepId);
      return h('div', { class: 'approve' },
        h('p', { class: 'crumb' }, rotationLink(id), ' · ', mark(states, rotation.state)),
        h('h1', {}, asks ? question(view.plan, step, rotation.secret) : `${rotation.id} does not ask for approval now`),
        secret?.summary.description ? h('p', { class: 'lead' }, secret.summary.description) : null,
        asks ? null : note('ask', rotation.detail ?? (view.approval && view.approval.given >= view.approval.need ? 'It has been approved.' : 'It has been answered, or it has not come to its question yet.'), ' ', rotationLink(id, 'See where it is')),
        h('div', { class: 'card' }, weighed({ view, step, found: data.findings, about: secret ? { ...secret.summary, window: secret.window } : null, rows: [
          ['Approvals', asked(view)],
          ['Answer by', asks ? (view.progress?.waitingUntil ? untilAnswered(view.progress.waitingUntil, step) : 'no end') : null],
        ] })),
        asks ? decide(view, step, problem, refresh) : null,
        allSteps(view.steps));
    },
  };
}

/** Who decided by a link is on record as "link [anna]". */
const personOf = (actor) => actor.replace(/^link \[(.*)\]$/, '$1 (by a link)');

/** How many have approved, who they are, and who may. */
function asked(view) {
  const approval = view.approval;
  if (!approval) return null;
  const named = [...approval.roles.map((role) => `role ${role}`), ...approval.people];
  return [h('b', { class: 'approvals' }, `${approval.given} of ${approval.need}`),
    named.length > 0 ? h('span', { class: 'faint' }, ` · out of ${named.join(', ')}`) : null,
    ...approval.decisions.map((one) => h('div', { class: one.counts ? null : 'faint' }, h('b', {}, personOf(one.actor)), ` ${one.verdict === 'approve' ? 'approved' : 'rejected'} `,
      ago(one.at), one.withdrawnAt ? ' (taken back)' : one.counts ? null : ' (ran out of time)', one.comment ? [': ', quote(one.comment)] : null))];
}

function decide(view, step, problem, refresh) {
  const id = view.rotation.id;
  const whyNot = view.can.find((one) => one.verb === 'approve' && !one.allowed)?.whyNot;
  const mine = view.can.find((one) => one.verb === 'withdraw' && one.allowed);
  if (whyNot) {
    return [note('ask', whyNot), mine ? h('div', { class: 'buttons' },
      h('button', { type: 'button', 'data-key': 'withdraw', onclick: () => act(view, 'withdraw', verbs.withdraw, refresh) }, verbs.withdraw.label)) : null];
  }
  return answer(async (verb, reason) => {
    try {
      await post(`/api/rotations/${part(id)}/${verb}`, {
        reason, ...(view.planHash ? { plan: view.planHash } : {}), ...(verb === 'approve' && step?.kind === 'Approval' ? { step: step.id } : {}),
      });
      go(`/rotations/${part(id)}`);
    } catch (failure) {
      if (failure.code === 'sign-in-again') return location.assign(`/sign-in?again=true&return=${part(`/approve/${id}`)}`);
      refresh(true);
      throw failure;
    }
  }, problem);
}
