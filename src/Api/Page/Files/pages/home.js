import { h, s, swap } from '../dom.js';
import { get } from '../api.js';
import { ago, countdown, clockOf, titleOf } from '../time.js';
import { count, groups, states, leaks, campaignStates, plain } from '../words.js';
import { me } from '../shell.js';
import { withoutTitle } from '../standing.js';
import { mark, icon, secretLink, rotationLink, section, empty, noSecrets, note, meter, link } from '../parts.js';

export function page({ refresh }) {
  const week = h('div', { class: 'week' });
  let counting = null;
  return {
    title: () => 'Home',
    async load() {
      const data = await get('/api/home');
      // What always differs says nothing new.
      delete data.at;
      if (data.counts) delete data.counts.at;
      return data;
    },
    render: (data) => [
      h('h1', {}, 'Home'),
      data.counts?.secrets === 0 ? noSecrets() : lead(data),
      data.clock ? note('bad', `The clock is not believed, so nothing is revoked: ${data.clock}`) : null,
      data.catalog ? note('bad', `The catalog cannot be used; the last good one stays in force: ${data.catalog}`) : null,
      section('Needs a person now', { count: data.counts?.needs ?? data.needs.length, class: 'first' },
        data.needs.length === 0
          ? empty('Nothing needs you.', 'Approvals, what is stuck, what has drifted and what is overdue would be here, most urgent first.')
          : h('ul', { class: 'rows', role: 'list' }, data.needs.map(need)),
        data.counts && data.counts.needs > data.needs.length
          ? h('p', { class: 'more' }, me.seesAll ? [`The ${data.needs.length} most urgent of ${count(data.counts.needs, 'secret')}. `, link('/secrets', 'All, most urgent first')]
            : `${count(data.counts.needs - data.needs.length, 'other secret')} of all that Rotunda keeps need a person too: not yours, or less urgent.`)
          : null),
      exposure(data.exposure),
      section('Running', { count: data.running.length },
        data.running.length === 0
          ? empty('No rotation runs.', 'Each is shown here with its step and what it waits for, and changes while you look.')
          : h('ul', { class: 'rows', role: 'list' }, data.running.map(running))),
      section('This week', { aside: h('span', { class: 'faint' }, 'by schedule, your time') }, week),
      h('div', { class: 'pair' },
        section('Age against policy', {}, ages(data.counts)),
        section('All secrets', { count: data.counts?.secrets.toLocaleString('en-GB') }, tally(data.counts))),
    ],
    after() {
      get('/api/calendar?days=7').then((calendar) => swap(week, days(calendar)), () => {});
      const first = document.querySelector('#ages-pending');
      clearTimeout(counting);
      if (first) counting = setTimeout(refresh, 1000);
    },
  };
}

function lead(data) {
  const paused = data.running.filter((one) => one.open?.state === 'paused').length, moving = data.running.length - paused;
  const needs = data.counts?.needs ?? data.needs.length;
  return h('p', { class: 'lead' },
    needs === 0 ? 'Nothing needs a person' : `${count(needs, 'secret')} ${needs === 1 ? 'needs' : 'need'} a person`,
    moving === 0 ? ', and no rotation runs.' : `, and ${count(moving, 'rotation')} ${moving === 1 ? 'goes' : 'go'} on by ${moving === 1 ? 'itself' : 'themselves'}.`,
    paused > 0 ? ` ${count(paused, 'rotation')} ${paused === 1 ? 'is' : 'are'} paused until somebody resumes ${paused === 1 ? 'it' : 'them'}.` : null,
    data.exposure.count > 0 ? ` ${count(data.exposure.count, 'exposed value')} still ${data.exposure.count === 1 ? 'works' : 'work'}.` : null);
}

/** What others may know, and still works. */
function exposure({ secrets, count: all, campaigns }) {
  return section('Exposure', { count: all },
    all + campaigns.length === 0 ? empty('No exposed value is known to work.', 'Values that leaked, emergencies and campaigns are here until the old value is dead.')
      : h('ul', { class: 'rows', role: 'list' }, secrets.map(exposed), campaigns.map(campaign)),
    all > secrets.length ? h('p', { class: 'more' }, `And ${count(all - secrets.length, 'other')}. `, link('/incidents', 'All emergencies')) : null);
}

