import { h, swap } from './dom.js';
import { get, background, ApiError } from './api.js';
import { startClock } from './time.js';
import { dialogIsOpen } from './dialog.js';
import { onLive, startLive, stopLive, lost, back } from './live.js';
import { shell, setMe, markPlace, onGo, onKey } from './shell.js';
import { note, empty, link } from './parts.js';
import { plain } from './words.js';

const routes = [
  [/^\/(?:calendar)?$/, 'home'],
  [/^\/secrets$/, 'secrets'],
  [/^\/secrets\/([^/]+)$/, 'secret'],
  [/^\/rotations$/, 'rotations'],
  [/^\/approve\/([^/]+)$/, 'approve'],
  [/^\/provide\/([^/]+)$/, 'provide'],
  [/^\/rotations\/([^/]+)$/, 'rotation'],
  [/^\/campaigns$/, 'campaigns'],
  [/^\/campaigns\/([^/]+)$/, 'campaign'],
  [/^\/incidents$/, 'incidents'],
  [/^\/incidents\/([^/]+)$/, 'rotations'],
  [/^\/audit$/, 'audit'],
  [/^\/(?:catalog|doctor|orphans)$/, 'catalog'],
  [/^\/reports$/, 'reports'],
  [/^\/tokens$/, 'tokens'],
];

const root = document.getElementById('app');
let frame = null, current = null, turn = 0, ahead = null;

async function start() {
  if (location.pathname.startsWith('/decide/')) return byLink();
  let answer;
  try {
    // A one-time link is all that it needs: nobody has to sign in.
    if (location.pathname.startsWith('/provide/') && location.hash.length > 1) {
      const { alone } = await import('./pages/provide.js');
      startClock();
      return root.replaceChildren(await alone());
    }
    answer = await get('/api/me');
  } catch (problem) {
    root.replaceChildren(h('main', { id: 'main', class: 'alone' }, note('bad', problem.message, ' This page tries again.')));
    setTimeout(start, 3000);
    return;
  }
  if (!answer.signedIn || location.pathname === '/login') return signIn(answer);
  setMe(answer);
  // What it shows is asked for before the frame is drawn: the server answers meanwhile.
  ahead = begin();
  frame = shell();
  root.replaceChildren(frame.node);
  startClock();
  onLive({
    change: refresh,
    away: () => say('The server does not answer. What you see may be old; this page tries again.'),
    back: () => say(null),
    signedOut: () => signIn(),
  });
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', follow);
  addEventListener('popstate', () => show());
  onGo(goTo);
  await show();
  startLive(answer.live);
}

/** A link of a notice: for whoever has it, signed in or not. */
async function byLink() {
  const { page } = await import('./pages/decide.js');
  document.title = 'Decide · Rotunda';
  startClock();
  root.replaceChildren(await page());
}

async function signIn(answer) {
  stopLive();
  current = null;
  const { page } = await import('./pages/signin.js');
  document.title = 'Sign in · Rotunda';
  root.replaceChildren(await page(answer));
}

function say(text) {
  frame.banner.hidden = !text;
  frame.banner.textContent = text ?? '';
}

/** Links within the page do not load it anew. */
function follow(event) {
  const a = event.target.closest?.('a[href]');
  if (!a || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(a.href);
  if (url.origin !== location.origin || a.target || a.hasAttribute('download') || !routes.some(([path]) => path.test(url.pathname))) return;
  event.preventDefault();
  goTo(url.pathname + url.search);
}

let released = Promise.resolve(), release = () => {};
document.addEventListener('pointerdown', () => { released = new Promise((resolve) => { release = resolve; }); }, true);
for (const name of ['pointerup', 'pointercancel', 'dragend']) document.addEventListener(name, () => setTimeout(release), true);
addEventListener('blur', () => release());

function goTo(path) {
  if (path !== location.pathname + location.search) history.pushState(null, '', path);
  show(true);
}

/** The page of the address, and what it shows, on the way; null where there is none. */
function begin() {
  const [match, name] = routes.map(([path, name]) => [path.exec(location.pathname), name]).find(([match]) => match) ?? [];
  if (!match) return null;
  const view = (async () => {
    const { page } = await import(`./pages/${name}.js`);
    return page({ id: match[1] ? decodeURIComponent(match[1]) : null, search: new URLSearchParams(location.search), refresh });
  })();
  const data = view.then((made) => made.load());
  // Whoever shows it hears of a failure.
  data.catch(() => {});
  return { view, data };
}

async function show(moved) {
  const mine = ++turn;
  markPlace(location.pathname);
  try {
    const begun = ahead ?? begin();
    ahead = null;
    if (!begun) return put('Not found', [empty('There is nothing at this address.', link('/', 'Home'))], moved);
    const view = await begun.view, data = await begun.data;
    if (mine !== turn) return;
    current = { view, seen: JSON.stringify(data) };
    back();
    put(view.title(data), view.render(data), moved);
    view.after?.();
  } catch (problem) {
    if (mine === turn) failed(problem, moved);
  }
}

function put(title, nodes, moved) {
  document.title = `${title} · Rotunda`;
  frame.main.replaceChildren(...[nodes].flat(Infinity).filter(Boolean));
  if (!moved) return;
  scrollTo(0, 0);
  frame.main.focus({ preventScroll: true });
}

function failed(problem, moved) {
  current = null;
  if (problem instanceof ApiError && problem.status === 401) return signIn();
  lost(problem);
  put(problem.status === 404 ? 'Not found' : 'Problem', [note(problem.status === 404 ? 'ask' : 'bad', plain(problem.message))], moved);
}

/** Reads anew what is shown. Nothing moves where nothing has changed. */
async function refresh(now) {
  if (!frame?.node.isConnected) return;
  if (!current) return show();
  if (dialogIsOpen() && !now) return;
  const { view } = current;
  // What to look at is on record itself, so looking by itself would never end.
  if (view.still && !now) return;
  try {
    const data = await (now ? view.load() : background(() => view.load()));
    if (current?.view !== view) return;
    const seen = JSON.stringify(data);
    back();
    if (seen === current.seen) return;
    // A button that is replaced while it is pressed would do nothing.
    await released;
    if (current?.view !== view) return;
    current.seen = seen;
    document.title = `${view.title(data)} · Rotunda`;
    swap(frame.main, ...[view.render(data)].flat(Infinity).filter(Boolean));
    view.after?.();
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 401) return signIn();
    lost(problem);
  }
}

start();
