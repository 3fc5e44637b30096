using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Issuers.Tests;

/// <summary>Vendors whose keys people make: tried, found by what is shown of them, and ended.</summary>
public sealed class SuppliedVendorTests
{
    private const string Admin = "sk-ant-admin-0123456789abcdef";

    [Fact]
    public void What_the_code_can_do_is_what_the_descriptors_say() => Assert.All(
        Bench.Providers().Where(provider => provider.Descriptor.Strategies.Contains(Strategy.Supplied)),
        provider => Assert.Equal(
            provider.Descriptor.Abilities,
            provider.Implemented & (provider.Descriptor.Abilities | Abilities.IssueCredentials | Abilities.RevokeCredentials
                | Abilities.RevokeByValue | Abilities.DisableCredentials)));

    [Theory]
    [InlineData("sk-ant-api03-first-0001", Validity.Valid)]
    [InlineData("sk-ant-api03-gone-0000", Validity.Invalid)]
    public async Task Anthropic_tries_a_key_by_itself(string text, Validity expected)
    {
        await using var scene = await AnthropicAsync();
        using var value = SecretValue.FromText(text);

        var tried = await scene.Provider.Can<IVerifyCredentials>()!.VerifyAsync(scene.Call(), new(null, null, null), value, default);

        Assert.Equal(expected, tried.Validity);
        scene.Vendor.AssertClean();
    }

    [Fact]
    public async Task Anthropic_lists_what_lives_on_all_pages_with_what_is_shown_of_it()
    {
        await using var scene = await AnthropicAsync();

        var listed = await scene.Provider.Can<IListCredentials>()!.ListAsync(scene.Call(), default);

        Assert.Equal(["apikey_1", "apikey_3"], listed.Select(one => one.Handle.Id));
        Assert.Equal("sk-ant-api03-fir...0001", listed[0].Hint);
        scene.Vendor.AssertClean();
    }

    [Fact]
    public async Task Anthropic_disables_a_key_and_archives_it_in_the_end()
    {
        await using var scene = await AnthropicAsync();
        var key = new CredentialHandle("apikey_1", null, null);

        Assert.True((await scene.Provider.Can<IDisableCredentials>()!.DisableAsync(scene.Call(), key, default)).Succeeded);
        Assert.True((await scene.Provider.Can<IDisableCredentials>()!.EnableAsync(scene.Call(), key, default)).Succeeded);
        Assert.True((await scene.Provider.Can<IRevokeCredentials>()!.RevokeAsync(scene.Call(), key, default)).Succeeded);
        Assert.Equal(["inactive", "active", "archived"], scene.Changes);
        scene.Vendor.AssertClean();
    }

    [Fact]
    public void Anthropic_without_an_admin_key_ends_nothing()
    {
        var descriptor = Bench.Providers().Single(one => one.Descriptor.Id == "anthropic-api-key").Descriptor.For([]);

        Assert.Equal(Abilities.TakeSupplied | Abilities.VerifyCredentials, descriptor.Abilities);
    }

    [Fact]
    public async Task GitHub_is_shown_a_token_to_end_it_and_one_that_has_ended_is_not_shown()
    {
        await using var scene = await Scene.StartAsync("github-token", []);
        var live = "github_pat_11ABCDEFG0123456789";
        scene.Vendor.On("GET", "/user", request => Head(request) is { } && request.Header("Authorization") == $"Bearer {live}"
            ? Json(200, """{"login":"acme-ci"}""") : Json(401, """{"message":"Bad credentials"}"""));
        scene.Vendor.On("POST", "/credentials/revoke", request =>
        {
            Head(request);
            request.Require(request.Header("Authorization") is null, "a credential of one's own");
            request.Require((string?)request.Json("credentials")["credentials"]![0] == live, "another token");
            live = "";
            return FakeReply.Empty(202);
        });
        using var value = SecretValue.FromText(live);
        var (revoking, handle) = (scene.Provider.Can<IRevokeByValue>()!, new CredentialHandle(null, null, null));

        Assert.Equal(StepOutcomeKind.Done, (await revoking.RevokeAsync(scene.Call(), handle, value, default)).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await revoking.RevokeAsync(scene.Call(), handle, value, default)).Kind);
        Assert.True((await ((IValidateSetup)scene.Provider).ValidateAsync(scene.Call(), default)).Succeeded);
        scene.Vendor.AssertClean();

