// Pieces that more than one page shows.

import { h, s } from './dom.js';
import { ago, countdown } from './time.js';

const shapes = {
  check: () => s('path', { d: 'M3.2 8.4l3 3 6.6-6.8', class: 'line' }),
  cross: () => s('path', { d: 'M4 4l8 8M12 4l-8 8', class: 'line' }),
  dash: () => s('path', { d: 'M4 8h8', class: 'line' }),
  triangle: () => [s('path', { d: 'M8 1.8l6.6 12H1.4z', class: 'full' }), s('path', { d: 'M8 6.2v3.4M8 11.6v.4', class: 'cut' })],
  octagon: () => [s('path', { d: 'M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z', class: 'full' }), s('path', { d: 'M8 4.4v4M8 11v.4', class: 'cut' })],
  diamond: () => [s('path', { d: 'M8 .9L15.1 8 8 15.1.9 8z', class: 'full' }), s('path', { d: 'M8 4.6v4M8 11v.4', class: 'cut' })],
  ring: () => [s('circle', { cx: 8, cy: 8, r: 5.6, class: 'line faint' }), s('path', { d: 'M8 2.4A5.6 5.6 0 0 1 13.6 8', class: 'line turn' })],
  clock: () => [s('circle', { cx: 8, cy: 8, r: 5.8, class: 'line' }), s('path', { d: 'M8 4.8V8l2.2 1.6', class: 'line' })],
  back: () => s('path', { d: 'M5.8 3L2.6 6.2l3.2 3.2M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6.4', class: 'line' }),
  pause: () => s('path', { d: 'M5.4 3.6v8.8M10.6 3.6v8.8', class: 'line' }),
  split: () => s('path', { d: 'M3 5h10M3 11h10M10.6 2.6L5.4 13.4', class: 'line' }),
  dot: () => s('circle', { cx: 8, cy: 8, r: 3, class: 'line' }),
};

export function icon(shape) {
  return s('svg', { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' }, shapes[shape]?.() ?? shapes.dot());
}

/** A word with its shape. */
export function mark(table, key) {
  const [word, tone, shape] = table[key] ?? [key, 'plain', 'dot'];
  return h('span', { class: `mark ${tone}` }, icon(shape), h('span', {}, word));
}

/** Whose page this is, where its frame is not around. */
export const brand = () => h('p', { class: 'crumb brand-line' }, h('img', { src: new URL('./icon.svg', import.meta.url).href, alt: '', width: 20, height: 20 }), ' Rotunda');

export const link = (href, ...text) => h('a', { href }, ...text);
export const secretLink = (name) => link(`/secrets/${encodeURIComponent(name)}`, name);
export const rotationLink = (id, ...text) => link(`/rotations/${encodeURIComponent(id)}`, ...(text.length ? text : [id]));

/** What a page says where there is nothing to show: what would be here, and how it comes here. */
export function empty(title, ...text) {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), ...text.map((line) => line instanceof Element ? line : h('p', {}, line)));
}

/** The first thing that a newcomer sees. */
export const noSecrets = () => empty('The catalog has no secrets yet.',
  'A secret comes here by the catalog: the YAML file that the server was started with. Write one into it, and have the server read it again (SIGHUP, or a new start). It is adopted as it is; nothing rotates before it is due, or before somebody asks.',
  h('pre', { class: 'sample' }, h('code', {}, `version: 1
secrets:
  session-key:
    provider: { type: generated }
    interval: 90d
    targets:
      app: { type: dotenv, path: ./app.env, keys: { SESSION_KEY: "{primary}", SESSION_KEY_OLD: "{secondary}" } }`)),
  ['Before that: ', h('code', {}, 'rotunda catalog validate FILE --live'), ' tells what is wrong with it, and ', h('code', {}, 'rotunda plan session-key'), ' what a rotation would do.']);

export function note(tone, ...content) {
  return h('div', { class: `note ${tone}` }, icon(tone === 'bad' ? 'triangle' : tone === 'ok' ? 'check' : 'diamond'), h('div', {}, ...content));
}

/** A block of the page under its own heading. */
export function section(title, props, ...children) {
  const id = props?.id ?? `s-${title.toLowerCase().replace(/[^a-z]+/g, '-')}`;
  return h('section', { class: `block ${props?.class ?? ''}`, 'aria-labelledby': id },
    h('div', { class: 'block-head' }, h('h2', { id }, title, props?.count === undefined ? null : h('span', { class: 'count num' }, props.count)), props?.aside),
    ...children);
}

/** Names and what stands for them; pairs without content are left out. */
export function facts(...pairs) {
  return h('dl', { class: 'facts' }, pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

// Safari's reader takes a list without marks for one only where its role says so.
export const list = (items) => h('ul', { class: 'plain', role: 'list' }, items.map((item) => h('li', {}, item)));

/** A table that becomes a list of cards on a narrow screen. */
export function table(caption, columns, rows) {
  return h('div', { class: 'table-wrap' }, h('table', {},
    h('caption', { class: 'hidden' }, caption),
    h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col' }, column)))),
    h('tbody', {}, rows.map((cells) => h('tr', {}, cells.map((cell, index) => h('td', { 'data-label': columns[index] }, cell)))))));
}

/** How far: as a bar, and in words for those who do not see it. */
export function meter(done, all, label) {
  const bar = h('span', { class: 'meter', role: 'img', 'aria-label': label }, h('span', {}));
  bar.firstChild.style.width = `${all > 0 ? Math.min(100, (100 * done) / all) : 0}%`;
  return bar;
}

export const waits = (open) => open.waitingFor
  ? [`Waits for ${open.waitingFor}`, open.waitingUntil ? [' · ', countdown(open.waitingUntil)] : null]
  : null;

/** A text that can be copied. */
export function copyable(text, shown = text) {
  const button = h('button', { class: 'quiet copy', type: 'button', title: `Copy ${text}`, onclick: async () => {
    await navigator.clipboard?.writeText(text);
    button.textContent = 'Copied';
  } }, 'Copy');
  return h('span', { class: 'copyable' }, h('code', { title: text }, shown), navigator.clipboard ? button : null);
}

/** Who and when, in one line. */
export const byline = (rotation) => ['Asked for by ', h('b', {}, rotation.requestedBy), ' ', ago(rotation.createdAt)];

/** The reason that somebody gave. */
export const quote = (text) => h('q', { class: 'reason' }, text);
