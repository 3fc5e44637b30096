import { h, s } from './dom.js';
import { ago, spanOf, secondsOf, titleOf } from './time.js';
import { count } from './words.js';

/** For how long the old credential had been unused, look by look, against what is asked for. */
export function evidence(points, isTold) {
  const asked = Math.max(1, ...points.map((point) => secondsOf(point.asked) ?? 0));
  const quiet = points.map((point) => point.quiet === undefined ? null : Math.max(0, secondsOf(point.quiet)));
  const most = Math.max(asked * 1.15, ...quiet.filter((one) => one !== null));
  const x = (index) => points.length === 1 ? 300 : 6 + (588 * index) / (points.length - 1), y = (value) => 74 - (66 * value) / most;
  const known = quiet.map((value, index) => [value, index]).filter(([value]) => value !== null);
  const last = points[points.length - 1];
  const now = last.quiet === undefined ? 'Nothing told of its use' : secondsOf(last.quiet) <= 0 ? 'In use' : `Unused for ${spanOf(last.quiet)}`;
  return h('figure', { class: 'evidence' },
    s('svg', { viewBox: '0 0 600 80', role: 'img', 'aria-labelledby': 'evidence-words', preserveAspectRatio: 'none' },
      s('line', { x1: 0, y1: y(asked), x2: 600, y2: y(asked), class: 'asked' }),
      s('polyline', { points: known.map(([value, index]) => `${x(index)},${y(value)}`).join(' '), class: 'spark' }),
      // Lines without length: their round ends stay round however wide the picture is drawn.
      points.map((point, index) => s('path', {
        d: `M${x(index)} ${quiet[index] === null ? 74 : y(quiet[index])}h.01`,
        class: `spark-dot ${quiet[index] === null ? 'none' : quiet[index] === 0 ? 'used' : ''}`,
      }, s('title', {}, `${titleOf(point.at)}: ${point.detail ?? ''}`)))),
    h('div', { class: 'evidence-axis faint num' }, ago(points[0].at), points.length > 1 ? ago(last.at) : null),
    h('figcaption', { id: 'evidence-words' }, `${now} at the last of ${count(points.length, 'look')}. The line is how long it had been unused; red: in use. The dashed line is what is asked for: ${spanOf(last.asked)}.`,
      last.detail && !isTold ? h('div', { class: 'faint' }, last.detail) : null));
}
