using Rotunda.Activities.Clocks;
using Rotunda.Api.Views;

namespace Rotunda.Api.Desk;

/// <summary>Whether the clock is believed, for people; and their word that it is right.</summary>
public sealed class ClockDesk(ClockWatch watch, ISystemSynchronisation system, TimeProvider time)
{
    /// <summary>As the last look found it; null while it is believed.</summary>
    public string? Doubt => watch.Doubt?.Why;

    public async Task<ClockView> LookAsync(CancellationToken cancellationToken) =>
        View((await watch.LookAsync(cancellationToken))?.Why);

    /// <summary>On record. Null, and nothing is recorded, if nothing was doubted.</summary>
    public async Task<ClockView?> ConfirmAsync(string actor, string reason, CancellationToken cancellationToken) =>
        await watch.ConfirmAsync(actor, reason, cancellationToken) is null ? null : View(why: null);

    private ClockView View(string? why) => new(time.GetUtcNow(), why is null, why, system.IsSynchronised());
}
