using System.Text;
using System.Text.Json;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Leaks.Desk;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Leaked values over a real engine: what each is, what becomes of it, and that nothing of it stays.</summary>
public sealed class LeakTests
{
    private const string Planted = "canary-VALUE+that/must=never&stay", Aged = "aged-VALUE+that/must=never&stay";
    private const string Unknown = "nobody-KNOWS+this/value=at&all";
    private static readonly CancellationToken None = CancellationToken.None;

    private const string Catalog = """
        version: 1
        secrets:
          fresh:
            strategy: dual-key
            provider: { type: generated, purpose: jwt }
            grace: 0s
            current: { value: "file:$F/fresh.env#PRIMARY" }
            targets:
              env: { type: dotenv, path: $F/fresh.env, keys: { PRIMARY: "{primary}", SECONDARY: "{secondary}" } }
          aged:
            strategy: dual-key
            provider: { type: generated, purpose: jwt }
            grace: 7d
            current: { value: "file:$F/aged.env#PRIMARY" }
            targets:
              env: { type: dotenv, path: $F/aged.env, keys: { PRIMARY: "{primary}", SECONDARY: "{secondary}" } }
        """;

    [Fact]
    public async Task Each_planted_leak_gets_its_answer_and_no_byte_of_any_stays()
    {
        await using var host = await StartAsync(Catalog);
        using var client = host.Client(Role.Operator);
        await host.RotateAsync(client, "fresh", "succeeded");
        await host.RotateAsync(client, "aged", "grace");
        var current = host.Value("fresh.env", "PRIMARY");
        Assert.NotEqual(Planted, current);

        // As TruffleHog and gitleaks write them, and by hand: the first inside an address, the second encoded, the third in a line.
        var report = string.Join(
            '\n',
            """
            {"SourceMetadata":{"Data":{"Git":{"commit":"0123456789abcdef","file":"deploy/.env","line":3}}},
             "DetectorName":"Jwt","Raw":VALUE}
            """.Replace("VALUE", Json($"https://user:{Uri.EscapeDataString(current)}@db.example/x"), StringComparison.Ordinal),
            """[{"RuleID":"generic-api-key","File":"app.yaml","StartLine":7,"Commit":"abcdef","Secret":VALUE,"Match":"x"}]"""
                .Replace("VALUE", Json(Convert.ToBase64String(Encoding.UTF8.GetBytes(Aged))), StringComparison.Ordinal),
            Body($"export KEY='{Planted}'", "a wiki page"),
            Body(Unknown, "pasted: " + Unknown));
        var (status, body) = await host.PostAsync(client, "/api/leaks?incident=INC-7", report);

        Assert.Equal(200, status);
        var answers = body.GetProperty("answers").EnumerateArray().ToList();
        Assert.Equal(["current", "previous", "dead", "unknown"], answers.Select(answer => answer.GetProperty("answer").GetString()));
        Assert.Equal(["fresh", "aged", "fresh"], answers.Take(3).Select(answer => answer.GetProperty("secret").GetString()));
        Assert.Equal(
            ["TruffleHog, Jwt, deploy/.env, line 3, commit 0123456789ab", "gitleaks, generic-api-key, app.yaml, line 7, commit abcdef",
                "a wiki page", "by hand"],
            answers.Select(answer => answer.GetProperty("where").GetString()));
        Assert.Contains("dead already, since 2", answers[2].GetProperty("message").GetString(), StringComparison.Ordinal);

        await host.RestartAsync();
        using var again = host.Client(Role.Operator);
        foreach (var leak in answers.Take(2).Select(answer => answer.GetProperty("leak").GetInt64()))
        {
            await DeadAsync(host, again, leak);
        }

        var rows = await host.Ledger.ReadAuditAsync(new AuditFilter(Limit: 1_000), None);
        Assert.Equal(2, rows.Count(row => row.Action == AuditActions.LeakDead));
        Assert.Single(rows, row => row.Action == AuditActions.LeakKnownDead);
        Assert.Equal("1 unknown: by hand (INC-7)", Assert.Single(rows, row => row.Action == AuditActions.LeakUnknown).Detail);
        var emergency = Assert.Single(
            await host.Ledger.ListRotationsAsync(new RotationFilter { Incident = "INC-7" }, None));
        Assert.Equal("fresh", emergency.Secret);
        Assert.All(
            await host.Ledger.ListCredentialsAsync("aged", None), one => Assert.NotEqual(CredentialState.Previous, one.State));
        Assert.True((await host.Ledger.VerifyAuditAsync(None)).Intact);

        // What was current is dead by now, and a second report says so.
        (_, body) = await host.PostAsync(again, "/api/leaks", Body(current));
        Assert.Equal("dead", body.GetProperty("answers")[0].GetProperty("answer").GetString());

        var places = await host.PlacesAsync();
        Assert.Contains(places.Keys, place => place.EndsWith("hub.db", StringComparison.Ordinal));
        foreach (var value in new[] { current, Aged, Planted, Unknown })
        {
            Assert.Empty(places.SelectMany(place => Forms(value).Where(form => Has(place.Value, form)).Select(_ => place.Key)));
        }

        // What the search would find it finds.
        var dressed = Encoding.UTF8.GetBytes($"..{Convert.ToBase64String(Encoding.UTF8.GetBytes("x" + Unknown))}");
        Assert.Contains(Forms(Unknown), form => Has(dressed, form));
    }

