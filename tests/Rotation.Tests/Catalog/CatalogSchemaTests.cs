using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Schemas;

namespace Rotunda.Rotation.Tests.Catalog;

public sealed class CatalogSchemaTests
{
    private static readonly JsonObject Schema = CatalogSchema.Generate(Samples.Descriptors);

    [Theory]
    [InlineData("", nameof(CatalogWords.Root))]
    [InlineData("properties/defaults", nameof(CatalogWords.Defaults))]
    [InlineData("definitions/secret", nameof(CatalogWords.Secret))]
    [InlineData("definitions/secret/properties/value", nameof(CatalogWords.Value))]
    [InlineData("definitions/window", nameof(CatalogWords.Window))]
    [InlineData("properties/notices", nameof(CatalogWords.Notices))]
    [InlineData("properties/notices/properties/routes/additionalProperties", nameof(CatalogWords.Route))]
    [InlineData("definitions/approval", nameof(CatalogWords.Approval))]
    [InlineData("definitions/secret/properties/evidence", nameof(CatalogWords.Evidence))]
    [InlineData("definitions/retry", nameof(CatalogWords.Retry))]
    [InlineData("definitions/secret/properties/current", nameof(CatalogWords.Current))]
    public void The_schema_knows_exactly_the_keys_that_the_reader_knows(string path, string words)
    {
        var known = (string[])typeof(CatalogWords).GetField(words)!.GetValue(null)!;
        Assert.Equal(known.Order(), ((JsonObject)At(path)["properties"]!).Select(p => p.Key).Order());
        Assert.False((bool)At(path)["additionalProperties"]!);
    }

    [Fact]
    public void Each_provider_has_a_branch_with_its_settings()
    {
        var branch = Branch("provider", "postgres");
        Assert.Equal(
            ["type", "connection", "accounts", "role", "port", "endSessions", "connectTimeout"],
            ((JsonObject)branch["properties"]!).Select(p => p.Key));
        Assert.Equal("""["connection"]""", branch["required"]!.ToJsonString());
        Assert.Equal("integer", (string?)branch["properties"]!["port"]!["type"]);
        Assert.Equal("#/definitions/reference", (string?)branch["properties"]!["connection"]!["allOf"]![0]!["$ref"]);
        Assert.Equal("""["jwt","other"]""", Branch("provider", "generated")["properties"]!["purpose"]!["enum"]!.ToJsonString());
        Assert.Equal(
            "#/definitions/reference",
            (string?)Branch("consumer", "http")["properties"]!["headers"]!["additionalProperties"]!["$ref"]);
    }

    [Fact]
    public void Targets_have_their_own_keys_too() =>
        Assert.Equal(["type", "group", "confirmTimeout", "path"], ((JsonObject)Branch("target", "file")["properties"]!).Select(p => p.Key));

    [Fact]
    public void Only_what_can_be_a_target_is_offered_as_one()
    {
        Assert.Equal("""["dotenv","file","mirror","remote"]""", At("definitions/target/properties/type")["enum"]!.ToJsonString());
        Assert.Equal("""["http","workload"]""", At("definitions/consumer/properties/type")["enum"]!.ToJsonString());
        Assert.Equal(
            """["generated","keys","leases","legacy-keys","postgres","rows","supplied","supplied-revoked"]""",
            At("definitions/provider/properties/type")["enum"]!.ToJsonString());
        Assert.Equal("""["pager","post"]""", At("definitions/channel/properties/type")["enum"]!.ToJsonString());
        Assert.Equal("""["vault"]""", At("definitions/storage/properties/type")["enum"]!.ToJsonString());
    }

    [Fact]
    public void Every_reference_inside_the_schema_has_its_definition()
    {
        var definitions = (JsonObject)Schema["definitions"]!;
        foreach (var reference in References(Schema))
        {
            Assert.True(definitions.ContainsKey(reference["#/definitions/".Length..]), reference);
        }
    }

    [Fact]
    public void The_text_is_stable_and_reads_back()
    {
        var text = CatalogSchema.GenerateText(Samples.Descriptors);
        Assert.Equal(text, CatalogSchema.GenerateText(Samples.Descriptors.Reverse().ToDictionary()));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(Schema, JsonNode.Parse(text)));
    }

    private static JsonNode At(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((JsonNode)Schema, (node, key) => node[key]!);

    private static JsonNode Branch(string kind, string type) =>
        ((JsonArray)At($"definitions/{kind}/allOf")).Single(b => (string?)b!["if"]!["properties"]!["type"]!["const"] == type)!["then"]!;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => p.Key == "$ref" ? [(string)p.Value!] : References(p.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
