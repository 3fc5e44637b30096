using Rotunda.Postgres;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>How an account that is not there yet is made: like the other one.</summary>
internal static class PostgresMaking
{
    /// <summary>None if it is there.</summary>
    /// <exception cref="PostgresSetupException">It is not, and is not to be made.</exception>
    public static async Task<IReadOnlyList<string>> StatementsAsync(
        PostgresSetup setup,
        PostgresClient client,
        string account,
        CancellationToken cancellationToken)
    {
        if (setup.InPlace || await client.RoleAsync(account, setup.OwnerRole, cancellationToken) is not null)
        {
            return [];
        }

        if (!setup.CreateAccounts)
        {
            throw new PostgresSetupException(
                $"The role {account} does not exist. Create it like the other account, or set createAccounts: true.");
        }

        var other = setup.Accounts.First(name => name != account);
        var model = await client.RoleAsync(other, setup.OwnerRole, cancellationToken);
        if (model is { IsSuperuser: true })
        {
            throw new PostgresSetupException(
                $"The role {other} is a superuser; createAccounts does not make another one. Create {account} by hand.");
        }

        return [.. PostgresStatements.CreateLike(
            account,
            model,
            await GrantsAsync(setup, client, account, other, cancellationToken),
            model is null ? [] : await client.RoleSettingsAsync(other, cancellationToken),
            setup.OwnerRole)];
    }

    private static async Task<IReadOnlyList<string>> GrantsAsync(
        PostgresSetup setup,
        PostgresClient client,
        string account,
        string other,
        CancellationToken cancellationToken)
    {
        var groups = await client.MembershipsOfAsync(other, other, cancellationToken);
        var grants = groups.Select(group => PostgresMemberships.Mirror(client, account, group)).ToList();
        if (setup.OwnerRole is { } owner && !groups.Any(group => group.Group == owner && group.Sets))
        {
            grants.Add(client.Major >= PostgresMemberships.OwnOptions
                ? AdvisedSql.MakeMemberWith(account, owner, set: true)
                : AdvisedSql.MakeMember(account, owner));
        }

        return grants;
    }
}
