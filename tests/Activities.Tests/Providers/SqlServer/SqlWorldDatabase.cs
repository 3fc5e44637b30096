namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>A database of a <see cref="SqlWorld"/>.</summary>
internal sealed class SqlWorldDatabase(string name)
{
    public string Name { get; } = name;

    public string OwnerSid { get; set; } = "0x01";

    public bool IsReadOnly { get; set; }

    /// <summary>Replicas of the availability group that holds it.</summary>
    public IReadOnlyList<string> Replicas { get; set; } = [];

    public List<SqlWorldUser> Users { get; } = [];

    public SqlWorldUser? Of(string sid) => Users.Find(user => user.Sid == sid);

    public SqlWorldUser? Named(string name) => Users.Find(user => user.Name == name);
}
