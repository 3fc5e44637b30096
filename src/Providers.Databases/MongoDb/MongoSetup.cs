using MongoDB.Driver;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Databases.MongoDb;

/// <summary>The settings of one binding, read.</summary>
/// <param name="Accounts">Two.</param>
internal sealed record MongoSetup(MongoUrl Url, IReadOnlyList<string> Accounts, string User, TimeSpan Timeout)
{
    /// <summary>For people.</summary>
    public string Address => string.Join(',', Url.Servers.Select(server => server.ToString()));

    /// <exception cref="MongoSetupException">The settings contradict each other, or lack something.</exception>
    public static MongoSetup Read(ProviderSettings settings)
    {
        var (url, problem) = MongoAddress.Read(settings.RequiredText(MongoDescriptor.Address), MongoDescriptor.Address);
        var accounts = settings.TextList(MongoDescriptor.Accounts);
        var user = settings.RequiredText(MongoDescriptor.User);
        var problems = new[]
        {
            problem,
            accounts.Count == 2 && accounts[0] != accounts[1] ? null : "'accounts' does not name two users. Name two that differ.",
            accounts.Contains(user)
                ? "'user' is one of the users whose passwords are set, so Rotunda would lock itself out. Give it a user of its own."
                : null,
        }.OfType<string>().ToList();
        return problems.Count == 0
            ? new(url!, accounts, user, settings.Duration(MongoDescriptor.ConnectTimeout, TimeSpan.FromSeconds(15)))
            : throw new MongoSetupException(string.Join(' ', problems));
    }

    /// <summary>Only users that the binding names are ever touched.</summary>
    public string AccountOf(CredentialHandle credential) =>
        (credential.Account ?? credential.Id) is { } account && Accounts.Contains(account, StringComparer.Ordinal)
            ? account
            : throw new MongoSetupException(
                $"The credential's user '{credential.Account ?? credential.Id}' is none of those in the settings "
                    + $"({string.Join(", ", Accounts)}). Add it there, or correct what the catalog tells as current.");
}
