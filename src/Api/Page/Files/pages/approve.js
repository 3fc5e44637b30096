import { h } from '../dom.js';
import { get, post, part } from '../api.js';
import { ago, countdown, spanOf, secondsOf } from '../time.js';
import { states, strategies, triggers, count, levels, verbs } from '../words.js';
import { mark, facts, secretLink, rotationLink, note, quote, copyable, list, link } from '../parts.js';
import { go } from '../shell.js';
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
      const what = step?.settings?.approve === 'revoke' ? 'Revoke the old credential of' : view.plan.strategy === 'retire' ? 'End' : view.plan.strategy === 'deliver' ? 'Deliver' : 'Rotate';
      return h('div', { class: 'approve' },
        h('p', { class: 'crumb' }, rotationLink(id), ' · ', mark(states, rotation.state)),
        h('h1', {}, asks ? `${what} ${rotation.secret}?` : `${rotation.id} does not ask for approval now`),
        secret?.summary.description ? h('p', { class: 'lead' }, secret.summary.description) : null,
        asks ? null : note('ask', rotation.detail ?? 'It has been answered, or it has not come to its question yet.', ' ', rotationLink(id, 'See where it is')),
        h('div', { class: 'card' }, facts(
          ['Why', quote(rotation.reason)],
          ['Who asked', [h('b', {}, rotation.requestedBy), ' ', ago(rotation.createdAt), h('span', { class: 'faint' }, ` · ${triggers[rotation.trigger]}`), rotation.incident ? ` · ${rotation.incident}` : null]],
          ['What', [strategies[view.plan.strategy] ?? view.plan.strategy, ' ', h('span', { class: 'faint' }, `${view.plan.steps.length} steps.`)]],
          ['Changed', changes(view)],
          ['Affected', affected(view, secret)],
          ['Findings', findings(data, step)],
          ['Approvals', asked(view)],
          ['Answer by', view.progress?.waitingUntil ? [countdown(view.progress.waitingUntil), h('span', { class: 'faint' }, step?.settings?.approve === 'revoke' ? ' · then it is stuck' : ' · then it is cancelled')] : asks ? 'no end' : null],
          ['Window', secret?.window ?? null],
          ['Way back', wayBack(view, secret, step)],
          ['Plan', view.planHash ? [copyable(view.planHash, view.planHash.slice(0, 16)), ' ', h('span', { class: 'faint' }, 'frozen; this is what runs')] : null])),
        asks ? answer(view, step, problem, refresh) : null,
        h('details', { 'data-key': 'all-steps', class: 'all-steps' }, h('summary', {}, `All ${view.steps.length} steps`),
          h('ol', { class: 'plan' }, view.steps.map((one) => h('li', { class: one.state === 'done' ? 'faint' : null }, one.title,
            one.state === 'done' ? ' (done)' : null, one.undo.map((undo) => h('div', { class: 'faint undo' }, 'undo: ', undo)))))));
    },
  };
}

/** How many have approved, who they are, and who may. */
function asked(view) {
  const approval = view.approval;
  if (!approval) return null;
  const named = [...approval.roles.map((role) => `role ${role}`), ...approval.people];
  return [h('b', { class: 'approvals' }, `${approval.given} of ${approval.need}`),
    named.length > 0 ? h('span', { class: 'faint' }, ` · out of ${named.join(', ')}`) : null,
    ...approval.decisions.map((one) => h('div', { class: one.counts ? null : 'faint' }, h('b', {}, one.actor), ` ${one.verdict === 'approve' ? 'approved' : 'rejected'} `,
      ago(one.at), one.withdrawnAt ? ' (taken back)' : one.counts ? null : ' (ran out of time)', one.comment ? [': ', quote(one.comment)] : null))];
}

function changes(view) {
  if (!view.since) return 'This is the first rotation that would succeed: nothing to compare with.';
  const last = [rotationLink(view.since.rotationId), view.since.endedAt ? [', ', ago(view.since.endedAt)] : null];
  return view.since.changes.length === 0
    ? ['Nothing has changed: same targets, settings and waits as ', last, '.']
    : [list(view.since.changes), h('div', { class: 'faint' }, 'Compared with ', last, '.')];
}