    [Fact]
    public async Task Where_the_catalog_says_ask_nothing_rotates_until_a_person_does_it()
    {
        await using var host = await StartAsync(Catalog + "\nleaks: { policy: ask }\n");
        using var client = host.Client(Role.Operator);
        var (_, body) = await host.PostAsync(client, "/api/leaks", Body(Planted, "a chat"));
        var answer = body.GetProperty("answers")[0];
        Assert.Contains("A person is asked", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        var leak = answer.GetProperty("leak").GetInt64();
        await LeakHost.UntilAsync(async () => await StateAsync(host, client, leak) == "asked");
        Assert.Empty(await host.Ledger.ListRotationsAsync(new RotationFilter(), None));
        var view = await host.GetAsync(client, $"/api/leaks/{leak}");
        var message = view.GetProperty("message").GetString();
        Assert.Contains("rotunda rotate fresh --emergency --incident LEAK-", message, StringComparison.Ordinal);
        var exposed = Assert.Single(await ExposedAsync(host, client));
        Assert.Equal(
            ("fresh", "asked", false, "a chat", leak),
            (exposed.Secret, exposed.State, exposed.IsReplaced, exposed.Why, exposed.Leak));

        // Reported again, by another scanner: one leak.
        (_, body) = await host.PostAsync(client, "/api/leaks?incident=INC-9", Body(Planted));
        Assert.Equal(leak, body.GetProperty("answers")[0].GetProperty("leak").GetInt64());
        Assert.StartsWith("LEAK-", body.GetProperty("answers")[0].GetProperty("incident").GetString(), StringComparison.Ordinal);
        Assert.Single((await host.GetAsync(client, "/api/leaks")).GetProperty("leaks").EnumerateArray());

        await host.RotateAsync(client, "fresh", "succeeded");
        await DeadAsync(host, client, leak);
        Assert.Single((await host.Ledger.ReadAuditAsync(new AuditFilter(Limit: 1_000), None)), row => row.Action == AuditActions.LeakAsked);
        Assert.Empty(await ExposedAsync(host, client));
        Assert.Single((await host.GetAsync(client, "/api/leaks")).GetProperty("leaks").EnumerateArray());
    }

    [Fact]
    public async Task Who_tries_values_out_is_stopped_and_who_may_not_ask_is_told_nothing()
    {
        await using var host = await StartAsync(Catalog);
        using var viewer = host.Client(Role.Viewer, "vic");
        var (known, _) = await host.PostAsync(viewer, "/api/leaks", Body(Planted));
        var (other, _) = await host.PostAsync(viewer, "/api/leaks", Body(Unknown));
        Assert.Equal((403, 403), (known, other));

        using var client = host.Client(Role.Operator, "eve");
        var many = string.Join('\n', Enumerable.Range(0, 200).Select(number => Body($"guess-number-{number:D6}")));
        // Each of them has two forms: as it is, and decoded.
        for (var times = 0; times < LeakLimit.Burst / 400; times++)
        {
            Assert.Equal(200, (await host.PostAsync(client, "/api/leaks", many)).Status);
        }

        // Another token of the same person is the same person.
        using var second = host.Client(Role.Operator, "eve");
        Assert.Equal(429, (await host.PostAsync(second, "/api/leaks", many)).Status);
        Assert.Equal(400, (await host.PostAsync(client, "/api/leaks", many + "\n" + many)).Status);
        Assert.Equal(413, (await host.PostAsync(client, "/api/leaks", new string(' ', 1_100_000))).Status);
        var (status, problem) = await host.PostAsync(client, "/api/leaks", """[{"RuleID":"x","Secret":"REDACTED"}]""");
        Assert.Equal(400, status);
        Assert.Contains("--redact", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static Task<LeakHost> StartAsync(string catalog) =>
        LeakHost.StartAsync(catalog, ("fresh.env", $"PRIMARY='{Planted}'\n"), ("aged.env", $"PRIMARY='{Aged}'\n"));

    private static Task DeadAsync(LeakHost host, HttpClient client, long leak) =>
        LeakHost.UntilAsync(async () => await StateAsync(host, client, leak) == "dead");

    private static async Task<string?> StateAsync(LeakHost host, HttpClient client, long leak) =>
        (await host.GetAsync(client, $"/api/leaks/{leak}")).GetProperty("state").GetString();

    private static string Body(string value, string where = "") => JsonSerializer.Serialize(new { value, where });

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static bool Has(byte[] place, string form) =>
        Encoding.Latin1.GetString(place).Contains(form, StringComparison.OrdinalIgnoreCase);

    /// <summary>A value as it may be dressed.</summary>
    private static async Task<IReadOnlyList<ExposedSecret>> ExposedAsync(LeakHost host, HttpClient client) =>
        JsonSerializer.Deserialize(await host.GetAsync(client, "/api/home"), ApiJson.Default.HomeView)!.Exposure.Secrets;

    private static IEnumerable<string> Forms(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        yield return value;
        yield return Uri.EscapeDataString(value);
        yield return Json(value).Trim('"');
        yield return Convert.ToHexString(bytes);
        yield return string.Concat(value.Select(symbol => $"{symbol}\0"));
        for (var shift = 0; shift < 3; shift++)
        {
            var encoded = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            yield return encoded[(shift == 0 ? 0 : 4)..(encoded.Length - 4)];
        }
    }
}
