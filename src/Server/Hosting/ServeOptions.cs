using Rotunda.Access;
using Rotunda.Ledger.Postgres;
using Rotunda.Server.SignIn;

namespace Rotunda.Server.Hosting;

/// <param name="JsonLogs">One JSON object per line instead of text.</param>
/// <param name="Ledger">On PostgreSQL; null for the file in the data directory.</param>
/// <param name="SweepEvery">How often the schedule is looked at.</param>
/// <param name="KeepEnded">How long the task hub keeps orchestrations that have ended.</param>
/// <param name="CrashPoint">For tests: told of each crash point.</param>
internal sealed record ServeOptions(
    string Data,
    string Catalog,
    IReadOnlyList<string> Urls,
    TimeSpan SweepEvery,
    bool JsonLogs,
    TimeSpan KeepEnded,
    PostgresLedgerOptions? Ledger = null,
    Action<string>? CrashPoint = null)
{
    /// <summary>Names under which it answers, besides its addresses.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>For addresses with https; null for what the framework's own settings say.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>Where people sign in; null for login links alone.</summary>
    public ProviderOptions? Provider { get; init; }

    public SignInTimes SignIn { get; init; } = SignInTimes.Usual;

    public KnownProxies Proxies { get; init; } = KnownProxies.None;
}
