import { h } from '../dom.js';
import { post, part, ApiError } from '../api.js';
import { countdown } from '../time.js';
import { brand, mark, note, link } from '../parts.js';
import { states } from '../words.js';
import { question, weighed, allSteps, answer } from '../decision.js';

const rotation = () => decodeURIComponent(location.pathname.split('/')[2] ?? '');

/** What a link of a notice asks for. To open it decides nothing. */
export async function page() {
  const code = location.hash.slice(1);
  const main = h('main', { id: 'main', class: 'alone wide decide' });
  const put = (...nodes) => main.replaceChildren(brand(), h('div', { class: 'approve' }, nodes));
  if (!code) {
    put(h('h1', {}, 'This link is not whole'), note('ask', 'What stands behind # is missing. Open the link in the mail itself, or copy all of it.'), elsewhere());
    return main;
  }
  try {
    put(...form(await post('/api/decisions/look', { code }), code, put));
  } catch (failure) {
    put(...(failure instanceof ApiError && failure.code === 'no-such-code'
      ? [h('h1', {}, 'This link is over'), note('ask', 'It was used, its time has run out, or what it asks has been answered. Nothing is decided by opening it.'), elsewhere()]
      : [h('h1', {}, 'Not now'), note('bad', failure.message, ' The link is still good.'),
        h('div', { class: 'buttons left' }, h('button', { type: 'button', onclick: () => location.reload() }, 'Try again'))]));
  }
  return main;
}

const elsewhere = () => h('p', {}, link(`/approve/${part(rotation())}`, `Sign in to see ${rotation()}`), ', or to decide there.');

function form(asked, code, put) {
  document.title = `${asked.secret}: approve or reject · Rotunda`;
  const crumb = h('p', { class: 'crumb' }, asked.rotationId, asked.state === 'open' ? [' · ', mark(states, 'waiting-for-approval')] : null);
  if (asked.state !== 'open') {
    return [crumb, h('h1', {}, `${asked.rotationId} does not ask any more`), note('ask', 'It has been answered, or it has ended.'), elsewhere()];
  }
  const step = asked.plan.find((one) => one.id === asked.stepId);
  const plan = { strategy: asked.strategy, warnings: asked.warnings, steps: asked.plan };
  const view = { rotation: asked, plan, steps: asked.plan, since: asked.since, planHash: asked.planHash };
  const problem = h('p', { class: 'problem', role: 'alert' });
  const send = async (verdict, reason) => {
    await post('/api/decisions/decide', { code, verdict, reason });
    // The code is used up; it stands in no history.
    history.replaceState(null, '', location.pathname);
    put(h('p', { class: 'crumb' }, asked.rotationId), ...decided(asked, verdict));
    scrollTo(0, 0);
  };
  return [
    crumb,
    h('h1', {}, question(plan, step, asked.secret)),
    asked.description ? h('p', { class: 'lead' }, asked.description) : null,
    h('div', { class: 'card' }, weighed({ view, step, about: asked, isReader: false, rows: [
      ['Approvals', [h('b', { class: 'approvals' }, `${asked.given} of ${asked.need}`), ' given. ',
        asked.person ? `You decide as ${asked.person}.` : [`You have to be signed in here with the role ${asked.role}: `, link('/login', 'sign in'), ', then open the link again.']]],
      ['Answer by', [countdown(asked.until), h('span', { class: 'faint' }, ' · then this link is over')]],
    ] })),
    answer(send, problem),
    allSteps(asked.plan),
  ];
}

function decided(asked, verdict) {
  const left = asked.need - asked.given - 1;
  const by = asked.person ? ` as ${asked.person}` : '';
  const then = verdict === 'reject' ? 'It ends here, and what was done is undone. Your reason is on record.'
    : left > 0 ? `It goes on when ${left === 1 ? 'another person has' : `${left} other people have`} approved.`
      : 'It goes on by itself now.';
  return [h('h1', {}, verdict === 'approve' ? 'Approved' : 'Rejected'),
    note('ok', `You have ${verdict === 'approve' ? 'approved' : 'rejected'} ${asked.rotationId}${by}. ${then}`),
    h('p', { class: 'faint' }, 'This link is used up. You can close this page, or ', link(`/rotations/${part(asked.rotationId)}`, 'sign in to see what comes of it'), '.')];
}
