using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>Which rotation a person means: its id, or its secret's name for the one that is open.</summary>
internal static class RotationName
{
    public const string Description = "The rotation's id, for example sample-jwt-3, or its secret's name for the one that is open.";

    /// <summary>The rotation to show: of a secret the open one, else the newest.</summary>
    public static async Task<string> ToShowAsync(ApiClient client, string given, CancellationToken cancellationToken) =>
        await NewestAsync(client, given, cancellationToken) is { } newest ? newest.Id : given;

    /// <summary>The rotation to steer.</summary>
    /// <exception cref="CommandException">It is a secret's name, and none of its rotations is open.</exception>
    public static async Task<string> ToSteerAsync(ApiClient client, string given, CancellationToken cancellationToken) =>
        await NewestAsync(client, given, cancellationToken) is not { } newest ? given
        : !newest.State.IsFinal() ? newest.Id
        : throw new CommandException(
            ExitCodes.Refused,
            $"{given} has no open rotation: the last one, {newest.Id}, {ControlWords.Is(newest.State)}. "
                + $"See 'rotunda show {newest.Id}', or start another with 'rotunda rotate {given}'.");

    /// <summary>Null where the text is no secret's name, or the secret was never rotated. An open rotation is the newest.</summary>
    private static async Task<RotationSummary?> NewestAsync(ApiClient client, string given, CancellationToken cancellationToken) =>
        (await client.GetAsync(
            $"api/rotations?secret={Uri.EscapeDataString(given)}&limit=1", ApiJson.Default.RotationList, cancellationToken))
        .Rotations is [var newest, ..] ? newest : null;
}
