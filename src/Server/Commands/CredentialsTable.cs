using System.Globalization;
using Rotunda.Api.Views;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>The credentials of a secret, a row each.</summary>
internal static class CredentialsTable
{
    public static void Show(IAnsiConsole console, IReadOnlyList<CredentialView> credentials)
    {
        if (credentials.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Minimal).AddColumns("Credential", "Fingerprint", "From", "At the provider", "Note");
        foreach (var credential in credentials)
        {
            table.AddRow(
                new Text(StateOf(credential)),
                new Text(credential.Fingerprint ?? "value unknown"),
                new Text(credential.RotationNumber == 0 ? "adoption" : $"rotation {credential.RotationNumber}"),
                new Text(credential.Account ?? credential.ProviderCredentialId ?? "-"),
                new Text(credential.Note ?? ""));
        }

        console.Write(table);
    }

    private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string StateOf(CredentialView credential)
    {
        var state = credential.State.ToString().ToLowerInvariant();
        return credential.RevokedAt is not null ? state
            : credential.DisabledAt is { } disabled ? $"{state}, disabled since {Date(disabled)}"
            : credential.ExpiresAt is { } end ? $"{state}, ends at {Date(end)}" : state;
    }
}
