using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Testing.ApiContract;

namespace Rotunda.Server.Tests;

/// <summary>
/// Requests made from the API's own document, at a real server whose rotations run meanwhile: none answers 500, none shows a value or a
/// token, and each answer is as the document says. ROTUNDA_FUZZ_REQUESTS and ROTUNDA_FUZZ_SEED give more, and others.
/// </summary>
public sealed class ApiFuzzTests
{
    private const int AtOnce = 16;

    /// <summary>Members of answers whose texts later requests use, and under which name.</summary>
    private static readonly Dictionary<string, string[]> Learned = new(StringComparer.Ordinal)
    {
        ["id"] = ["id"], ["rotationId"] = ["id", "rotation"], ["code"] = ["code"], ["planHash"] = ["plan"], ["stepId"] = ["step"],
    };

    [Fact]
    public async Task No_request_breaks_it_and_no_answer_shows_a_value()
    {
        var (requests, seed) = (Setting("ROTUNDA_FUZZ_REQUESTS", 1_000), Setting("ROTUNDA_FUZZ_SEED", 1));
        await using var server = await FuzzedServer.StartAsync();
        using var admin = server.Process.Client();
        var run = new Run(server, new Contract(await admin.GetStringAsync("/openapi/v1.json")));
        var fuzz = new RequestFuzz(run.Contract, seed, run.Names, server.Credentials);
        // Headers also of letters that none should have.
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(server.Url) };
        for (var sent = 0; sent < requests; sent += AtOnce)
        {
            var batch = Enumerable.Range(0, AtOnce).Select(_ => fuzz.Next()).ToList();
            await Task.WhenAll(batch.Select(one => run.AskAsync(client, one)));
            run.Look();
        }

        foreach (var path in new[] { "/api/home", "/api/secrets", "/api/rotations?limit=1000", "/api/orphans", "/api/reviews" })
        {
            run.Say(path, await admin.GetStringAsync(path));
        }

        Assert.False(server.Process.HasExited);
        await server.Process.StopAsync();
        run.Say("what the server wrote", server.Process.Output);
        foreach (var (name, text) in server.Files())
        {
            run.Say(name, text);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(run.Figures());
        Assert.True(run.Problems.IsEmpty, string.Join(Environment.NewLine, run.Problems.Keys.Order().Take(40)));
        Assert.DoesNotContain("Exception", server.Process.Output, StringComparison.Ordinal);
        Assert.Empty(run.Contract.Routes.Select(route => $"{route.Method} {route.Pattern}").Except(run.Routes));
        Assert.True(run.Canaries.Count > server.Tokens.Count, "No value was minted, so none could have been shown.");
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given
            : usual;

    /// <summary>What is known and what was found so far.</summary>
    private sealed class Run
    {
        private const int Kept = 600;
        private readonly FuzzedServer _server;
        private readonly ConcurrentQueue<(string Where, string Text)> _said = new();
        private readonly ConcurrentQueue<(string Member, string Text)> _learned = new();
        private readonly ConcurrentDictionary<string, int> _statuses = new(StringComparer.Ordinal);

        public Run(FuzzedServer server, Contract contract)
        {
            (_server, Contract) = (server, contract);
            Names = new Dictionary<string, List<string>>(StringComparer.Ordinal)
            {
                [""] = ["quick", "quick-1", "asks-1", "none", "1", "2", "person-3", "payments"],
                ["secret"] = [.. server.Secrets],
                ["name"] = [.. server.Secrets, "person-1", "person-2", "quick-1"],
                ["id"] = [.. server.Secrets.SelectMany(secret => new[] { $"{secret}-1", $"{secret}-2" })],
                ["rotation"] = ["asks-1"], ["code"] = ["none"], ["plan"] = [new('0', 64)], ["step"] = ["approve-start", "grace"],
                ["value"] = [.. FuzzedServer.Given], ["verdict"] = ["approve", "reject"], ["how"] = ["revoke", "revoked", "kept"],
                ["role"] = ["viewer", "operator", "approver", "admin"], ["on"] = ["owner=payments", "tag=production", "name=q*"],
                ["validFor"] = ["1h", "2d"], ["by"] = ["1h", "30m"], ["again"] = ["1d"], ["expires"] = ["1h", "never"],
                ["person"] = ["person-6", "person-2"], ["reason"] = ["because"], ["owner"] = ["payments", "person-1"],
                ["trigger"] = ["manual", "emergency"], ["incident"] = ["INC-1"],
                ["channel"] = ["none"], ["days"] = ["7"], ["count"] = ["5"], ["limit"] = ["20"], ["state"] = ["open", "grace", "stuck"],
            };
            foreach (var given in FuzzedServer.Given.Concat(server.Tokens))
            {
                Canaries.Add(given);
            }
        }

        public Contract Contract { get; }

        public Dictionary<string, List<string>> Names { get; }

        public Canaries Canaries { get; } = new();

        public ConcurrentDictionary<string, int> Problems { get; } = new(StringComparer.Ordinal);

        /// <summary>Requests that came to a connection that was being closed.</summary>
        public ConcurrentQueue<string> Closed { get; } = new();

        public IEnumerable<string> Routes => _statuses.Keys.Select(key => key.Split(": ")[0]).Distinct(StringComparer.Ordinal);

        public async Task AskAsync(HttpClient client, (HttpRequestMessage Request, string Method, string Pattern) one)
        {
            using var request = one.Request;
            var address = request.RequestUri!.OriginalString;
            using var answer = await SendAsync(client, request);
            var (status, type) = ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType);
            _statuses.AddOrUpdate($"{one.Method} {one.Pattern}: {status}", 1, (_, many) => many + 1);
            var body = type == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();
            Say($"{one.Method} {address}: {status}", answer.Headers.ToString() + (status == 201 ? "" : body));
            if (status == 500)
            {
                Problems.TryAdd($"{one.Method} {one.Pattern}: 500, {address}", 1);
            }

            if (type is "text/event-stream" or "text/html" || IsNoRoutes(status, body, request))
            {
                return;
            }

            foreach (var problem in Contract.Problems(one.Method, one.Pattern, status, type, body))
            {
                Problems.TryAdd(problem, 1);
            }

            if (status is 200 or 201 && type == "application/json")
            {
                Learn(JsonNode.Parse(body));
            }
        }

        /// <summary>A connection that was open may be closed by the server when the next request is on its way; it may not be because of
        /// that request.</summary>
        private async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request)
        {
            using var again = new HttpRequestMessage(request.Method, request.RequestUri);
            foreach (var (name, values) in request.Headers.NonValidated)
            {
                again.Headers.TryAddWithoutValidation(name, values);
            }

            var body = request.Content is { } content ? await content.ReadAsByteArrayAsync() : null;
            again.Content = body is null ? null : new ByteArrayContent(body);
            foreach (var (name, values) in request.Content?.Headers.NonValidated ?? default)
            {
                again.Content!.Headers.TryAddWithoutValidation(name, values);
            }

            try
            {
                return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            }
            catch (HttpRequestException problem)
            {
                Closed.Enqueue($"{request.Method} {request.RequestUri} ({body?.Length ?? 0} bytes): {problem.InnerException?.Message}");
                return await client.SendAsync(again, HttpCompletionOption.ResponseHeadersRead);
            }
        }

