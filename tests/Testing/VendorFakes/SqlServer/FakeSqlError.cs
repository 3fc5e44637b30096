namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <param name="Class">Its severity: from 20 on the server ends the session.</param>
public sealed record FakeSqlError(int Number, byte Class = 16)
{
    /// <summary>A server quotes names and texts in what it says: a canary stands here.</summary>
    public string Message { get; init; } = $"Message {Number} of the server.";
}