        static object Head(FakeRequest request)
        {
            request.RequireHeader("Accept", "application/vnd.github+json");
            request.RequireHeader("X-GitHub-Api-Version", "2022-11-28");
            return request;
        }
    }

    [Theory]
    [InlineData(null, 204, Validity.Valid)]
    [InlineData("X-Key", 200, Validity.Valid)]
    [InlineData(null, 403, Validity.Invalid)]
    [InlineData(null, 500, Validity.CannotTell)]
    public async Task Anything_can_be_tried_by_a_call(string? header, int status, Validity expected)
    {
        await using var scene = await Scene.StartAsync("manual", []);
        scene.Settings["check"] = $"{scene.Vendor.Address}/api/me?full=true";
        scene.Settings.Remove("url");
        if (header is not null)
        {
            scene.Settings["checkHeader"] = header;
        }

        scene.Vendor.On("GET", "/api/me", request =>
        {
            request.RequireHeader("Accept", "application/json");
            request.RequireHeader(header ?? "Authorization", header is null ? "Bearer the-value-of-a-person" : "the-value-of-a-person");
            request.Require(request.RequiredQuery("full") == "true", "another query");
            return FakeReply.Empty(status);
        });
        using var value = SecretValue.FromText("the-value-of-a-person");

        var tried = await scene.Provider.Can<IVerifyCredentials>()!.VerifyAsync(scene.Call(), new(null, null, null), value, default);

        Assert.Equal(expected, tried.Validity);
        scene.Vendor.AssertClean();
    }

    private static async Task<Scene> AnthropicAsync()
    {
        var scene = await Scene.StartAsync("anthropic-api-key", new() { ["adminKey"] = "env:OWN", ["workspace"] = "wrkspc_1" });
        scene.Vendor.On("GET", "/v1/models", request =>
        {
            Head(request);
            request.Require(request.RequiredQuery("limit") == "1", "another limit");
            return request.Header("x-api-key") == "sk-ant-api03-first-0001" ? Json(200, """{"data":[],"has_more":false}""")
                : Json(401, """{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}""");
        });
        scene.Vendor.On("GET", "/v1/organizations/api_keys", request =>
        {
            Head(request);
            request.RequireHeader("x-api-key", Admin);
            request.Require(request.RequiredQuery("limit") == "1000", "another limit");
            request.Require(request.RequiredQuery("workspace_id") == "wrkspc_1", "another workspace");
            return request.Query("after_id") switch
            {
                null => Page(
                    true, "apikey_2", Key(1, "active", "sk-ant-api03-fir...0001"), Key(2, "archived", "sk-ant-api03-old...0009")),
                "apikey_2" => Page(false, "apikey_3", Key(3, "inactive", "sk-ant-api03-off...0003")),
                _ => Json(400, """{"type":"error"}"""),
            };
        });
        scene.Vendor.On("POST", "/v1/organizations/api_keys/{id}", request =>
        {
            Head(request);
            request.RequireHeader("x-api-key", Admin);
            request.Require(request.Part("id") == "apikey_1", "another key");
            scene.Changes.Add((string)request.Json("status")["status"]!);
            return Json(200, Key(1, scene.Changes[^1], "sk-ant-api03-fir...0001"));
        });
        return scene;

        static void Head(FakeRequest request)
        {
            request.RequireHeader("Accept", "application/json");
            request.RequireHeader("anthropic-version", "2023-06-01");
        }

        static string Key(int number, string status, string hint) =>
            $$"""{"id":"apikey_{{number}}","type":"api_key","name":"key {{number}}","status":"{{status}}",""" + "\n"
                + $$""" "partial_key_hint":"{{hint}}",""" + "\n"
            + "\"created_at\":\"2026-01-01T00:00:00Z\",\"expires_at\":null}";

        static FakeReply Page(bool more, string last, params string[] keys) => Json(
            200, $$"""{"data":[{{string.Join(',', keys)}}],"has_more":{{(more ? "true" : "false")}},"last_id":"{{last}}"}""");
    }

    private static FakeReply Json(int status, string body) => FakeReply.Json(status, JsonNode.Parse(body)!);

    /// <summary>A provider before a strict fake of its vendor.</summary>
    private sealed class Scene(FakeVendor vendor, IProvider provider, JsonObject settings) : VendorEnvironment(vendor)
    {
        public override IProvider Provider => provider;

        public override JsonObject Settings => settings;

        public List<string> Changes { get; } = [];

        public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string> { ["env:OWN"] = Admin };

        public override CredentialHandle Credential => new("apikey_1", null, null);

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings => [];

        public static async Task<Scene> StartAsync(string id, JsonObject settings)
        {
            var vendor = await FakeVendor.StartAsync();
            settings["url"] = vendor.Address;
            return new(vendor, Bench.Providers().Single(provider => provider.Descriptor.Id == id), settings);
        }

        public override void Reset()
        {
        }

        public override Task<string> StateAsync() => Task.FromResult("");
    }
}
