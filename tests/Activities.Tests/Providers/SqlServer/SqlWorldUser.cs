namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>A user of a database: of a login with the same SID, or with a password of its own.</summary>
internal sealed class SqlWorldUser(string name, string sid, string? password = null)
{
    public string Name { get; } = name;

    public string Sid { get; set; } = sid;

    public string? Password { get; set; } = password;

    public string Schema { get; set; } = "dbo";

    /// <summary>Kind, state, name, target.</summary>
    public List<string[]> Rights { get; set; } = [["permission", "GRANT", "CONNECT", ""], ["role", "", "db_datareader", ""]];

    public int Authentication => Password is null ? 1 : 2;

    public bool May(string permission) => Rights.Any(right => right[2] == permission);
}
