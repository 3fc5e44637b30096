import { h } from '../dom.js';
import { post } from '../api.js';
import { countdown } from '../time.js';
import { note, copyable, quote, facts, list, link } from '../parts.js';

/** What a link of a notice asks for. To open it decides nothing. */
export async function page() {
  const code = location.hash.slice(1);
  const body = h('div', { class: 'card' });
  let asked;
  try {
    asked = await post('/api/decisions/look', { code });
    body.append(...form(asked, code, body));
  } catch (failure) {
    body.append(h('h1', {}, 'This link is over'), note('bad', failure.message));
  }
  return h('main', { id: 'main', class: 'alone wide decide' }, body);
}

function form(asked, code, body) {
  if (asked.state !== 'open') return [h('h1', {}, `${asked.rotationId} does not ask any more`), note('ask', 'It has been answered, or it has ended.')];
  const comment = h('textarea', { id: 'comment', rows: 2, maxlength: 500, placeholder: 'What you looked at, or why not' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const send = async (verdict) => {
    if (!comment.value.trim()) {
      problem.textContent = 'Say why in a few words: it goes on record.';
      return comment.focus();
    }
    buttons.forEach((button) => { button.disabled = true; });
    try {
      const answer = await post('/api/decisions/decide', { code, verdict, reason: comment.value.trim() });
      history.replaceState(null, '', location.pathname);
      body.replaceChildren(h('h1', {}, verdict === 'approve' ? 'Approved' : 'Rejected'), note('ok', answer.message));
    } catch (failure) {
      problem.textContent = failure.message;
      buttons.forEach((button) => { button.disabled = false; });
    }
  };
  const buttons = [
    h('button', { type: 'button', class: 'danger', 'data-key': 'reject', onclick: () => send('reject') }, 'Reject'),
    h('button', { type: 'button', class: 'primary', 'data-key': 'approve', onclick: () => send('approve') }, 'Approve'),
  ];
  return [
    h('h1', {}, `${asked.asks}: ${asked.secret}`),
    facts(
      ['Why', quote(asked.reason)],
      ['Who asked', h('b', {}, asked.requestedBy)],
      ['Approvals', [h('b', { class: 'approvals' }, `${asked.given} of ${asked.need}`), ' given. ',
        asked.person ? `You decide as ${asked.person}.` : [`You have to be signed in here with the role ${asked.role}: `, link('/login', 'sign in'), ', then open the link again.']]],
      ['Findings', asked.warnings.length > 0 ? list(asked.warnings) : 'None. What could be checked before has been checked.'],
      ['Answer by', [countdown(asked.until), h('span', { class: 'faint' }, ' · then this link is over')]],
      ['Plan', [copyable(asked.planHash, asked.planHash.slice(0, 16)), ' ', h('span', { class: 'faint' }, 'frozen; this is what runs')]]),
    h('details', {}, h('summary', {}, `All ${asked.steps.length} steps`), h('ol', { class: 'plan' }, asked.steps.map((one) => h('li', {}, one)))),
    h('label', { for: 'comment' }, 'Comment'), comment, problem, h('div', { class: 'buttons' }, buttons)];
}