        /// <summary>To be looked through for canaries. What is shown a moment before its value is known is found later.</summary>
        public void Say(string where, string text)
        {
            _said.Enqueue((where, text));
            Look(where, text);
        }

        public void Look()
        {
            foreach (var value in _server.Values())
            {
                Canaries.Add(value);
            }

            while (_said.Count > Kept && _said.TryDequeue(out var said))
            {
                Look(said.Where, said.Text);
            }

            while (_learned.TryDequeue(out var learned))
            {
                Take(learned.Member, learned.Text);
            }
        }

        public string Figures() => string.Join(Environment.NewLine, _statuses.OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => $"{one.Key} × {one.Value}")
            .Concat(Closed.Select(one => $"Closed: {one}"))
            .Append($"{Canaries.Count} canaries; by status: " + string.Join(", ", _statuses.GroupBy(one => one.Key[^3..], one => one.Value)
                .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} × {group.Sum()}"))));

        private void Look(string where, string text)
        {
            if (Canaries.In(text) is { } found)
            {
                Problems.TryAdd($"A canary in {where}: {found}", 1);
            }
        }

        /// <summary>A part of an address that has a slash in it makes it another route's; one with a zero byte is refused by the web
        /// server itself, before anything of Rotunda's, and so are headers that it cannot read.</summary>
        private static bool IsNoRoutes(int status, string body, HttpRequestMessage request) =>
            (status is 404 or 405 && body.Contains("\"no-", StringComparison.Ordinal))
            || (status == 400 && body.Length == 0 && (request.RequestUri!.OriginalString.Contains("%00", StringComparison.Ordinal)
                || !request.Headers.NonValidated.All(header => header.Value.All(text => Ascii.IsValid(text)))))
            || (status is 417 or 431 && body.Length == 0);

        private void Learn(JsonNode? node)
        {
            foreach (var (name, value) in node as JsonObject ?? [])
            {
                if (value?.GetValueKind() == JsonValueKind.String)
                {
                    _learned.Enqueue((name, (string)value!));
                }
                else
                {
                    Learn(value);
                }
            }

            foreach (var item in node as JsonArray ?? [])
            {
                Learn(item);
            }
        }

        private void Take(string member, string text)
        {
            if (member == "token")
            {
                _server.Add(text);
                Canaries.Add(text);
            }

            // Steps have ids too; those that the address takes are a rotation's, or an orphan's number.
            var isOther = member == "id" && !text.All(char.IsAsciiDigit)
                && !_server.Secrets.Any(secret => text.StartsWith($"{secret}-", StringComparison.Ordinal));
            foreach (var name in isOther ? [] : Learned.GetValueOrDefault(member, []))
            {
                var known = Names[name];
                // What is met again is the newest again.
                known.Remove(text);
                known.Add(text);
                known.RemoveRange(0, Math.Max(0, known.Count - 200));
            }
        }
    }
}
