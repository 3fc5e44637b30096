using System.Globalization;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    /// <summary>A person may name a plan by the beginning of its hash, of this length at least.</summary>
    private const int ShortestHash = 12;

    public Task<DecisionResult> DecideAsync(DecisionInput input, CancellationToken cancellationToken) =>
        WriteAsync(session => DecideAsync(session, input), cancellationToken);

    public Task<DecisionResult> WithdrawAsync(string rotationId, string actor, string reason, CancellationToken cancellationToken) =>
        WriteAsync(session => WithdrawAsync(session, rotationId, actor, reason), cancellationToken);

    public Task<IReadOnlyList<DecisionRecord>> ListDecisionsAsync(string rotationId, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DecisionRecord>>(
            async session => await session.ListAsync(LedgerSql.ListDecisions, LedgerRows.Decision, ("@id", rotationId)), cancellationToken);

    public Task<IReadOnlySet<string>> ListDecidedAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlySet<string>>(
            async session => (await session.ListAsync(LedgerSql.ListDecided, row => row.GetString(0))).ToHashSet(StringComparer.Ordinal),
            cancellationToken);

    public Task<DecisionResult> StandAsync(string rotationId, string stepId, CancellationToken cancellationToken) =>
        ReadAsync(
            async session =>
            {
                var rotation = (await RotationAsync(session, rotationId)).Record;
                var counted = Of(await CountingAsync(session, rotationId), stepId);
                return Result(DecisionOutcome.Taken, rotation.Plan, stepId, counted) with
                {
                    Round = (int)await RoundAsync(session, rotationId),
                };
            },
            cancellationToken);

    private async Task<DecisionResult> DecideAsync(LedgerSession session, DecisionInput input)
    {
        var rotation = (await RotationAsync(session, input.RotationId)).Record;
        var hash = HashOf((string)(await session.ScalarAsync(LedgerSql.PlanOf, ("@id", rotation.Id)))!);
        var standing = await CountingAsync(session, rotation.Id);
        var counted = Of(standing, input.StepId);
        var outcome = await JudgeAsync(session, input, rotation, hash, counted);
        if (outcome != DecisionOutcome.Taken)
        {
            return Result(outcome, rotation.Plan, input.StepId, counted);
        }

        var round = await RoundAsync(session, rotation.Id);
        var number = (await session.ListAsync(LedgerSql.ListDecisions, LedgerRows.Decision, ("@id", rotation.Id))).Count + 1;
        await session.RunAsync(
            LedgerSql.AddDecision,
            ("@id", rotation.Id), ("@number", number), ("@step", input.StepId), ("@round", round), ("@person", PersonOf(input.Actor)),
            ("@actor", input.Actor), ("@verdict", input.Verdict), ("@plan", hash), ("@comment", input.Comment), ("@at", Now()));
        var result = Result(
            DecisionOutcome.Taken, rotation.Plan, input.StepId, Of(await CountingAsync(session, rotation.Id), input.StepId));
        await AppendAsync(session, new AuditEntry(
            input.Actor, AuditActions.DecisionMade, rotation.Secret, rotation.Id, input.StepId,
            Json(Detail(input, hash, result), LedgerJson.Default.DictionaryStringString)));
        return result;
    }

    private async Task<DecisionOutcome> JudgeAsync(
        LedgerSession session, DecisionInput input, RotationRecord rotation, string hash, IReadOnlyList<DecisionRecord> counted)
    {
        var approves = input.Verdict == Verdicts.Approve;
        return !IsPlan(input.PlanHash, hash) ? DecisionOutcome.OtherPlan
            : approves && Actors.IsSame(input.Actor, rotation.RequestedBy) ? DecisionOutcome.OwnRequest
            : rotation.State != RotationState.WaitingForApproval ? DecisionOutcome.NotAsked
            : approves && counted.Any(one => one.Verdict == Verdicts.Reject) ? DecisionOutcome.Rejected
            : counted.Any(one => one.Person == PersonOf(input.Actor) && one.Verdict == input.Verdict) ? DecisionOutcome.AlreadyDecided
            : input.CodeHash is { } code && !await TakeCodeAsync(session, code, input, rotation, hash) ? DecisionOutcome.NoCode
            : await ReplaceAsync(session, input, counted);
    }

    /// <summary>Whoever approved and now says no takes the approval back by that.</summary>
    private async Task<DecisionOutcome> ReplaceAsync(
        LedgerSession session, DecisionInput input, IReadOnlyList<DecisionRecord> counted)
    {
        if (counted.FirstOrDefault(one => one.Person == PersonOf(input.Actor)) is { } earlier)
        {
            await session.RunAsync(
                LedgerSql.WithdrawDecision, ("@id", input.RotationId), ("@number", earlier.Number), ("@at", Now()));
        }

        return DecisionOutcome.Taken;
    }

    /// <summary>Uses it up if it is good for exactly this.</summary>
    private async Task<bool> TakeCodeAsync(
        LedgerSession session, string codeHash, DecisionInput input, RotationRecord rotation, string planHash)
    {
        var isGood = await session.FirstAsync(LedgerSql.GetCode, LedgerRows.Code, ("@hash", codeHash)) is
            { Kind: CodeKinds.Decide, UsedAt: null } code
            && code.RotationId == rotation.Id
            && code.StepId == input.StepId
            && code.PlanHash == planHash
            && code.ExpiresAt > _time.GetUtcNow()
            && (code.Person is null || Actors.IsSame(code.Person, input.Actor))
            && await session.RunAsync(LedgerSql.UseCode, ("@hash", codeHash), ("@at", Now())) == 1;
        if (isGood)
        {
            await AppendAsync(session, new AuditEntry(
                input.Actor, AuditActions.CodeUsed, rotation.Secret, rotation.Id, input.StepId, CodeKinds.Decide));
        }

        return isGood;
    }

    private async Task<DecisionResult> WithdrawAsync(LedgerSession session, string rotationId, string actor, string reason)
    {
        var rotation = (await RotationAsync(session, rotationId)).Record;
        var standing = await CountingAsync(session, rotationId);
        if (standing.FirstOrDefault(one => one.Person == PersonOf(actor) && one.Verdict == Verdicts.Approve) is not { } given)
        {
            return new DecisionResult(DecisionOutcome.NothingThere, 0, 1);
        }

        var before = Result(DecisionOutcome.TooLate, rotation.Plan, given.StepId, Of(standing, given.StepId));
        if (before.IsEnough || rotation.State != RotationState.WaitingForApproval)
        {
            return before;
        }

        await session.RunAsync(LedgerSql.WithdrawDecision, ("@id", rotationId), ("@number", given.Number), ("@at", Now()));
        await session.RunAsync(LedgerSql.EndCodes, ("@id", rotationId), ("@person", given.Person), ("@at", Now()));
        await AppendAsync(
            session, new AuditEntry(actor, AuditActions.DecisionWithdrawn, rotation.Secret, rotationId, given.StepId, reason));
        return before with { Outcome = DecisionOutcome.Taken, Given = before.Given - 1 };
    }

    /// <summary>Those that stand, of this round.</summary>
    private static async Task<List<DecisionRecord>> CountingAsync(LedgerSession session, string rotationId)
    {
        var round = await RoundAsync(session, rotationId);
        return (await session.ListAsync(LedgerSql.ListDecisions, LedgerRows.Decision, ("@id", rotationId)))
            .FindAll(one => one.Round == round && one.WithdrawnAt is null);
    }

    private static async Task<long> RoundAsync(LedgerSession session, string rotationId) =>
        Convert.ToInt64(await session.ScalarAsync(LedgerSql.Round, ("@id", rotationId)), CultureInfo.InvariantCulture);

    private static List<DecisionRecord> Of(List<DecisionRecord> standing, string stepId) =>
        standing.FindAll(one => one.StepId == stepId);

    private static DecisionResult Result(
        DecisionOutcome outcome, RotationPlan plan, string stepId, IReadOnlyList<DecisionRecord> counted) => new(
        outcome,
        counted.Count(one => one.Verdict == Verdicts.Approve),
        ApprovalRule.Of(plan.Steps.FirstOrDefault(step => step.Id == stepId)).Need,
        counted.Any(one => one.Verdict == Verdicts.Reject));

    private static bool IsPlan(string? given, string hash) =>
        given is null || (given.Length >= ShortestHash && hash.StartsWith(given, StringComparison.OrdinalIgnoreCase));

    private static string PersonOf(string actor) => Actors.PersonOf(actor).ToLowerInvariant();

    private static Dictionary<string, string> Detail(DecisionInput input, string planHash, DecisionResult result) => new()
    {
        ["verdict"] = input.Verdict,
        ["planHash"] = planHash,
        ["approvals"] = $"{result.Given} of {result.Need}",
        ["comment"] = input.Comment ?? "",
    };
}
