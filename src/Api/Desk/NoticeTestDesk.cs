using Rotunda.Activities.Notices;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Tries channels for a person: sends a message now, past quiet hours, and tells what came of it.</summary>
public sealed class NoticeTestDesk(ICatalogSource catalog, NoticeActivity activity, ILedger ledger, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>The names of all channels.</summary>
    public async Task<IReadOnlyList<string>> ChannelsAsync(CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(Fresh, cancellationToken);
        return [.. catalog.Current?.Notices?.Channels.Keys ?? []];
    }

    /// <param name="channels">Names of channels that there are.</param>
    public async Task<NoticeTestView> TestAsync(IReadOnlyList<string> channels, string actor, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(channels.Select(channel => OneAsync(channel, actor, cancellationToken)));
        return new NoticeTestView(results);
    }

    private async Task<NoticeTestResult> OneAsync(string channel, string actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var message = new NoticeMessage(
            $"{channel}-test-{Guid.NewGuid():N}", NoticeKind.Test, NoticeSeverity.Calm, "A test of this channel",
            $"{actor} tries whether notices arrive here. Nothing has to be done.", now)
        {
            Link = catalog.Current?.Notices?.Link,
        };
        var outcome = await activity.TryAsync(channel, message, cancellationToken);
        await ledger.AuditAsync(
            new AuditEntry(
                actor, AuditActions.NoticeTested, null, null, null, $"{channel}: {(outcome.Succeeded ? "sent" : outcome.Reason)}"),
            cancellationToken);
        return new NoticeTestResult(channel, outcome.Succeeded, outcome.Succeeded ? null : outcome.Reason);
    }
}