function affected(view, secret) {
  const named = (kinds) => [...new Set(view.plan.steps.filter((step) => kinds.includes(step.kind) && step.target).map((step) => step.target))];
  const targets = named(['Deliver']), consumers = named(['RestartConsumers', 'VerifyConsumers', 'ScaleConsumers']);
  return [
    targets.length > 0 ? [count(targets.length, 'target'), ': ', targets.slice(0, 8).join(', '), targets.length > 8 ? ' …' : null] : 'No target',
    consumers.length > 0 ? [h('br'), count(consumers.length, 'consumer'), ': ', consumers.slice(0, 8).join(', ')] : null,
    secret?.summary.owner ? [h('br'), 'Owner: ', secret.summary.owner, secret.summary.tags?.length ? h('span', { class: 'faint' }, ` (${secret.summary.tags.join(', ')})`) : null] : null,
  ];
}

/** What a person should know before the answer: the plan's notes, what the step shows, and what the doctor found. */
function findings({ view, findings: found }, step) {
  const shown = (step?.settings?.shows ?? '').split(',').filter(Boolean).flatMap((id) =>
    Object.entries(view.steps.find((one) => one.id === id)?.facts ?? {}).map(([name, value]) => `${name}: ${value}`));
  const lines = [
    ...view.plan.warnings.map((one) => h('li', {}, mark(levels, 'warning'), ' ', one)),
    ...found.map((one) => h('li', {}, mark(levels, one.level), ` ${one.area}${one.part ? ` ${one.part}` : ''}: ${one.message}`)),
    ...shown.map((one) => h('li', {}, one)),
  ];
  return lines.length > 0 ? h('ul', { class: 'plain findings' }, lines) : 'None. What could be checked before has been checked.';
}

function wayBack(view, secret, step) {
  const oneWay = view.plan.steps.find((one) => one.settings?.forwardOnly === 'true');
  if (step?.settings?.approve === 'revoke') return 'Reject puts the old credential back. After the revoke there is none: only a new rotation.';
  if (view.plan.strategy === 'retire') return 'None after the revoke: the secret ends.';
  if (oneWay) return `None from the step “${oneWay.title}” on: a failure there stops and waits for a person.`;
  const undos = view.plan.steps.reduce((sum, one) => sum + one.undo.length, 0);
  const grace = view.plan.steps.find((one) => one.kind === 'Grace');
  const seconds = grace ? secondsOf(grace.settings?.duration) : null;
  return [`A failure undoes everything (${count(undos, 'undo')} planned). `,
    grace ? `A person can roll back for ${seconds ? spanOf(grace.settings.duration) : 'the grace period'} after the new value is in use.` : 'After the new value is in use there is no grace period.'];
}

function answer(view, step, problem, refresh) {
  const id = view.rotation.id;
  const whyNot = view.can.find((one) => one.verb === 'approve' && !one.allowed)?.whyNot;
  const mine = view.can.find((one) => one.verb === 'withdraw' && one.allowed);
  if (whyNot) {
    return [note('ask', whyNot), mine ? h('div', { class: 'buttons' },
      h('button', { type: 'button', 'data-key': 'withdraw', onclick: () => act(view, 'withdraw', verbs.withdraw, refresh) }, verbs.withdraw.label)) : null];
  }
  const comment = h('textarea', { id: 'comment', rows: 2, maxlength: 500, placeholder: 'What you looked at, or why not' });
  const send = async (verb) => {
    if (!comment.value.trim()) {
      problem.textContent = 'Say why in a few words: it goes on record with your name.';
      comment.focus();
      return;
    }
    buttons.forEach((button) => { button.disabled = true; });
    try {
      await post(`/api/rotations/${part(id)}/${verb}`, {
        reason: comment.value.trim(), ...(view.planHash ? { plan: view.planHash } : {}), ...(verb === 'approve' && step?.kind === 'Approval' ? { step: step.id } : {}),
      });
      go(`/rotations/${part(id)}`);
    } catch (failure) {
      if (failure.code === 'sign-in-again') return location.assign(`/sign-in?again=true&return=${part(`/approve/${id}`)}`);
      problem.textContent = failure.message;
      buttons.forEach((button) => { button.disabled = false; });
      refresh(true);
    }
  };
  const buttons = [
    h('button', { type: 'button', class: 'danger', 'data-key': 'reject', onclick: () => send('reject') }, 'Reject'),
    h('button', { type: 'button', class: 'primary', 'data-key': 'approve', onclick: () => send('approve') }, 'Approve'),
  ];
  return h('div', { class: 'answer' }, h('label', { for: 'comment' }, 'Comment'), comment, problem, h('div', { class: 'buttons' }, buttons));
}