function exposed(one) {
  const asks = one.state === 'asked' || one.state === 'given-up';
  const href = one.rotationId ? `/rotations/${encodeURIComponent(one.rotationId)}` : asks ? `/incidents?secret=${encodeURIComponent(one.secret)}` : `/secrets/${encodeURIComponent(one.secret)}`;
  return h('li', { class: 'row' },
    h('div', { class: 'row-mark' }, mark(leaks, one.state)),
    h('div', { class: 'row-main' },
      h('a', { href, class: 'row-title', 'data-line': true, 'data-key': `exposed-${one.leak ?? one.rotationId}` }, one.secret),
      h('p', { class: 'row-text' },
        one.isReplaced ? 'Replaced, but the old value still works' : 'The value in use', one.leak ? ' was found outside: ' : ' may be known: ', one.why,
        ' · ', ago(one.since), one.incident ? ` · ${one.incident}` : null)),
    asks ? h('a', { href, class: 'button small', 'aria-label': `Act: ${one.secret}` }, 'Act') : null);
}

function campaign(one) {
  const { members, done, inUse } = one.counts;
  return h('li', { class: 'row' },
    h('div', { class: 'row-mark' }, mark(campaignStates, one.state)),
    h('div', { class: 'row-main' },
      h('a', { href: `/campaigns/${encodeURIComponent(one.id)}`, class: 'row-title', 'data-line': true, 'data-key': `campaign-${one.id}` }, `Campaign ${one.id}`),
      h('p', { class: 'row-text' }, `${one.incident ? `${one.incident} · ` : ''}${(members - inUse).toLocaleString('en-GB')} of ${count(members, 'secret')} with the old value in use`,
        inUse > done ? `, ${(inUse - done).toLocaleString('en-GB')} replaced whose old one still works` : null)),
    h('div', { class: 'row-end num' }, meter(done, members, `${one.percent} % done`), `${one.percent} %`));
}

function need(secret) {
  const open = secret.open;
  const [href, label] = secret.group === 'waiting-for-approval' ? [`/approve/${open.id}`, 'Review']
    : open?.state === 'waiting-for-value' ? [`/provide/${open.id}`, 'Give it']
    : open?.state === 'waiting-for-revoke' ? [`/rotations/${open.id}`, 'See what']
    : secret.group === 'needs-review' ? ['/incidents', 'Review']
    : secret.group === 'stuck' ? [`/rotations/${open.id}`, 'See why']
      : [`/secrets/${encodeURIComponent(secret.name)}`, 'Look'];
  return h('li', { class: 'row' },
    h('div', { class: 'row-mark' }, mark(groups, secret.group)),
    h('div', { class: 'row-main' },
      h('a', { href, class: 'row-title', 'data-line': true, 'data-key': `need-${secret.name}` }, secret.name),
      h('p', { class: 'row-text' }, sentence(secret))),
    h('a', { href, class: 'button small', 'aria-label': `${label}: ${secret.name}` }, label));
}

export function sentence(secret) {
  const open = secret.open;
  if (secret.group === 'waiting-for-approval' && open) {
    return [`${open.stepTitle}, step ${open.step} of ${open.steps}`, open.waitingUntil ? [' · ', countdown(open.waitingUntil)] : null];
  }
  if (secret.group === 'stuck' && open) return [withoutTitle(open.problem ?? secret.message, open.stepTitle), ` · step ${open.step} of ${open.steps}`];
  if (open?.state === 'waiting-for-value') return wanted(open);
  if ((secret.group === 'running' || secret.group === 'needs-value') && open) return doing(open);
  return plain(secret.message);
}

function running(secret) {
  const open = secret.open;
  if (!open) return null;
  return h('li', { class: 'row' },
    h('div', { class: 'row-mark' }, mark(states, open.state)),
    h('div', { class: 'row-main' },
      h('a', { href: `/rotations/${open.id}`, class: 'row-title', 'data-line': true, 'data-key': `run-${secret.name}` }, secret.name),
      h('p', { class: 'row-text' }, doing(open))),
    h('div', { class: 'row-end num' }, meter(open.step, open.steps, `Step ${open.step} of ${open.steps}`), `${open.step}/${open.steps}`));
}

/** What a person is to make, and by when. */
function wanted(open) {
  const what = /^Ask a person to make (.*), and (?:try its value at .*|take its value)$/.exec(open.stepTitle ?? '')?.[1];
  const due = /due by (.*)$/.exec(open.waitingFor ?? '')?.[1];
  return [what ? `Make ${what}, and give its value` : open.stepTitle, due ? `, by ${due}` : null,
    open.waitingUntil ? [' · ', countdown(open.waitingUntil), ' until it is cancelled'] : null];
}

/** A look for evidence and a slice of rows come again while nothing is wrong: only what has a problem is a try anew. */
const retry = (open) => open.attempt > 1 && open.problem && !open.waitingFor ? [`, attempt ${open.attempt}`, open.attempts >= open.attempt ? ` of ${open.attempts}` : null, ` · ${open.problem}`] : null;

