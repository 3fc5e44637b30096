using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Providers.Channels;

/// <summary>Sends one message by a channel, as the activity does: with a scope that takes values out of what comes back.</summary>
internal static class ChannelBench
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public static readonly NoticeMessage Message = new(
        "notice-team-0123456789abcdef", NoticeKind.Stuck, NoticeSeverity.Urgent, "payments-key: the rotation is stuck",
        "The vendor answered HTTP 500 <again> & again.\nSee: rotunda show payments-key-7", Now)
    {
        Secret = "payments-key",
        RotationId = "payments-key-7",
        Owner = "payments",
        Tags = ["production", "tier-1"],
        Link = "https://rotunda.example.com/rotations/payments-key-7",
        Condition = "emergency payments-key-7",
    };

    public static async Task<StepOutcome> SendAsync(
        IProvider channel,
        JsonObject settings,
        IReadOnlyDictionary<string, string> references,
        NoticeMessage? message = null,
        int attempt = 1)
    {
        using var scope = new SecretScope().Enter();
        var call = new ProviderCall(
            new ProviderSettings(settings, new ScopedReferences(new Known(references), scope)),
            "notices", "notices", 0, attempt, new ManualTimeProvider(Now));
        return scope.Redact(await ((ISendNotices)channel).SendAsync(call, message ?? Message, TestContext.Current.CancellationToken));
    }

    private sealed class Known(IReadOnlyDictionary<string, string> all) : IReferenceResolver
    {
        public Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken) => Task.FromResult(
            SecretValue.FromText(all.TryGetValue(reference, out var value)
                ? value
                : throw new ReferenceUnresolvedException(reference, "it is not there.")));
    }
}
