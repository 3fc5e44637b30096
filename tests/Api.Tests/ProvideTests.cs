using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Values that people give over HTTP, with a right of their own and by one-time codes.</summary>
public sealed class ProvideTests : IAsyncLifetime
{
    private const string Value = "a-value-that-nobody-else-knows";
    private static readonly CancellationToken None = CancellationToken.None;
    private ApiHost _host = null!;
    private HttpClient _operator = null!;
    private HttpClient _nobody = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with
        {
            Strategy = Strategy.Supplied,
            Provider = new ProviderBinding("manual", new JsonObject()),
        });
        (_operator, _nobody) = (_host.Client(Role.Operator, "olaf"), _host.Client(null));
        using var started = await PostAsync(_operator, "/api/rotations", new { secret = "a-key", reason = "test" });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await StateAsync(RotationState.WaitingForValue, 1);
    }

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        _nobody.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_value_is_taken_the_rotation_is_woken_and_nothing_shows_it()
    {
        using var given = await PostAsync(_operator, "/api/rotations/a-key-1/provide", new { value = Value });

        Assert.Equal(HttpStatusCode.Accepted, given.StatusCode);
        Assert.Equal("taken", (string?)(await JsonAsync(given))["state"]);
        var message = Assert.IsType<ControlMessage>(_host.Engine.Events.Single().Payload);
        Assert.Equal((ControlVerb.Provide, "olaf", "ask"), (message.Verb, message.By, message.Step));
        foreach (var path in new[] { "/api/rotations/a-key-1", "/api/audit", "/api/secrets/a-key" })
        {
            Assert.DoesNotContain(Value, await _operator.GetStringAsync(path, None));
        }

        using var again = await PostAsync(_operator, "/api/rotations/a-key-1/provide", new { value = Value });
        Assert.Equal("already-taken", (string?)(await JsonAsync(again))["state"]);
        using var other = await PostAsync(_operator, "/api/rotations/a-key-1/provide", new { value = "another-value-of-somebody" });
        await RefusesAsync(other, HttpStatusCode.Conflict, "value-busy");
    }

    [Fact]
    public async Task A_value_of_another_shape_is_refused_and_never_repeated()
    {
        using var refused = await PostAsync(_operator, "/api/rotations/a-key-1/provide", new { value = $"{Value}\n{Value}" });

        await RefusesAsync(refused, HttpStatusCode.UnprocessableEntity, "value-shape");
        Assert.DoesNotContain(Value, await refused.Content.ReadAsStringAsync(None));
        Assert.Empty(_host.Engine.Events);
    }

    [Fact]
    public async Task A_code_tells_what_is_asked_and_lets_one_value_in()
    {
        var (code, _) = await LinkAsync();
        using var look = await PostAsync(_nobody, "/api/forms/look", new { code });
        var form = await JsonAsync(look);
        Assert.Equal(
            ("a-key-1", "open", "a new credential"),
            ((string?)form["rotationId"], (string?)form["state"], (string?)form["create"]));

        using var given = await PostAsync(_nobody, "/api/forms/provide", new { code, value = Value });
        var taken = await JsonAsync(given);
        Assert.Equal(HttpStatusCode.Accepted, given.StatusCode);

        // Used up: for whoever has another value, and to look. Whoever lost the answer sends the same again.
        using var replayed = await PostAsync(_nobody, "/api/forms/provide", new { code, value = "the-value-of-an-attacker" });
        await RefusesAsync(replayed, HttpStatusCode.NotFound, "no-such-code");
        using var looked = await PostAsync(_nobody, "/api/forms/look", new { code });
        await RefusesAsync(looked, HttpStatusCode.NotFound, "no-such-code");
        using var again = await PostAsync(_nobody, "/api/forms/provide", new { code, value = Value });
        Assert.Equal("already-taken", (string?)(await JsonAsync(again))["state"]);
        using var next = await PostAsync(_nobody, "/api/forms/look", new { code = (string?)taken["next"] });
        Assert.Equal("checking", (string?)(await JsonAsync(next))["state"]);
    }

    [Fact]
    public async Task A_mail_with_a_new_link_does_not_end_the_form_that_somebody_has_open()
    {
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1);
        var mailed = Code("mailed", CodeKinds.Provide, tomorrow) with { Person = "fred", CreatedBy = "system" };
        await _host.Ledger.AddCodeAsync(mailed, None);
        using var given = await PostAsync(_nobody, "/api/forms/provide", new { code = "mailed", value = Value });
        var next = (string?)(await JsonAsync(given))["next"];

        var again = Code("mailed again", CodeKinds.Provide, tomorrow) with { Person = "fred", CreatedBy = "system" };
        await _host.Ledger.ReplaceCodeAsync(again, None);

        using var open = await PostAsync(_nobody, "/api/forms/look", new { code = next });
        Assert.Equal("checking", (string?)(await JsonAsync(open))["state"]);
        using var old = await PostAsync(_nobody, "/api/forms/look", new { code = "mailed" });
        await RefusesAsync(old, HttpStatusCode.NotFound, "no-such-code");
    }

    [Fact]
    public async Task The_code_itself_is_kept_nowhere()
    {
        var (code, _) = await LinkAsync();

        Assert.DoesNotContain(code, await _operator.GetStringAsync("/api/audit", None));
        foreach (var file in Directory.EnumerateFiles(_host.Folder, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(code, await reader.ReadToEndAsync(None));
        }
    }

    [Fact]
    public async Task A_code_that_is_wrong_over_or_for_something_else_lets_nobody_in()
    {
        await _host.Ledger.AddCodeAsync(Code("over", CodeKinds.Provide, DateTimeOffset.UtcNow.AddSeconds(-1)), None);
        await _host.Ledger.AddCodeAsync(Code("decide", CodeKinds.Decide, DateTimeOffset.UtcNow.AddDays(1)), None);

        foreach (var code in new[] { "over", "decide", "wrong" })
        {
            using var look = await PostAsync(_nobody, "/api/forms/look", new { code });
            await RefusesAsync(look, HttpStatusCode.NotFound, "no-such-code");
            using var given = await PostAsync(_nobody, "/api/forms/provide", new { code, value = Value });
            await RefusesAsync(given, HttpStatusCode.NotFound, "no-such-code");
        }
    }

    [Fact]
    public async Task A_code_holds_no_longer_than_its_rotation_asks()
    {
        var (code, _) = await LinkAsync();
        await StateAsync(RotationState.Running, 2);

        using var given = await PostAsync(_nobody, "/api/forms/provide", new { code, value = Value });
        await RefusesAsync(given, HttpStatusCode.Conflict, "wrong-state");
        using var link = await PostAsync(_operator, "/api/rotations/a-key-1/provide-link", new { });
        await RefusesAsync(link, HttpStatusCode.Conflict, "wrong-state");
    }

    [Fact]
    public async Task It_stands_in_a_group_of_its_own()
    {
        var secret = (await _operator.GetFromJsonAsync<JsonObject>("/api/secrets", None))!["secrets"]![0]!;

        Assert.Equal("needs-value", (string?)secret["group"]);
    }

    [Fact]
    public async Task That_the_old_one_is_ended_is_passed_on()
    {
        using var early = await PostAsync(_operator, "/api/rotations/a-key-1/confirm", new { reason = "done" });
        await RefusesAsync(early, HttpStatusCode.Conflict, "wrong-state");
        await StateAsync(RotationState.WaitingForRevoke, 2);

        using var confirmed = await PostAsync(_operator, "/api/rotations/a-key-1/confirm", new { reason = "deleted it" });

        Assert.Equal(HttpStatusCode.Accepted, confirmed.StatusCode);
        Assert.Equal(ControlVerb.Confirm, Assert.IsType<ControlMessage>(_host.Engine.Events.Single().Payload).Verb);
    }

    private static CodeRecord Code(string code, string kind, DateTimeOffset ends) => new(
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(code))),
        kind, "a-key-1", null, "olaf", DateTimeOffset.UtcNow, ends);

    private async Task<(string Code, DateTimeOffset Ends)> LinkAsync()
    {
        using var made = await PostAsync(_operator, "/api/rotations/a-key-1/provide-link", new { validFor = "1h" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var link = await JsonAsync(made);
        Assert.Equal($"/provide/a-key-1#{link["code"]}", (string?)link["path"]);
        return ((string)link["code"]!, (DateTimeOffset)link["expiresAt"]!);
    }

    private Task StateAsync(RotationState state, int sequence) => _host.Ledger.RecordStateAsync(
        new RecordInput("a-key-1", 1, sequence, state, RotationActions.ValueRequested, Actors.Rotunda, null, null), None);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, object body) =>
        client.PostAsJsonAsync(path, body, None);

    private static async Task<JsonObject> JsonAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>(None))!;

    private static async Task RefusesAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (string?)(await JsonAsync(response))["code"]);
    }
}
