import { h } from './dom.js';

const MINUTE = 60, HOUR = 3600, DAY = 86400;
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const utc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "3 d 4 h", "12 min", "40 s": at most two parts. */
export function span(seconds) {
  if (seconds >= 0 && seconds < 1) return '< 1 s';
  const left = Math.max(0, Math.round(seconds));
  if (left < MINUTE) return `${left} s`;
  if (left < HOUR) return two(left, MINUTE, 'min', 1, 's', left < 10 * MINUTE);
  if (left < DAY) return two(left, HOUR, 'h', MINUTE, 'min', true);
  return two(left, DAY, 'd', HOUR, 'h', left < 30 * DAY);
}

function two(left, big, bigWord, small, smallWord, withSmall) {
  const whole = Math.floor(left / big), rest = Math.floor((left % big) / small);
  return withSmall && rest > 0 ? `${whole} ${bigWord} ${rest} ${smallWord}` : `${whole} ${bigWord}`;
}

/** Seconds of a time span as the API writes it ("30.00:00:00", "00:02:00") or as plans do ("1d12h"). */
export function secondsOf(text) {
  const planned = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text ?? '');
  if (planned) return [DAY, HOUR, MINUTE, 1].reduce((sum, unit, index) => sum + unit * Number(planned[index + 1] ?? 0), 0);
  const found = /^(-?)(?:(\d+)\.)?(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(text ?? '');
  if (!found) return null;
  const [, sign, days, hours, minutes, seconds, part] = found;
  const sum = Number(days ?? 0) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) + Number(`0.${part ?? 0}`);
  return sign ? -sum : sum;
}

export const spanOf = (text) => { const seconds = secondsOf(text); return seconds === null ? '' : span(seconds); };

export function relative(at, now = Date.now()) {
  const seconds = (now - new Date(at).getTime()) / 1000;
  if (Math.abs(seconds) < 5) return 'now';
  return seconds > 0 ? `${span(seconds)} ago` : `in ${span(-seconds)}`;
}

export const titleOf = (at) => `${absolute.format(new Date(at))} (${utc.format(new Date(at))} UTC)`;
export const dayOf = (at) => day.format(new Date(at));
export const clockOf = (at) => clock.format(new Date(at));

/** A relative time that stays true, with the absolute one on hover. */
export function ago(at) {
  return at ? h('time', { datetime: at, title: titleOf(at), 'data-rel': at, 'data-on-paper': absolute.format(new Date(at)) }, relative(at)) : '';
}

/** What is left until then, counted down. */
export function countdown(until) {
  return h('time', { class: 'num', datetime: until, title: titleOf(until), 'data-until': until }, leftUntil(until));
}

const leftUntil = (until) => {
  const seconds = (new Date(until).getTime() - Date.now()) / 1000;
  return seconds > 0 ? `${span(seconds)} left` : 'now';
};

/** Keeps all times on the page true. */
export function startClock() {
  setInterval(() => {
    for (const element of document.querySelectorAll('time[data-until]')) put(element, leftUntil(element.dataset.until));
    for (const element of document.querySelectorAll('time[data-rel]')) put(element, relative(element.dataset.rel));
  }, 1000);
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
