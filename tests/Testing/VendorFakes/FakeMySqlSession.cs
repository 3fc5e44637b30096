namespace Rotunda.Testing.VendorFakes;

/// <summary>Who is logged in to a <see cref="FakeMySql"/>.</summary>
public sealed class FakeMySqlSession(int id, FakeMySqlAccount account)
{
    public int Id { get; } = id;

    public FakeMySqlAccount Account { get; } = account;

    /// <summary>As it was set here; without, a backslash in a text means something.</summary>
    public string SqlMode { get; set; } = "";

    public bool IsKilled { get; set; }
}
