using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>Targets.</summary>
internal sealed class PlaceProvider(WorldRun world)
    : WorldProvider(world, Describe(Type, Abilities.DeliverValues | Abilities.ConfirmSync)), IDeliverValues, IConfirmSync
{
    public const string Type = "world-place";

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) =>
        World.Vendors.CallAsync(
            Id, "capture", call, acts: false,
            unit => Of(unit, call).Text is { } there ? SecretValue.FromText(there) : null,
            refusal => throw new OutcomeException(refusal), cancellationToken);

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        PutAsync("deliver", call, Text(values), cancellationToken);

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        PutAsync("restore", call, captured?.RevealText(), cancellationToken);

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken)
    {
        var text = Text(expected);
        return World.Vendors.AskAsync(
            Id, "confirm", call, acts: false,
            unit => Of(unit, call).Text is not { } there ? StepOutcome.Missing("nothing is there")
                : there == text ? StepOutcome.Done()
                : StepOutcome.Differs("something else is there"),
            cancellationToken);
    }

    private Task<StepOutcome> PutAsync(string what, ProviderCall call, string? text, CancellationToken cancellationToken) =>
        World.Vendors.AskAsync(
            Id, what, call, acts: true,
            unit =>
            {
                var place = Of(unit, call);
                World.Watch.Puts(unit, place, text, call);
                var same = place.Text == text;
                unit.Put(place, text, World.True);
                return same ? StepOutcome.AlreadyDone() : StepOutcome.Done();
            },
            cancellationToken);

    private static Place Of(Unit unit, ProviderCall call) => unit.Places[call.Settings.RequiredText("place")];

    private static string Text(DeliveredValues values) =>
        values.Primary.Value.RevealText() + (values.Secondary is { } secondary ? $"+{secondary.Value.RevealText()}" : "");
}

/// <summary>The services that read the places.</summary>
internal sealed class ConsumerProvider(WorldRun world)
    : WorldProvider(world, Describe(Type, Abilities.RestartConsumers | Abilities.CheckConsumers)), IRestartConsumers, ICheckConsumers
{
    public const string Type = "world-consumer";

    public const string Elsewhere = "it does not use what is expected yet";

    public Task<StepOutcome> RestartAsync(ProviderCall call, CancellationToken cancellationToken) =>
        World.Vendors.AskAsync(
            Id, "restart", call, acts: true,
            unit =>
            {
                unit.Restart(World.True);
                return StepOutcome.Done();
            },
            cancellationToken);

    public Task<StepOutcome> CheckAsync(ProviderCall call, ExpectedFingerprints expected, CancellationToken cancellationToken) =>
        World.Vendors.AskAsync(
            Id, "check", call, acts: false,
            unit => unit.Places.Values.Where(place => !place.IsLeft).All(place => Uses(place, expected, call.SecretSalt))
                ? StepOutcome.Done()
                : StepOutcome.RetryLater(Elsewhere),
            cancellationToken);

    private static bool Uses(Place place, ExpectedFingerprints expected, string? salt)
    {
        var parts = place.Loaded?.Split('+') ?? [];
        return parts.Length > 0 && WorldWatch.Print(parts[0], salt ?? "") == expected.Primary
            && (expected.Secondary is null || (parts.Length > 1 && WorldWatch.Print(parts[1], salt ?? "") == expected.Secondary));
    }
}
