// The product's words, and the shape that goes with each: nothing is told by colour alone.

export const groups = {
  'overdue': ['Overdue', 'bad', 'triangle'],
  'stuck': ['Stuck', 'bad', 'octagon'],
  'not-delivered': ['Not delivered', 'bad', 'triangle'],
  'drifted': ['Drifted', 'bad', 'split'],
  'waiting-for-approval': ['Waits for approval', 'ask', 'diamond'],
  'needs-value': ['Needs a value', 'ask', 'diamond'],
  'needs-review': ['Needs a review', 'ask', 'diamond'],
  'running': ['Running', 'go', 'ring'],
  'not-ready': ['Not ready', 'bad', 'triangle'],
  'not-adopted': ['Not adopted', 'ask', 'diamond'],
  'not-in-catalog': ['Not in catalog', 'ask', 'diamond'],
  'due-soon': ['Due soon', 'plain', 'clock'],
  'up-to-date': ['Up to date', 'ok', 'check'],
};

export const states = {
  'planned': ['Planned', 'plain', 'dot'],
  'running': ['Running', 'go', 'ring'],
  'waiting-for-approval': ['Waits for approval', 'ask', 'diamond'],
  'waiting-for-value': ['Waits for a value', 'ask', 'diamond'],
  'waiting-for-revoke': ['Waits for a revoke by hand', 'ask', 'diamond'],
  'grace': ['Grace period', 'go', 'clock'],
  'rolling-back': ['Rolling back', 'go', 'back'],
  'stuck': ['Stuck', 'bad', 'octagon'],
  'paused': ['Paused', 'ask', 'pause'],
  'succeeded': ['Succeeded', 'ok', 'check'],
  'rolled-back': ['Rolled back', 'bad', 'back'],
  'rejected': ['Rejected', 'plain', 'cross'],
  'cancelled': ['Cancelled', 'plain', 'cross'],
  'superseded': ['Superseded', 'plain', 'dot'],
};

/** How the end of a leaked value comes. */
export const leaks = {
  'rotating': ['Rotating', 'go', 'ring'],
  'ending': ['Ending', 'go', 'back'],
  'asked': ['Needs a person', 'ask', 'diamond'],
  'waiting': ['Starts soon', 'go', 'clock'],
  'given-up': ['Given up', 'bad', 'octagon'],
};

export const campaignStates = {
  'running': ['Running', 'go', 'ring'],
  'paused': ['Paused', 'ask', 'pause'],
  'stopped': ['Stopped', 'plain', 'cross'],
  'done': ['Done', 'ok', 'check'],
};

export const memberPhases = {
  'to-come': ['To come', 'plain', 'dot'],
  'moving': ['Moving', 'go', 'ring'],
  'needs-person': ['Needs a person', 'ask', 'diamond'],
  'stuck': ['Stuck', 'bad', 'octagon'],
  'grace': ['Grace period', 'go', 'clock'],
  'done': ['Done', 'ok', 'check'],
  'failed': ['Failed', 'bad', 'cross'],
};

export const steps = {
  'to-come': ['To come', 'plain', 'dot'],
  'running': ['Running', 'go', 'ring'],
  'waiting': ['Waiting', 'ask', 'clock'],
  'done': ['Done', 'ok', 'check'],
  'failed': ['Failed', 'bad', 'cross'],
  'undone': ['Undone', 'plain', 'back'],
  // Where the rotation has ended, what was not begun never will be.
  'not-run': ['Not run', 'plain', 'dash'],
};

export const credentials = {
  'Minting': ['Minting', 'go', 'ring'],
  'Pending': ['Pending', 'go', 'ring'],
  'Active': ['Active', 'ok', 'check'],
  'Previous': ['Previous', 'ask', 'clock'],
  'Revoking': ['Revoking', 'ask', 'back'],
  'Revoked': ['Revoked', 'plain', 'cross'],
  'Orphan': ['Orphan', 'bad', 'triangle'],
  'HandedOver': ['Handed over', 'plain', 'dot'],
};

