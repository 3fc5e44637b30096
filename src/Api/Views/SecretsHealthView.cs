namespace Rotunda.Api.Views;

/// <summary>Whether the secrets are well.</summary>
/// <param name="Status">"ok"; "warning": something waits for a person; "failing": a secret is overdue, stuck or not delivered, or
/// nothing is known.</param>
/// <param name="At">As of when; with very many secrets some time ago. Null if nothing is known.</param>
/// <param name="Secrets">How many there are.</param>
/// <param name="Groups">Each group of the status, most urgent first; also those that have none.</param>
/// <param name="Failing">The first of those that make it failing, by name, of those that the caller is told of.</param>
/// <param name="Warnings">The first of those that wait for a person otherwise.</param>
/// <param name="Orphans">Credentials that only a person can settle.</param>
/// <param name="Problems">What is wrong with all of them: a clock that is not believed, a catalog that is not in force, alerts
/// of leaks that cannot be taken.</param>
public sealed record SecretsHealthView(
    string Status,
    DateTimeOffset? At,
    int Secrets,
    IReadOnlyList<GroupCount> Groups,
    IReadOnlyList<string> Failing,
    IReadOnlyList<string> Warnings,
    int Orphans,
    IReadOnlyList<string> Problems);
