using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Calendar.Simulation;

/// <summary>Throws what becomes of rotations: how long they take, whom they wait for, and which fail.</summary>
internal static class Fates
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>After so long a person who gives no value has it expire, where the policy does not say.</summary>
    private static readonly TimeSpan UsualExpiry = TimeSpan.FromDays(14);

    /// <param name="isAway">Its provider does not work: the rotation fails.</param>
    public static RunFate Of(Policy policy, StartedBy by, bool isAway, Dice dice) => by == StartedBy.Emergency
        ? Emergency(dice)
        : isAway || dice.Chance(0.04) ? new RunFate(null, dice.Between(5 * Minute, 6 * Hour), RunEnd.Failed)
        : dice.Chance(0.01) ? new RunFate(null, dice.Between(5 * Minute, 2 * Day), RunEnd.Cancelled)
        : AskFor(policy, dice) is not { } asked ? new RunFate(null, Patience(policy), RunEnd.Failed)
        : Working(policy, asked, dice);

    /// <summary>Without faults, but with all that the policy says takes time.</summary>
    public static RunFate WithoutFaults(Policy policy) => new(10 * Minute, (15 * Minute) + Rest(policy), RunEnd.Succeeded);

    private static RunFate Emergency(Dice dice) => dice.Chance(0.05)
        ? new RunFate(null, dice.Between(Minute, Hour), RunEnd.Failed)
        : new RunFate(dice.Between(Minute, 20 * Minute), dice.Between(30 * Minute, Hour), RunEnd.Succeeded);

    private static RunFate Working(Policy policy, TimeSpan asked, Dice dice)
    {
        var work = policy.Strategy == Strategy.ReEncrypt ? dice.Between(30 * Minute, 30 * Hour) : dice.Between(Minute, 20 * Minute);
        var slow = dice.Chance(0.02) ? dice.Between(Day, 3 * Day) : TimeSpan.Zero;
        var stuck = dice.Chance(0.005) ? dice.Between(3 * Day, 12 * Day) : TimeSpan.Zero;
        var promoted = asked + work + slow + stuck + (policy.VerifierCache ?? TimeSpan.Zero);
        if (dice.Chance(0.005) && policy.Grace > Hour)
        {
            return new RunFate(promoted, promoted + dice.Between(10 * Minute, policy.Grace), RunEnd.TakenBack);
        }
        var answered = policy.Approval?.Before == ApprovalMoment.Revoke ? dice.Between(Hour, 2 * Day) : TimeSpan.Zero;
        return new RunFate(promoted, promoted + Rest(policy) + answered + dice.Between(Minute, 10 * Minute), RunEnd.Succeeded);
    }

    /// <summary>What lies between the promotion and the end.</summary>
    private static TimeSpan Rest(Policy policy) => (policy.Strategy == Strategy.InPlace ? TimeSpan.Zero : policy.Grace)
        + (policy.Evidence?.QuietFor ?? TimeSpan.Zero) + (policy.DisableFor ?? TimeSpan.Zero);

    /// <summary>How long people take before anything is touched; null where nobody answers in time.</summary>
    private static TimeSpan? AskFor(Policy policy, Dice dice)
    {
        var approved = policy.Approval?.Before == ApprovalMoment.Start || policy.Strategy == Strategy.ReEncrypt
            ? Answer(dice)
            : TimeSpan.Zero;
        var given = policy.Strategy == Strategy.Supplied ? Answer(dice) : TimeSpan.Zero;
        return approved > (policy.Approval?.Timeout ?? TimeSpan.MaxValue) || given > (policy.Ask?.ExpiresAfter ?? UsualExpiry)
            ? null
            : approved + given;
    }

    private static TimeSpan Answer(Dice dice) => dice.Chance(0.75) ? dice.Between(2 * Minute, 8 * Hour)
        : dice.Chance(0.8) ? dice.Between(8 * Hour, 6 * Day)
        : dice.Between(6 * Day, 20 * Day);

    private static TimeSpan Patience(Policy policy) =>
        policy.Approval is { Before: ApprovalMoment.Start, Timeout: { } timeout } ? timeout : policy.Ask?.ExpiresAfter ?? UsualExpiry;
}
