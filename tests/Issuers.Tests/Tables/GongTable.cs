using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://help.gong.io/docs/what-the-gong-api-provides: user and password are the key and its secret</summary>
internal sealed class GongTable() : SuppliedTable("gong-access-key")
{
    protected override string NewValue(int number) =>
        $$"""{"accessKey":"AK{{number}}","accessKeySecret":"secret-{{number}}-{{Guid.NewGuid():N}}"}""";

    protected override (string Name, string Value) Shown(string value)
    {
        var pair = JsonNode.Parse(value)!;
        var shown = Encoding.UTF8.GetBytes($"{pair["accessKey"]}:{pair["accessKeySecret"]}");
        return ("Authorization", $"Basic {Convert.ToBase64String(shown)}");
    }

    protected override string Prefix => "";

    protected override void Draw() =>
        Try("GET /v2/workspaces", (_, key) => Json(200, new { requestId = "r1", workspaces = new[] { new { id = key?.Id } } }));
}
