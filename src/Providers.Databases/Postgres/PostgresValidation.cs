using Rotunda.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>Looks whether the binding can be rotated, and says exactly what is missing. Changes nothing.</summary>
internal static class PostgresValidation
{
    private const int Oldest = 140_000;

    public static async Task<StepOutcome> RunAsync(PostgresSetup setup, PostgresClient client, CancellationToken cancellationToken)
    {
        var server = await client.ServerAsync(cancellationToken);
        var at = PostgresFailures.Address(setup);
        if (server.Version < Oldest)
        {
            return StepOutcome.Rejected(
                $"The server at {at} runs PostgreSQL {server.Version / 10_000}; 14 is the oldest that is "
                    + "supported. Upgrade it.");
        }

        if (server.IsStandby)
        {
            return StepOutcome.Rejected(
                $"The server at {at} is a standby and takes no changes. Give the primary's address in "
                    + "'connection' or 'host'.");
        }

        var roles = new Dictionary<string, PostgresRole?>(StringComparer.Ordinal);
        foreach (var account in setup.Accounts)
        {
            roles[account] = await client.RoleAsync(account, setup.OwnerRole, cancellationToken);
        }

        var owner = setup.OwnerRole is null ? null : await client.RoleAsync(setup.OwnerRole, null, cancellationToken);
        var service = server.IsSuperuser ? null : await ManagedServices.RecogniseAsync(client, cancellationToken);
        var problems = PostgresAdministrator.Problems(setup, server, service, roles, owner).ToList();
        problems.AddRange(await PostgresAdministrator.GroupsAsync(setup, server, service, roles, client, cancellationToken));
        if (service is not null)
        {
            problems.AddRange(await ManagedServices.ProblemsAsync(setup, server, service, client, cancellationToken));
        }

        if (problems.Count == 0)
        {
            problems.AddRange(await RightsAsync(setup, client, [.. roles.Values.OfType<PostgresRole>()], cancellationToken));
        }

        if (problems.Count == 0 && await PostgresTrial.RefusalAsync(
            setup,
            server,
            service,
            client,
            account => PostgresMaking.StatementsAsync(setup, client, account, cancellationToken),
            cancellationToken) is { } refusal)
        {
            problems.Add(refusal);
        }

        if (problems.Count > 0)
        {
            return StepOutcome.Rejected(string.Join(' ', problems));
        }

        var open = roles.Values.OfType<PostgresRole>().Where(role => role.CanLogin).Select(role => role.Name).ToList();
        foreach (var account in open.Count > 0 ? open : [setup.Accounts[0]])
        {
            if (await PostgresLogin.ObstacleAsync(setup, account, cancellationToken) is { } obstacle)
            {
                return obstacle;
            }
        }

        var (warning, problem) = await FormAsync(setup, client, cancellationToken);
        var hidden = (await client.SessionsAsync(setup.Accounts[0], cancellationToken)).Hidden;
        return problem is not null ? StepOutcome.Rejected(problem) : StepOutcome.Done(
            ("warning", warning ?? (hidden <= 0 ? null
                : $"The server has {hidden} session(s) that it does not show to {server.Administrator}, so evidence cannot tell whether an "
                    + $"account is in use. Run: {AdvisedSql.LetSeeSessions(server.Administrator)}")),
            ("server", $"PostgreSQL {server.Version / 10_000}{(service is null ? "" : $" ({service.Name})")}"),
            ("administrator", server.Administrator),
            ("to be created", roles.FirstOrDefault(r => r.Value is null).Key));
    }

    /// <summary>Clients that know md5 alone are out once a password is kept as SCRAM.</summary>
    private static async Task<(string? Warning, string? Problem)> FormAsync(
        PostgresSetup setup,
        PostgresClient client,
        CancellationToken cancellationToken)
    {
        if (setup.PasswordEncryption is PostgresDescriptor.ScramSha256)
        {
            return (null, null);
        }

        var isDefault = await PasswordForms.DefaultAsync(client, cancellationToken) == PasswordForm.Md5;
        var md5 = new List<string>();
        foreach (var account in setup.Accounts)
        {
            if (await PasswordForms.FoundAsync(setup, client, account, cancellationToken) == PasswordForm.Md5)
            {
                md5.Add(account);
            }
        }

        if (setup.PasswordEncryption == PostgresDescriptor.KeepForm)
        {
            // Throws if the form cannot be told.
            foreach (var account in setup.Accounts)
            {
                await PasswordForms.WantedAsync(setup, client, account, cancellationToken);
            }

            return (null, null);
        }

        if (setup.PasswordEncryption == PostgresDescriptor.Md5)
        {
            return (null, !setup.InPlace || isDefault || md5.Count > 0 ? null
                : $"passwordEncryption: md5 cannot be taken for {setup.Accounts[0]}, whose password is kept as scram-sha-256: whether "
                    + "pg_hba.conf lets md5 in would be seen only after it was replaced. Say keep, or scram-sha-256.");
        }

        return (md5.Count == 0 && !isDefault ? null
            : (md5.Count > 0
                    ? $"The password of {string.Join(" and ", md5)} is kept as md5"
                    : "The server keeps new passwords as md5 (password_encryption)")
                + ", and a rotation makes it scram-sha-256: clients that know md5 alone can no longer log in. Say passwordEncryption: "
                + "keep to leave it, or scram-sha-256 if all clients know that.", null);
    }

    /// <summary>What a login alone does not show: whether each account may use the database, and whether both may do the same.</summary>
    private static async Task<IReadOnlyList<string>> RightsAsync(
        PostgresSetup setup,
        PostgresClient client,
        IReadOnlyList<PostgresRole> roles,
        CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var database = setup.Login("nobody", "").Database!;
        foreach (var role in roles)
        {
            if (await client.MayConnectAsync(role.Name, database, cancellationToken) == false)
            {
                problems.Add(
                    $"The role {role.Name} may not connect to the database {database}, by which its password is verified. Run: "
                        + $"{AdvisedSql.LetConnect(role.Name, database)} Or set 'verifyDatabase' to one that it uses.");
            }
        }

        if (!setup.InPlace && roles.Count == 2)
        {
            problems.AddRange(await PostgresAccountsAlike.DifferencesAsync(setup, client, cancellationToken));
        }

        return problems;
    }
}
