using Rotunda.Rotation.Catalog;

namespace Rotunda.Ledger.Postgres;

/// <summary>The setting that both heads take (ROTUNDA_LEDGER): where the ledger is, without a password in it.</summary>
public static class PostgresLedgerSetting
{
    /// <param name="setting">
    /// <c>env:NAME</c> or <c>file:PATH</c> for the place of a connection string, or a connection string without a password (then the
    /// login is by a Microsoft Entra token). Null or empty: the ledger is the file in the data directory.
    /// </param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="LedgerUnavailableException">It leads to nothing, or has a password in it.</exception>
    public static async Task<PostgresLedgerOptions?> ReadAsync(
        string? setting,
        string folder,
        Func<string, string?> environment,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return null;
        }

        if (!SecretReference.TryParse(setting, out var reference))
        {
            var options = new PostgresLedgerOptions { ConnectionString = setting };
            return PostgresLedgerConnection.Read(options).HasPassword
                ? throw new LedgerUnavailableException(
                    "its connection string has a password in it, where others can read it. Put the string into a file or a variable and "
                        + "give file:PATH or env:NAME.")
                : options;
        }

        if (reference is not { Scheme: SecretReference.Env or SecretReference.File, Key: null })
        {
            throw new LedgerUnavailableException(
                $"{reference} cannot tell where it is. Give env:NAME or file:PATH: it is opened before the stores.");
        }

        return new PostgresLedgerOptions { ConnectionString = await TextAsync(reference, folder, environment, cancellationToken) };
    }

    private static async Task<string> TextAsync(
        SecretReference reference,
        string folder,
        Func<string, string?> environment,
        CancellationToken cancellationToken)
    {
        if (reference.Scheme == SecretReference.Env)
        {
            return environment(reference.Name) is { Length: > 0 } value ? value
                : throw new LedgerUnavailableException(
                    $"{reference} is to tell where it is, and the environment variable {reference.Name} is not set. Set it for the "
                        + "process that Rotunda runs in.");
        }

        try
        {
            return await File.ReadAllTextAsync(Path.Combine(Path.GetFullPath(folder), reference.Name), cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LedgerUnavailableException(
                $"{reference} is to tell where it is, and cannot be read: {problem.Message} Check the "
                    + "path, and that the user Rotunda runs as may read it.",
                problem);
        }
    }
}
