using System.Text.Json;

namespace Rotunda.Testing.VendorFakes;

/// <summary>A request and its answer, as they went over the wire.</summary>
public sealed record FakeExchange(
    string Method,
    string Path,
    string Query,
    string? Type,
    string Body,
    int Status,
    string? ReplyType,
    string Reply)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>One line, as the contract check reads them.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, Options);
}
