using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Http;

namespace Rotunda.Api.Tests;

/// <summary>Every route, every role, and nobody: what is written here is what holds.</summary>
public sealed class RoleTableTests
{
    private const string V = "viewer", O = "operator", P = "approver", A = "admin", Anyone = "anonymous";

    /// <summary>Written out by hand, not derived from the code that it checks.</summary>
    private static readonly Dictionary<string, string[]> Table = new(StringComparer.Ordinal)
    {
        ["GET /healthz"] = [Anyone, V, O, P, A],
        ["GET /readyz"] = [Anyone, V, O, P, A],
        ["GET /health/secrets"] = [V, O, P, A],
        ["GET /metrics"] = [V, O, P, A],
        ["GET /openapi/v1.json"] = [Anyone, V, O, P, A],
        ["GET /api/home"] = [V, O, P, A],
        ["GET /api/calendar"] = [V, O, P, A],
        ["GET /api/next"] = [V, O, P, A],
        ["GET /api/me"] = [Anyone, V, O, P, A],
        ["POST /api/session"] = [Anyone, V, O, P, A],
        ["POST /api/session/end"] = [Anyone, V, O, P, A],
        ["POST /api/session/link"] = [V, O, P, A],
        ["GET /api/changes"] = [V, O, P, A],
        ["GET /api/events"] = [V, O, P, A],
        ["GET /api/secrets"] = [V, O, P, A],
        ["GET /api/secrets/{name}"] = [V, O, P, A],
        ["GET /api/secrets/{name}/plan"] = [V, O, P, A],
        ["POST /api/secrets/{name}/adopt"] = [O, A],
        ["GET /api/secrets/{name}/drift"] = [V, O, P, A],
        ["POST /api/secrets/{name}/verify"] = [O, A],
        ["POST /api/secrets/{name}/deliver"] = [O, A],
        ["POST /api/secrets/{name}/retire"] = [O, A],
        ["POST /api/secrets/{name}/hand-over"] = [P, A],
        ["POST /api/verify"] = [O, A],
        ["GET /api/orphans"] = [V, O, P, A],
        ["POST /api/orphans/{id}/settle"] = [P, A],
        ["GET /api/rotations"] = [V, O, P, A],
        ["POST /api/rotations"] = [O, A],
        ["GET /api/rotations/{id}"] = [V, O, P, A],
        ["POST /api/rotations/{id}/approve"] = [P, A],
        ["POST /api/rotations/{id}/reject"] = [P, A],
        ["POST /api/rotations/{id}/withdraw"] = [P, A],
        ["POST /api/rotations/{id}/decide-link"] = [A],
        ["POST /api/decisions/look"] = [Anyone, V, O, P, A],
        ["POST /api/decisions/decide"] = [Anyone, V, O, P, A],
        ["POST /api/rotations/{id}/rollback"] = [O, A],
        ["POST /api/rotations/{id}/cancel"] = [O, A],
        ["POST /api/rotations/{id}/resume"] = [O, A],
        ["POST /api/rotations/{id}/pause"] = [O, A],
        ["POST /api/rotations/{id}/skip-grace"] = [P, A],
        ["POST /api/rotations/{id}/extend-grace"] = [O, A],
        ["POST /api/notices/test"] = [O, A],
        ["POST /api/rotations/{id}/provide"] = [O, A],
        ["POST /api/rotations/{id}/provide-link"] = [O, A],
        ["POST /api/rotations/{id}/confirm"] = [O, A],
        ["POST /api/forms/look"] = [Anyone, V, O, P, A],
        ["POST /api/forms/provide"] = [Anyone, V, O, P, A],
        ["GET /api/tokens"] = [A],
        ["POST /api/tokens"] = [A],
        ["POST /api/tokens/{name}/revoke"] = [A],
        ["POST /api/tokens/{name}/renew"] = [A],
        ["GET /api/sessions"] = [A],
        ["POST /api/sessions/end"] = [A],
        ["POST /api/secrets/{name}/pause"] = [O, A],
        ["POST /api/secrets/{name}/resume"] = [O, A],
        ["GET /api/pauses"] = [V, O, P, A],
        ["POST /api/pauses"] = [O, A],
        ["POST /api/pauses/end"] = [O, A],
        ["GET /api/reviews"] = [V, O, P, A],
        ["POST /api/reviews/{id}/close"] = [P, A],
        ["POST /api/leaks"] = [O, A],
        ["GET /api/leaks"] = [V, O, P, A],
        ["GET /api/leaks/{id}"] = [V, O, P, A],
        ["POST /api/leaks/github"] = [Anyone, V, O, P, A],
        ["GET /api/reports/period"] = [V, O, P, A],
        ["GET /api/reports/incidents/{id}"] = [V, O, P, A],
        ["GET /api/campaigns"] = [V, O, P, A],
        ["POST /api/campaigns"] = [O, A],
        ["POST /api/campaigns/preview"] = [O, A],
        ["GET /api/campaigns/{id}"] = [V, O, P, A],
        ["GET /api/campaigns/{id}/members"] = [V, O, P, A],
        ["POST /api/campaigns/{id}/pause"] = [O, A],
        ["POST /api/campaigns/{id}/resume"] = [O, A],
        ["POST /api/campaigns/{id}/stop"] = [O, A],
        ["POST /api/campaigns/{id}/retry"] = [O, A],
        ["GET /api/doctor"] = [V, O, P, A],
        ["GET /api/clock"] = [V, O, P, A],
        ["POST /api/clock/confirm"] = [P, A],
        ["POST /api/store/rekey"] = [A],
        ["GET /api/audit"] = [V, O, P, A],
    };

    [Fact]
    public void Every_route_is_in_the_table() =>
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), ApiRoutes.All.Select(Key).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(Identity.Token)]
    [InlineData(Identity.Platform)]
    public async Task Every_route_lets_in_whom_the_table_says_and_nobody_else(Identity identity)
    {
        await using var host = await ApiHost.StartAsync(identity, ApiHost.Policy("a-key"));
        await HoldsAsync(host);
    }

    /// <summary>Asks every route as every role, and as nobody.</summary>
    internal static async Task HoldsAsync(ApiHost host)
    {
        foreach (var route in ApiRoutes.All)
        {
            foreach (var who in new[] { Anyone, V, O, P, A })
            {
                using var client = host.Client(who == Anyone ? null : Enum.Parse<Role>(who, ignoreCase: true));
                using var request = new HttpRequestMessage(
                    new HttpMethod(route.Method),
                    route.Pattern.Replace("{name}", "a-key", StringComparison.Ordinal)
                        .Replace("{id}", "no-such-1", StringComparison.Ordinal));
                if (route.Method == "POST")
                {
                    request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
                    request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                }

                // Events go on and on: the beginning tells enough.
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

                var expected = Table[Key(route)].Contains(who, StringComparer.Ordinal) ? "in" : who == Anyone ? "401" : "403";
                var seen =
                    response.StatusCode switch { HttpStatusCode.Unauthorized => "401", HttpStatusCode.Forbidden => "403", _ => "in" };
                Assert.True(expected == seen, $"{Key(route)} as {who}: expected {expected}, got {(int)response.StatusCode}");
                await HasTheRightForm(response);
            }
        }
    }

    private static async Task HasTheRightForm(HttpResponseMessage response)
    {
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        }

        if ((int)response.StatusCode >= 400)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal((int)response.StatusCode, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]!);
        }
    }

    private static string Key(ApiRoute route) => $"{route.Method} {route.Pattern}";
}
