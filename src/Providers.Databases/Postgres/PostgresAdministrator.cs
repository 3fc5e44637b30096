using Rotunda.Postgres;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>Looks whether the roles are there and the administrator may do to them what a rotation does. Changes nothing.</summary>
internal static class PostgresAdministrator
{
    /// <summary>From here on, CREATEROLE alone alters no other role: it takes the ADMIN OPTION.</summary>
    private const int AdminOptionNeeded = 160_000;

    /// <summary>Groups that a new account becomes a member of, and whose members the administrator may not make.</summary>
    public static async Task<IReadOnlyList<string>> GroupsAsync(
        PostgresSetup setup,
        PostgresServer server,
        ManagedService? service,
        Dictionary<string, PostgresRole?> roles,
        PostgresClient client,
        CancellationToken cancellationToken)
    {
        if (server.IsSuperuser || server.Version < AdminOptionNeeded || !setup.CreateAccounts || !roles.ContainsValue(null)
            || roles.Values.OfType<PostgresRole>().FirstOrDefault() is not { } model)
        {
            return [];
        }

        return [.. (await client.GroupsNotAdministeredAsync(model.Name, cancellationToken)).Where(group => group != setup.OwnerRole).Select(
            group => $"createAccounts makes the new account a member of {group}, as {model.Name} is, which needs a right. {By(service)}, "
                + $"run: {AdvisedSql.LetAdminister(group, server.Administrator)}")];
    }

    /// <summary>What is wrong with the roles, or missing, each with what to do.</summary>
    public static IEnumerable<string> Problems(
        PostgresSetup setup,
        PostgresServer server,
        ManagedService? service,
        Dictionary<string, PostgresRole?> roles,
        PostgresRole? owner)
    {
        var (admin, by) = (server.Administrator, By(service));
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
            yield return $"createAccounts makes members of {owner.Name}, which needs a right. {by}, run: "
                + AdvisedSql.LetAdminister(owner.Name, admin);
        }

        foreach (var (name, role) in roles)
        {
            foreach (var problem in role is null ? Missing(setup, server, name, by) : Existing(setup, server, role, admin, by))
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

        if (setup.EndSessions && !server.MayEndSessions && roles.Values.Any(role => role is not { MayEnd: true }))
        {
            yield return $"endSessions needs a right. {by}, run: "
                + (server.Version >= AdminOptionNeeded ? AdvisedSql.LetEndSessionsAtOnce(admin) : AdvisedSql.LetEndSessions(admin));
        }
    }

    private static IEnumerable<string> Missing(PostgresSetup setup, PostgresServer server, string name, string by)
    {
        if (setup.InPlace || !setup.CreateAccounts)
        {
            yield return $"The role {name} does not exist. Run: {AdvisedSql.CreateRole(name)}"
                + (setup.OwnerRole is { } owner ? $" {AdvisedSql.MakeMember(name, owner)} {AdvisedSql.ActAs(name, owner)}" : "")
                + (setup.InPlace ? "" : " Or set createAccounts: true.");
        }
        else if (!server.IsSuperuser && !server.CreatesRoles)
        {
            yield return $"createAccounts needs a right. {by}, run: "
                + AdvisedSql.LetCreateRoles(server.Administrator);
        }
    }

    private static IEnumerable<string> Existing(
        PostgresSetup setup,
        PostgresServer server,
        PostgresRole role,
        string admin,
        string by)
    {
        if (!MayAlter(setup, server, role))
        {
            yield return role.IsSuperuser
                ? $"The role {role.Name} is a superuser, and only a superuser may set its password. Use a superuser in 'connection'."
                : $"The administrator {server.Administrator} may not set the password of {role.Name}. {by}, run: "
                    + AdvisedSql.LetCreateRoles(admin)
                    + (server.Version >= AdminOptionNeeded ? " " + AdvisedSql.LetAdminister(role.Name, admin) : "");
        }

        if (!setup.InPlace && setup.OwnerRole is not null && !role.InOwner)
        {
            yield return $"The account {role.Name} is no member of {setup.OwnerRole}. Run: "
                + $"{AdvisedSql.MakeMember(role.Name, setup.OwnerRole)} {AdvisedSql.ActAs(role.Name, setup.OwnerRole)}";
        }
        else if (!setup.InPlace && setup.OwnerRole is not null && !role.ActsAsOwner)
        {
            yield return $"The account {role.Name} is a member of {setup.OwnerRole} and may not act as it (SET FALSE). Run: "
                + AdvisedSql.MakeMemberWith(role.Name, setup.OwnerRole, set: true);
        }
    }

    private static bool MayAlter(PostgresSetup setup, PostgresServer server, PostgresRole role) =>
        server.IsSuperuser
        || (setup.InPlace && role.IsSelf)
        || (!role.IsSuperuser && server.CreatesRoles && (server.Version < AdminOptionNeeded || role.MayAlter));

    /// <summary>A managed service has no superuser to be had.</summary>
    private static string By(ManagedService? service) => service is null ? "As a superuser" : $"As {service.Grantor}";
}
