using Rotunda.Postgres;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>What a managed service does not allow, though the server's own catalogs would. Changes nothing.</summary>
internal static class ManagedServices
{
    /// <summary>Null for a server of one's own.</summary>
    public static async Task<ManagedService?> RecogniseAsync(PostgresClient client, CancellationToken cancellationToken)
    {
        var marks = await client.ExistingAsync([.. ManagedService.All.Select(service => service.Mark)], cancellationToken);
        return ManagedService.All.FirstOrDefault(service => marks.Contains(service.Mark, StringComparer.Ordinal));
    }

    /// <summary>What stands in the way, each with what to do.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        PostgresSetup setup,
        PostgresServer server,
        ManagedService service,
        PostgresClient client,
        CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        await AddTokenLoginsAsync(setup, service, client, problems, cancellationToken);
        if (IsOn(await client.SettingAsync("rds.restrict_password_commands", cancellationToken))
            && !await client.IsMemberOfAsync(server.Administrator, "rds_password", cancellationToken))
        {
            problems.Add(
                "This server lets only members of rds_password set passwords (rds.restrict_password_commands). As "
                    + $"{service.Grantor}, run: {AdvisedSql.MakeMember(server.Administrator, "rds_password")}");
        }

        var reserved = (await client.SettingAsync("supautils.reserved_roles", cancellationToken) ?? "")
            .Split(',', StringSplitOptions.TrimEntries).Select(name => name.TrimEnd('*'));
        if (setup.Accounts.FirstOrDefault(account => reserved.Contains(account, StringComparer.Ordinal)) is { } taken)
        {
            problems.Add(
                $"{taken} is a role of {service.Name} itself (supautils.reserved_roles), whose password only the service sets. Make roles "
                    + "of your own and name them.");
        }

        if (service.Mark == ManagedService.NeonMark && !setup.SendsText)
        {
            problems.Add(
                "Neon takes no verifier as a password, and says so only when the statement is committed. Use the provider neon-roles (or "
                    + "neon-role-password), which asks Neon itself, or set sendAs: text.");
        }

        return problems;
    }

    private static async Task AddTokenLoginsAsync(
        PostgresSetup setup,
        ManagedService service,
        PostgresClient client,
        List<string> problems,
        CancellationToken cancellationToken)
    {
        foreach (var account in setup.Accounts)
        {
            foreach (var group in service.TokenGroups)
            {
                if (await client.IsMemberOfAsync(account, group, cancellationToken))
                {
                    problems.Add(
                        $"{account} is a member of {group}: {service.Name} lets it log in by a token, and by no password. Run: "
                            + $"{AdvisedSql.LeaveGroup(account, group)} Or name another role.");
                }
            }

            if (await client.IsEntraPrincipalAsync(account, cancellationToken))
            {
                problems.Add(
                    $"{account} is a principal of Microsoft Entra: it logs in by a token, and by no password. Name a role that was made "
                        + "with a password.");
            }
        }
    }

    private static bool IsOn(string? setting) => setting is "on" or "1" or "true" or "yes";
}
