using System.Data.Common;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    public Task<IReadOnlyList<ReviewRecord>> ListReviewsAsync(bool closedToo, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ReviewRecord>>(
            async session =>
            {
                var reviews = new List<ReviewRecord>();
                foreach (var (id, opened, closed) in await session.ListAsync(LedgerSql.ListReviews, Review, ("@all", closedToo ? 1 : 0)))
                {
                    reviews.Add(new ReviewRecord(
                        (await RotationAsync(session, id)).Record, opened, closed, await ReviewersAsync(session, id)));
                }

                return reviews;
            },
            cancellationToken);

    public Task<ReviewOutcome> ReviewAsync(string rotationId, string actor, string comment, CancellationToken cancellationToken) =>
        WriteAsync(session => ReviewAsync(session, rotationId, actor, comment), cancellationToken);

    private async Task<ReviewOutcome> ReviewAsync(LedgerSession session, string rotationId, string actor, string comment)
    {
        if ((await session.ListAsync(LedgerSql.GetReview, Review, ("@id", rotationId))) is not [var (_, _, closed)])
        {
            return ReviewOutcome.NotThere;
        }

        var (rotation, given) = ((await RotationAsync(session, rotationId)).Record, await ReviewersAsync(session, rotationId));
        if (closed is not null || Actors.IsSame(rotation.RequestedBy, actor) || given.Any(one => one.Person == PersonOf(actor)))
        {
            return closed is not null ? ReviewOutcome.AlreadyClosed
                : Actors.IsSame(rotation.RequestedBy, actor) ? ReviewOutcome.OwnRequest
                : ReviewOutcome.AlreadyGiven;
        }

        await session.RunAsync(
            LedgerSql.AddReviewer,
            ("@id", rotationId), ("@person", PersonOf(actor)), ("@actor", actor), ("@comment", comment), ("@at", Now()));
        await AppendAsync(session, new AuditEntry(actor, AuditActions.ReviewGiven, rotation.Secret, rotationId, null, comment));
        if (given.Count + 1 < ReviewRecord.Need)
        {
            return ReviewOutcome.Taken;
        }

        await session.RunAsync(LedgerSql.CloseReview, ("@id", rotationId), ("@at", Now()));
        await AppendAsync(session, new AuditEntry(actor, AuditActions.ReviewClosed, rotation.Secret, rotationId, null, null));
        return ReviewOutcome.Closed;
    }

    private async Task OpenReviewAsync(LedgerSession session, RotationPlan plan)
    {
        if (plan.Review != true)
        {
            return;
        }

        await session.RunAsync(LedgerSql.OpenReview, ("@id", plan.RotationId), ("@at", Now()));
        await AppendAsync(session, new AuditEntry(
            plan.RequestedBy, AuditActions.ReviewOpened, plan.Secret, plan.RotationId, null, plan.Incident));
    }

    private static (string Id, DateTimeOffset Opened, DateTimeOffset? Closed) Review(DbDataReader row) => (
        row.GetString(0), LedgerWords.Time(row.GetString(1)), row.IsDBNull(2) ? null : LedgerWords.Time(row.GetString(2)));

    private static Task<List<ReviewerRecord>> ReviewersAsync(LedgerSession session, string rotationId) => session.ListAsync(
        LedgerSql.ListReviewers,
        row => new ReviewerRecord(row.GetString(0), row.GetString(1), row.GetString(2), LedgerWords.Time(row.GetString(3))),
        ("@id", rotationId));
}
