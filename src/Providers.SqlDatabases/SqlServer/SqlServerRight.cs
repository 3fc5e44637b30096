namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>Something that a login has on the server, or a user in a database, by itself and not through a role.</summary>
/// <param name="Kind">role, permission or owner.</param>
/// <param name="State">Of a permission: GRANT, DENY or GRANT_WITH_GRANT_OPTION.</param>
/// <param name="Name">Of the role, the permission or the thing owned.</param>
/// <param name="Target">As GRANT names it after ON; empty for the server or the database itself.</param>
internal sealed record SqlServerRight(string Kind, string State, string Name, string Target)
{
    private const string Role = "role";
    private const string Owner = "owner";

    public bool IsRole => Kind == Role;

    /// <summary>It makes the login one that only CONTROL SERVER may change.</summary>
    public bool IsHighest => (IsRole && Name == "sysadmin") || this is { Kind: "permission", Name: "CONTROL SERVER", State: not "DENY" };

    /// <summary>For people: "is in the role x".</summary>
    public string Told => Kind switch
    {
        Role => $"is in the role {Name}",
        Owner => $"owns {Target}",
        _ => $"has {State.Replace('_', ' ')} {Name}{(Target.Length > 0 ? $" on {Target}" : "")}",
    };

    /// <summary>What gives another account the same.</summary>
    public string Mend(string account, bool onServer) => Kind switch
    {
        Role => $"Run: {SqlServerStatements.AddMember(Name, account, onServer)}",
        Owner => "Let a role own it, and make both members of that role (ALTER AUTHORIZATION).",
        _ when Target.Length > 0 && !Target.Contains("::") => "Grant it to both, or revoke it.",
        _ => $"Run: {SqlServerStatements.Give(State, Name, Target, account)}",
    };
}
