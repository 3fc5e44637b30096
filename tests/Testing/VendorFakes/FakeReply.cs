using System.Text;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.VendorFakes;

/// <summary>What a fake answers.</summary>
public sealed record FakeReply(int Status, byte[] Body, string? ContentType, params (string Name, string Value)[] Headers)
{
    public static FakeReply Json(int status, JsonNode body, params (string Name, string Value)[] headers) =>
        new(status, Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", headers);

    public static FakeReply Text(
        int status,
        string body,
        string contentType = "text/plain",
        params (string Name, string Value)[] headers) =>
        new(status, Encoding.UTF8.GetBytes(body), contentType, headers);

    public static FakeReply Empty(int status, params (string Name, string Value)[] headers) => new(status, [], null, headers);
}
