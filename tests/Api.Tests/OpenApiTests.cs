using System.Text;
using Rotunda.Access;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.Leaks.Run;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Testing.ApiContract;

namespace Rotunda.Api.Tests;

/// <summary>The OpenAPI document is of this API: every route, and what each really answers.</summary>
public sealed class OpenApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Bodies with which a route does what it is for; others take a reason, or none.</summary>
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["POST /api/rotations"] = """{"secret":"a-key","reason":"x"}""",
        ["POST /api/campaigns/preview"] = """{"all":true,"reason":"x"}""",
        ["POST /api/campaigns"] = """{"all":true,"reason":"x","preview":"none"}""",
        ["POST /api/tokens"] = """{"name":"made","role":"viewer"}""",
        ["POST /api/rotations/{id}/extend-grace"] = """{"reason":"x","by":"2h"}""",
        ["POST /api/orphans/{id}/settle"] = """{"how":"kept","reason":"x"}""",
        ["POST /api/rotations/{id}/provide"] = """{"value":"nobody-asks-for-it"}""",
        ["POST /api/forms/provide"] = """{"code":"none","value":"nobody-asks-for-it"}""",
        ["POST /api/forms/look"] = """{"code":"none"}""",
        ["POST /api/rotations/{id}/provide-link"] = """{"validFor":"1h"}""",
        ["POST /api/tokens/{name}/renew"] = """{"expires":"30d"}""",
        ["POST /api/sessions/end"] = """{"person":"nobody"}""",
        ["POST /api/leaks"] = """{"value":"nobody-has-this-one"}""",
        ["POST /api/session"] = """{"code":"none"}""",
    };

    [Theory]
    [InlineData(Identity.Token)]
    [InlineData(Identity.Platform)]
    public async Task Every_route_answers_as_the_document_says(Identity identity)
    {
        await using var host = await ApiHost.StartAsync(identity, ApiHost.Policy("a-key"), ApiHost.Policy("other"));
        using var admin = host.Client(Role.Admin);
        var contract = new Contract(await admin.GetStringAsync("/openapi/v1.json", Cancelled));
        Assert.Equal(
            ApiRoutes.All.Select(route => (route.Method, route.Pattern)).Order(),
            contract.Routes.Order());
        Assert.Empty(contract.BrokenReferences());
        using var first = await admin.PostAsync("/api/rotations", Json(Bodies["POST /api/rotations"]), Cancelled);
        using var emergency = await admin.PostAsync(
            "/api/rotations", Json("""{"secret":"other","reason":"x","trigger":"emergency","incident":"INC-1"}"""), Cancelled);
        await host.Ledger.AddCampaignAsync(
            new NewCampaign(
                CampaignKind.Plain, null, "x", "ada", null, false, CampaignPace.Usual, "hash", null,
                [new NewMember("a-key", "generated", null, 0)]),
            Cancelled);
        host.Engine.Instances["leak:1"] = FakeOrchestrationClient.State("leak:1", OrchestrationStatus.Running) with
        {
            Input = DeskParts.Payloads.Serialize(new LeakInput(1, "a-key", "ada", "by hand", "LEAK-1", DateTimeOffset.UnixEpoch)),
        };
        var problems = new List<string>();
        var worked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var route in ApiRoutes.All.OrderBy(route => route.Pattern.EndsWith("cancel", StringComparison.Ordinal)))
        {
            var key = $"{route.Method} {route.Pattern}";
            foreach (var (role, id, body) in new (Role?, string, string)[]
            {
                (Role.Admin, "a-key-1", Bodies.GetValueOrDefault(key, """{"reason":"x"}""")), (Role.Admin, "none-1", "{}"),
                (Role.Admin, "a-key-1", "{"), (Role.Viewer, "a-key-1", "{}"), (null, "a-key-1", "{}"),
            })
            {
                using var client = host.Client(role);
                using var answer = await AskAsync(client, route, id, body);
                var type = answer.Content.Headers.ContentType?.MediaType;
                var text = type is "text/event-stream" or "text/plain" ? "\"\"" : await answer.Content.ReadAsStringAsync(Cancelled);
                problems.AddRange(contract.Problems(route.Method, route.Pattern, (int)answer.StatusCode, type, text));
                if (answer.IsSuccessStatusCode)
                {
                    worked.Add(key);
                }
            }
        }

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems.Distinct()));
        var silent = ApiRoutes.All.Select(route => $"{route.Method} {route.Pattern}").Except(worked, StringComparer.Ordinal).ToList();
        Assert.DoesNotContain(silent, key => key.StartsWith("GET", StringComparison.Ordinal) && identity == Identity.Token);
    }

    [Fact]
    public void An_answer_that_the_document_does_not_have_would_be_found()
    {
        var contract = new Contract("""
            {"paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}}},
             "components":{"schemas":{"A":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"},"w":{"enum":["x"]}}}}}}
            """);

        Assert.Empty(contract.Problems("GET", "/a", 200, "application/json", """{"n":1,"w":"x"}"""));
        foreach (var (status, type, body) in new[]
        {
            (404, "application/json", "{}"), (200, "text/html", "{}"), (200, "application/json", "{}"), (200, "application/json", "<"),
            (200, "application/json", """{"n":"1"}"""), (200, "application/json", """{"n":1,"w":"y"}"""),
            (200, "application/json", """{"n":1,"more":2}"""),
        })
        {
            Assert.NotEmpty(contract.Problems("GET", "/a", status, type, body));
        }
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, ApiRoute route, string id, string body)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(route.Method),
            route.Pattern.Replace("{name}", id == "none-1" ? "none" : "a-key", StringComparison.Ordinal)
                .Replace("{id}", IdAt(route, id), StringComparison.Ordinal));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Content = route.Method == "GET" ? null : Json(body);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }

    private static string IdAt(ApiRoute route, string id) =>
        id != "none-1" && route.Pattern.StartsWith("/api/campaigns", StringComparison.Ordinal) ? "campaign-1"
        : id != "none-1" && route.Pattern.StartsWith("/api/reports", StringComparison.Ordinal) ? "INC-1"
        : id != "none-1" && route.Pattern.StartsWith("/api/leaks", StringComparison.Ordinal) ? "1"
        : id;

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
