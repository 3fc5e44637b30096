using System.Security.Cryptography;
using System.Text;
using Rotunda.Interpreter;
using Rotunda.Leaks.Run;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>The desk as leaks see it.</summary>
public sealed class LeakPort(
    ICatalogSource catalog, RotationDesk desk, RotationControl control, OrphanDesk orphans, NoticeDispatch dispatch, TimeProvider time)
    : ILeakDesk
{
    private const string By = "leak-intake";
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(10);

    public DateTimeOffset Now => time.GetUtcNow();

    public RotationCatalog? Catalog => catalog.Current;

    public async Task<LeakStart> StartEmergencyAsync(
        string secret, string reason, string by, string incident, string startKey, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(s_fresh, cancellationToken);
        if (catalog.Current is null)
        {
            return new LeakStart(null, null);
        }

        var request = new StartRequest(secret, RotationTrigger.Emergency, reason, by, incident, StartKey: startKey);
        var outcome = await desk.StartAsync(request, cancellationToken);
        return outcome.Kind switch
        {
            StartOutcomeKind.Started or StartOutcomeKind.Existing => new LeakStart(outcome.RotationId, null),
            StartOutcomeKind.Conflict => new LeakStart(null, null),
            _ => new LeakStart(null, outcome.Message ?? "no plan can be made"),
        };
    }

    public async Task<string?> EndGraceAsync(string rotationId, string reason, CancellationToken cancellationToken)
    {
        var message = new ControlMessage(ControlVerb.SkipGrace, By, reason);
        var outcome = await control.SendAsync(rotationId, message, cancellationToken);
        return outcome.Kind == ControlOutcomeKind.Accepted ? null : outcome.Message;
    }

    public async Task<string?> RevokeOrphanAsync(long credential, string reason, CancellationToken cancellationToken)
    {
        if (await orphans.ProgressAsync(credential, cancellationToken) is { IsRevoking: true })
        {
            return null;
        }

        var outcome = await orphans.SettleAsync(credential, SettleKind.Revoke, By, reason, cancellationToken);
        return outcome.Kind is SettledKind.Revoking or SettledKind.Settled or SettledKind.Unknown ? null : outcome.Message;
    }

    /// <summary>Another message or episode is another notice, and the same one is none.</summary>
    private static string KeyOf(LeakNotice notice) =>
        $"{notice.Condition}{(notice.Episode is { } episode ? $" {episode}" : "")} "
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(notice.Message)))[..12];

    public Task SendAsync(LeakNotice notice, CancellationToken cancellationToken) => dispatch.SendAsync(
        new Notice(
            NoticeKinds.Prefix + NoticeKinds.NameOf(notice.Kind), notice.Secret, notice.RotationId, KeyOf(notice), notice.Message)
        {
            Title = notice.Title,
            Condition = notice.Condition,
            Ends = notice.Ends,
        },
        cancellationToken);
}
