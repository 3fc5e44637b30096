using System.CommandLine;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

/// <summary>Options that many commands share.</summary>
internal static class CommonOptions
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = "The data directory (or ROTUNDA_DATA).",
        DefaultValueFactory = _ => FromEnvironment("ROTUNDA_DATA") ?? "data",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<string> Url = new("--url")
    {
        Description = "The server's address (or ROTUNDA_URL).",
        DefaultValueFactory = _ => FromEnvironment("ROTUNDA_URL") ?? DefaultUrl,
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<string?> Ledger = new("--ledger")
    {
        Description = "Where the ledger on PostgreSQL is: env:NAME, file:PATH or a connection string without a password (or "
            + "ROTUNDA_LEDGER). Left out: ledger.db in the data directory.",
        DefaultValueFactory = _ => FromEnvironment("ROTUNDA_LEDGER"),
        HelpName = "REF",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Write JSON for programs.",
        Recursive = true,
    };

    public const string DefaultUrl = "http://127.0.0.1:7071";

    /// <param name="patient">For what may take minutes.</param>
    public static ApiClient Client(ParseResult parsed, bool patient = false)
    {
        var address = ServerAddress.Parse(parsed.GetValue(Url)!);
        return new(address, ServerAddress.TokenFor(address, FromEnvironment("ROTUNDA_TOKEN"), () => SavedToken(parsed)), patient);
    }

    /// <summary>Null: the ledger is the file in the data directory.</summary>
    /// <exception cref="LedgerUnavailableException">The option leads to nothing.</exception>
    public static Task<PostgresLedgerOptions?> LedgerAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        PostgresLedgerSetting.ReadAsync(parsed.GetValue(Ledger), ".", Environment.GetEnvironmentVariable, cancellationToken);

    /// <exception cref="CommandException">There is none in the data directory.</exception>
    /// <exception cref="StartupException">This user may not read it.</exception>
    public static async Task<SqlLedger> OpenLedgerAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var data = DataDirectory.Look(parsed.GetValue(Data)!);
        var postgres = await LedgerAsync(parsed, cancellationToken);
        return postgres is not null || DataDirectory.Holds(data.LedgerFile)
            ? Parts.OpenLedger(data, postgres)
            : throw new CommandException(
                ExitCodes.CannotWork,
                $"There is no ledger in {data.Path}. Give the server's data directory with --data, or --ledger for one on PostgreSQL.");
    }

    public static string? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The one that the server left for this machine's command line in its data directory.</summary>
    /// <exception cref="StartupException">This user may not read it.</exception>
    private static string? SavedToken(ParseResult parsed)
    {
        var saved = DataDirectory.Look(parsed.GetValue(Data)!).CliTokenFile;
        return DataDirectory.Holds(saved, ", or set ROTUNDA_TOKEN to a token of your own") ? File.ReadAllText(saved).Trim() : null;
    }
}
