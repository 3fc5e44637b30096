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
            return StepOutcome.Rejected($"{at} runs PostgreSQL {server.Version / 10_000}; 14 is the oldest that is supported.");
        }

        if (server.IsStandby)
        {
            return StepOutcome.Rejected($"{at} is a standby and takes no changes. Give the primary's address in 'connection' or 'host'.");
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

        return StepOutcome.Done(
            ("server", $"PostgreSQL {server.Version / 10_000}"),
            ("administrator", server.Administrator),
            ("to be created", roles.FirstOrDefault(r => r.Value is null).Key));
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
                    $"The role {role.Name} may not connect to the database {database}, by which its password is verified. Run: GRANT "
                        + $"CONNECT ON DATABASE {SqlText.Identifier(database)} TO {SqlText.Identifier(role.Name)}; or set "
                        + "'verifyDatabase' to one that it uses.");
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
        var admin = SqlText.Identifier(server.Administrator);
        if (setup.OwnerRole is not null && owner is null)
        {
            yield return $"The owner role {setup.OwnerRole} does not exist. Run: CREATE ROLE "
                + $"{SqlText.Identifier(setup.OwnerRole)} NOLOGIN;";
        }

        if (owner is not null
            && setup.CreateAccounts
            && roles.ContainsValue(null)
            && server.Version >= AdminOptionNeeded
            && !server.IsSuperuser
            && !owner.MayAlter)
        {
            yield return $"createAccounts makes members of {owner.Name}, which needs a right. As a superuser, run: "
                + $"{PostgresFailures.Grant(owner.Name, admin)}";
        }

        foreach (var (name, role) in roles)
        {
            foreach (var problem in role is null ? Missing(setup, server, name) : Existing(setup, server, role, admin))
            {
                yield return problem;
            }
        }

        if (setup.InPlace && roles[setup.Accounts[0]] is { CanLogin: false } only)
        {
            yield return $"The role {only.Name} cannot log in (NOLOGIN). Run: ALTER ROLE {SqlText.Identifier(only.Name)} LOGIN;";
        }

        foreach (var role in roles.Values.OfType<PostgresRole>().Where(role => role.Expired))
        {
            yield return $"VALID UNTIL of the role {role.Name} has passed, so no password of it works; a rotation leaves that date as it "
                + $"is. Run: ALTER ROLE {SqlText.Identifier(role.Name)} VALID UNTIL 'infinity'; or give a later date.";
        }

        if (setup.EndSessions && !server.MayEndSessions)
        {
            yield return $"endSessions needs a right. As a superuser, run: GRANT pg_signal_backend TO {admin};";
        }
    }

    private static IEnumerable<string> Missing(PostgresSetup setup, PostgresServer server, string name)
    {
        if (setup.InPlace || !setup.CreateAccounts)
        {
            var quoted = SqlText.Identifier(name);
            yield return $"The role {name} does not exist. Run: CREATE ROLE {quoted} NOLOGIN;"
                + (setup.OwnerRole is null
                    ? ""
                    : $" GRANT {SqlText.Identifier(setup.OwnerRole)} TO {quoted}; ALTER ROLE {quoted} SET role = "
                        + $"{SqlText.Literal(setup.OwnerRole)};")
                + (setup.InPlace ? "" : " Or set createAccounts: true.");
        }
        else if (!server.IsSuperuser && !server.CreatesRoles)
        {
            yield return "createAccounts needs a right. As a superuser, run: ALTER ROLE "
                + $"{SqlText.Identifier(server.Administrator)} CREATEROLE;";
        }
    }

    private static IEnumerable<string> Existing(PostgresSetup setup, PostgresServer server, PostgresRole role, string admin)
    {
        if (!MayAlter(setup, server, role))
        {
            yield return role.IsSuperuser
                ? $"The role {role.Name} is a superuser, and only a superuser may set its password. Use a superuser in 'connection'."
                : $"The administrator {server.Administrator} may not set the password of {role.Name}. As a superuser, run: ALTER ROLE "
                    + $"{admin} CREATEROLE;"
                    + (server.Version >= AdminOptionNeeded ? " " + PostgresFailures.Grant(role.Name, admin) : "");
        }

        if (!setup.InPlace && setup.OwnerRole is not null && !role.InOwner)
        {
            var quoted = SqlText.Identifier(role.Name);
            yield return $"The account {role.Name} is no member of {setup.OwnerRole}. Run: GRANT {SqlText.Identifier(setup.OwnerRole)} "
                + $"TO {quoted}; ALTER ROLE {quoted} SET role = {SqlText.Literal(setup.OwnerRole)};";
        }
    }

    private static bool MayAlter(PostgresSetup setup, PostgresServer server, PostgresRole role) =>
        server.IsSuperuser
        || (setup.InPlace && role.IsSelf)
        || (!role.IsSuperuser && server.CreatesRoles && (server.Version < AdminOptionNeeded || role.MayAlter));
}
