namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>What a statement answers: rows (texts, whole numbers and nulls), nothing, or errors.</summary>
public sealed record FakeSqlAnswer(IReadOnlyList<object?[]>? Rows, IReadOnlyList<FakeSqlError> Errors)
{
    public static FakeSqlAnswer Done { get; } = new(null, []);

    /// <summary>It was done, and the connection breaks before anybody hears of it.</summary>
    public bool IsLost { get; init; }

    /// <summary>The database that the session is in from now on; null if it stays.</summary>
    public string? Entered { get; init; }

    public static FakeSqlAnswer Of(params object?[][] rows) => new(rows, []);

    public static FakeSqlAnswer Refused(int number, byte severity = 16) => new(null, [new(number, severity)]);
}
