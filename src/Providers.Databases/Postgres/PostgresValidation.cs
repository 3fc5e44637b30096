using Rotunda.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>Looks whether the binding can be rotated, and says exactly what is missing. Changes nothing.</summary>
internal static class PostgresValidation
{
    private const int Oldest = 140_000;

    /// <summary>From here on, CREATEROLE alone alters no other role: it takes the ADMIN OPTION.</summary>
    private const int AdminOptionNeeded = 160_000;

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
        var problems = Problems(setup, server, roles, owner).ToList();
        if (problems.Count == 0)
        {
            problems.AddRange(await RightsAsync(setup, client, [.. roles.Values.OfType<PostgresRole>()], cancellationToken));
        }

        if (problems.Count > 0)
        {
            return StepOutcome.Rejected(string.Join(' ', problems));
        }

        foreach (var role in roles.Values.OfType<PostgresRole>().Where(role => role.CanLogin))
        {
            if (await PostgresLogin.AcceptsAnythingAsync(setup, role.Name, cancellationToken))
            {
                return StepOutcome.Rejected(PostgresLogin.TrustAdvice(setup, role.Name));
            }
        }

        var (warning, problem) = await FormAsync(setup, client, cancellationToken);
        return problem is not null ? StepOutcome.Rejected(problem) : StepOutcome.Done(
            ("warning", warning),
            ("server", $"PostgreSQL {server.Version / 10_000}"),
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

    private static IEnumerable<string> Problems(
        PostgresSetup setup,
        PostgresServer server,
        Dictionary<string, PostgresRole?> roles,
        PostgresRole? owner)
    {
        var admin = server.Administrator;
        if (setup.OwnerRole is not null && owner is null)
        {
            yield return $"The owner role {setup.OwnerRole} does not exist. Run: "
                + AdvisedSql.CreateRole(setup.OwnerRole);
        }

        if (owner is not null
            && setup.CreateAccounts
            && roles.ContainsValue(null)
            && server.Version >= AdminOptionNeeded
            && !server.IsSuperuser
            && !owner.MayAlter)
        {
            yield return $"createAccounts makes members of {owner.Name}, which needs a right. As a superuser, run: "
                + AdvisedSql.LetAdminister(owner.Name, admin);
        }

        foreach (var (name, role) in roles)
        {
            foreach (var problem in role is null ? Missing(setup, server, name) : Existing(setup, server, role, admin))
            {
                yield return problem;
            }
        }

        if (setup.InPlace && setup.Accounts[0] == admin)
        {
            yield return $"The role {admin} is the very login by which Rotunda comes in: once its password is replaced in place, Rotunda "
                + "has neither a way on nor a way back. Give Rotunda a login of its own in 'connection' that may alter this role, or "
                + "rotate it "
                + "with strategy alternate and two accounts.";
        }

        if (setup.InPlace && roles[setup.Accounts[0]] is { CanLogin: false } only)
        {
            yield return $"The role {only.Name} cannot log in (NOLOGIN). Run: {AdvisedSql.LetLogIn(only.Name)}";
        }

        foreach (var role in roles.Values.OfType<PostgresRole>().Where(role => role.Expired))
        {
            yield return $"VALID UNTIL of the role {role.Name} has passed, so no password of it works; a rotation leaves that date as it "
                + $"is. Run: {AdvisedSql.NeverExpire(role.Name)} Or give a later date.";
        }

        if (setup.EndSessions && !server.MayEndSessions)
        {
            yield return $"endSessions needs a right. As a superuser, run: {AdvisedSql.LetEndSessions(admin)}";
        }
    }

    private static IEnumerable<string> Missing(PostgresSetup setup, PostgresServer server, string name)
    {
        if (setup.InPlace || !setup.CreateAccounts)
        {
            yield return $"The role {name} does not exist. Run: {AdvisedSql.CreateRole(name)}"
                + (setup.OwnerRole is { } owner ? $" {AdvisedSql.MakeMember(name, owner)} {AdvisedSql.ActAs(name, owner)}" : "")
                + (setup.InPlace ? "" : " Or set createAccounts: true.");
        }
        else if (!server.IsSuperuser && !server.CreatesRoles)
        {
            yield return "createAccounts needs a right. As a superuser, run: "
                + AdvisedSql.LetCreateRoles(server.Administrator);
        }
    }

    private static IEnumerable<string> Existing(PostgresSetup setup, PostgresServer server, PostgresRole role, string admin)
    {
        if (!MayAlter(setup, server, role))
        {
            yield return role.IsSuperuser
                ? $"The role {role.Name} is a superuser, and only a superuser may set its password. Use a superuser in 'connection'."
                : $"The administrator {server.Administrator} may not set the password of {role.Name}. As a superuser, run: "
                    + AdvisedSql.LetCreateRoles(admin)
                    + (server.Version >= AdminOptionNeeded ? " " + AdvisedSql.LetAdminister(role.Name, admin) : "");
        }

        if (!setup.InPlace && setup.OwnerRole is not null && !role.InOwner)
        {
            yield return $"The account {role.Name} is no member of {setup.OwnerRole}. Run: "
                + $"{AdvisedSql.MakeMember(role.Name, setup.OwnerRole)} {AdvisedSql.ActAs(role.Name, setup.OwnerRole)}";
        }
    }

    private static bool MayAlter(PostgresSetup setup, PostgresServer server, PostgresRole role) =>
        server.IsSuperuser
        || (setup.InPlace && role.IsSelf)
        || (!role.IsSuperuser && server.CreatesRoles && (server.Version < AdminOptionNeeded || role.MayAlter));
}
