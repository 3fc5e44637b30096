namespace Rotunda.Api.OpenApi;

/// <summary>What the document says of a route beside what its table has.</summary>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Answer">The type of the answer; null for JSON of any form.</param>
internal sealed record RouteDoc(string Summary, Type? Answer)
{
    /// <summary>The status of an answer that is no refusal.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Another status with the same form of answer.</summary>
    public int? OtherStatus { get; init; }

    /// <summary>The type of the body; null for none.</summary>
    public Type? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyList<QueryDoc> Queries { get; init; } = [];

    /// <summary>True if the same request may be sent again with the header Idempotency-Key.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>Refusals of this route alone: status and code.</summary>
    public IReadOnlyList<(int Status, string Code)> Refusals { get; init; } = [];
}

/// <param name="Words">The words it takes; empty for any text.</param>
/// <param name="Most">The largest whole number it takes; null if it takes text.</param>
internal sealed record QueryDoc(string Name, string Description, IReadOnlyList<string> Words, long? Most = null, long Least = 1)
{
    public static QueryDoc Text(string name, string description) => new(name, description, []);
}
