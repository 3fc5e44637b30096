// The audit's hash chain, as src/Ledger/AuditChain.cs makes it: SHA-256 over the row's number and each field with its length.

const GENESIS = '0'.repeat(64);
const utf8 = new TextEncoder();

export class Chain {
  rows = 0;
  hash = GENESIS;
  problem = null;

  /** Rows in their order, going on where the ones before ended. */
  async take(rows) {
    const hashes = await Promise.all(rows.map(hashOf));
    for (const [index, row] of rows.entries()) {
      this.problem = row.sequence !== this.rows + 1 ? `Row ${this.rows + 1} is missing.`
        : row.previousHash !== this.hash ? `Row ${row.sequence} does not follow the row before it.`
          : row.hash !== hashes[index] ? `Row ${row.sequence} was changed after it was written.`
            : null;
      if (this.problem !== null) return;
      this.rows = row.sequence;
      this.hash = row.hash;
    }
  }
}

async function hashOf(row) {
  const fields = [writtenTime(row.at), row.actor, row.action, row.secret, row.rotationId, row.stepId, row.detail, row.previousHash]
    .map((field) => field === undefined || field === null ? null : utf8.encode(field));
  const bytes = new Uint8Array(8 + fields.reduce((sum, field) => sum + 4 + (field?.length ?? 0), 0));
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, BigInt(row.sequence));
  let at = 8;
  for (const field of fields) {
    view.setInt32(at, field === null ? -1 : field.length);
    at += 4;
    if (field !== null) {
      bytes.set(field, at);
      at += field.length;
    }
  }
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The time as the ledger writes it: UTC, with seven digits behind the second. */
function writtenTime(at) {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(?:Z|\+00:00)$/.exec(at);
  return found ? `${found[1]}.${(found[2] ?? '').padEnd(7, '0')}Z` : at;
}