const doing = (open) => [
  open.stepTitle ?? 'About to start',
  retry(open),
  open.waitingFor ? ` · waits for ${open.waitingFor}` : null,
  open.waitingUntil ? [' · ', countdown(open.waitingUntil)] : null,
];

function days(calendar) {
  const name = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
  return h('ol', { class: 'days' }, calendar.days.map((day, index) => {
    const date = new Date(`${day.date}T12:00:00Z`);
    return h('li', { class: index === 0 ? 'today' : null },
      h('div', { class: 'day-head' }, h('span', {}, index === 0 ? 'Today' : name.format(date)), h('span', { class: 'faint num' }, date.getUTCDate())),
      day.freezes.slice(0, 3).map((one) => h('p', { class: 'freeze', title: one.from ? `${titleOf(one.from)} to ${titleOf(one.until)}` : 'Its times are not known, so it holds' },
        icon('pause'), h('span', {}, `Freeze: ${one.name}${one.from ? '' : ' (not known)'}`), h('span', { class: 'faint' }, ` ${count(one.secrets, 'secret')}`))),
      day.total === 0 ? h('p', { class: 'faint none' }, 'none') : h('ul', { class: 'plain' },
        day.runs.slice(0, 5).map((run) => h('li', {},
          h('a', { href: `/secrets/${encodeURIComponent(run.secret)}`, title: `${titleOf(run.at)}${run.window ? `; window: ${run.window}` : ''}` },
            h('span', { class: 'num faint' }, clockOf(run.at)), ' ', run.secret)))),
      day.total > 5 ? h('p', { class: 'faint' }, `and ${(day.total - 5).toLocaleString('en-GB')} more`) : null);
  }));
}

/** How old the secrets are, as a part of what their policies allow. */
function ages(counts) {
  if (!counts) return h('p', { id: 'ages-pending', class: 'faint' }, 'Counting all secrets…');
  const most = Math.max(1, ...counts.ages);
  const past = counts.ages[10] + counts.ages[11];
  const names = counts.ages.map((_, index) => index < 10 ? `${index * 10} to ${index * 10 + 10} %` : index === 10 ? '100 to 150 %' : 'over 150 %');
  const width = 30, height = 96;
  return h('figure', { class: 'ages' },
    s('svg', { viewBox: `0 0 ${width * 12 + 8} ${height + 22}`, role: 'img', 'aria-labelledby': 'ages-words' },
      counts.ages.map((number, index) => {
        const tall = number === 0 ? 1 : Math.max(4, (height - 14) * number / most);
        const x = index * width + (index >= 10 ? 8 : 0);
        return s('g', {},
          s('title', {}, `${names[index]} of the interval: ${count(number, 'secret')}`),
          s('rect', { x: x + 3, y: height - tall, width: width - 6, height: tall, rx: 2, class: index >= 10 ? 'bar past' : 'bar' }),
          number > 0 ? s('text', { x: x + width / 2, y: height - tall - 4, class: 'bar-count' }, short(number)) : null);
      }),
      s('text', { x: 2, y: height + 16, class: 'axis' }, 'new'),
      s('text', { x: width * 10 - 2, y: height + 16, class: 'axis end' }, 'due'),
      s('text', { x: width * 12 + 6, y: height + 16, class: 'axis end' }, 'past')),
    h('figcaption', { id: 'ages-words' },
      past === 0 ? 'No secret is older than its policy allows.' : `${count(past, 'secret')} ${past === 1 ? 'is' : 'are'} older than the policy allows.`,
      counts.onRequest > 0 ? ` ${count(counts.onRequest, 'secret')} ${counts.onRequest === 1 ? 'rotates' : 'rotate'} on request only.` : null));
}

const short = (number) => number >= 10000 ? `${Math.round(number / 1000)}k` : number.toLocaleString('en-GB');

function tally(counts) {
  if (!counts) return h('p', { class: 'faint' }, 'Counting all secrets…');
  return [
    h('ul', { class: 'tally' }, counts.groups.filter((one) => one.secrets > 0).map((one) =>
      h('li', {}, h('a', { href: `/secrets?group=${one.group}` }, mark(groups, one.group), h('span', { class: 'num' }, one.secrets.toLocaleString('en-GB')))))),
    counts.orphans > 0
      ? h('p', { class: 'more' }, link('/catalog', `${count(counts.orphans, 'orphan')}`), ': credentials that only a person can settle.')
      : null,
  ];
}
