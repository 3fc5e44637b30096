namespace Rotunda.Testing.VendorFakes;

/// <summary>What a MySQL server answers: an error, rows, or that it is done.</summary>
public sealed record FakeMySqlAnswer(int Code, string State, string Message, IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows)
{
    public static FakeMySqlAnswer Ok { get; } = new(0, "", "", [], []);

    public static FakeMySqlAnswer Error(int code, string state, string message) => new(code, state, message, [], []);

    /// <param name="columns">Their names, parted by spaces.</param>
    public static FakeMySqlAnswer Table(string columns, params IEnumerable<string?[]> rows) =>
        new(0, "", "", columns.Split(' '), [.. rows]);
}
