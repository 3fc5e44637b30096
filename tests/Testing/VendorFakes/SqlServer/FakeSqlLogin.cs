namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>What came of a login: the database that it leads to, or the errors that refuse it.</summary>
public sealed record FakeSqlLogin(string? Database, IReadOnlyList<FakeSqlError> Errors)
{
    public static FakeSqlLogin To(string database) => new(database, []);

    public static FakeSqlLogin Refused(params int[] numbers) => new(null, [.. numbers.Select(number => new FakeSqlError(number, 14))]);
}