export const levels = { problem: ['Problem', 'bad', 'octagon'], warning: ['Warning', 'ask', 'triangle'] };

export const triggers = { manual: 'asked for by a person', schedule: 'by schedule', emergency: 'emergency' };

/** Verbs: what the button says, what happens, what else is asked for, and whether it is the main one or a dangerous one. */
export const verbs = {
  'provide': { label: 'Give the value', does: 'It is tried at its system before it is delivered anywhere.', look: 'primary' },
  'confirm': { label: 'It is revoked', does: 'Say that you ended the old credential at its system. Where it can be tried, it has to be refused before the rotation ends.', look: 'primary' },
  'approve': { label: 'Approve', does: 'The rotation goes on.', look: 'primary' },
  'reject': { label: 'Reject', does: 'Everything that was done is undone, and the rotation ends as rejected.', look: 'danger', again: true },
  'withdraw': { label: 'Take my approval back', does: 'It waits for another approval again.' },
  'resume': { label: 'Resume', does: 'It goes on where it was, with a new budget of attempts. Remove the cause first.', look: 'primary' },
  'skip-grace': { label: 'Skip the wait', does: 'The old credential may end earlier than its policy says. What still uses it will fail.', look: 'danger' },
  'extend-grace': { label: 'Extend the grace period', does: 'The old credential lives on for longer.', by: true },
  'pause': { label: 'Pause', does: 'It halts when the present slice is done. Resume lets it go on.' },
  'rollback': { label: 'Roll back', does: 'Everything is put back: the old credential is the current one again, and the new one is revoked.', look: 'danger' },
  'cancel': { label: 'Cancel', does: 'What was done is undone, and the rotation ends as cancelled.', look: 'danger', again: true },
};

export const strategies = {
  'overlap': 'A new credential is issued beside the old one; the old one is revoked at the end.',
  'alternate': 'A new value is set on the idle account; the account in use is locked at the end.',
  'in-place': 'One account, one value: the old value ends when the new one is applied.',
  'dual-key': 'Consumers check with both keys, then sign with the new one, then the old one is dropped.',
  're-encrypt': 'Stored data is moved to a new key, row by row; the old key is dropped at the end.',
  'supplied': 'A person brings the new value; the rest happens as with overlap.',
  'derived': 'Rendered from other secrets and delivered with them.',
  'leased': 'A lease that ends by itself: it is renewed until its maximum, and the next one is in place before that.',
  'deliver': 'Nothing new is made: the value in use is brought to its targets again.',
  'retire': 'The secret ends: its value is taken away from the targets, and its credentials are revoked.',
};

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;

/** What steps found, in words. */
const factNames = {
  rows: 'Rows', tables: 'Tables', rehearsedPerSecond: 'Rows a second in the rehearsal', estimate: 'Moving them takes', room: 'Room in the database',
  sample: 'A sample of them was', keys: 'Keys', file: 'File', mode: 'Rights of the file', value: 'Stored as', fingerprint: 'Fingerprint',
};

export const factName = (name) => factNames[name] ?? name.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`).replace(/^[a-z]/, (first) => first.toUpperCase());
/** Counts with their separators; ids and versions as they are. */
export const factText = (name, text) => !['rows', 'tables', 'rehearsedPerSecond', 'skipped', 'empty'].includes(name) ? text : String(text).replace(/(^|[\s(])(\d{4,})(?=$|[\s),;])/g, (_, before, number) => before + Number(number).toLocaleString('en-GB'));

/** Commands are for the terminal; here their place is taken by what is linked. */
export const plain = (text) => (text ?? '')
  .replace(/(The last (?:try|\d+ tries) to rotate it did not succeed): see 'rotunda show [^']+'\.?/, '$1.')
  .replace(/\s*See (?:all|it|them)? ?with:? '?rotunda [^.']+'?\.?$/, '')
  .replace(/:\s*rotunda [a-z-]+ \S+(?: --\S+ \S+)*\.?$/, '.');
