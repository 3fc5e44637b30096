using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Rotunda.Api.Http;
using Rotunda.Api.Tests;

namespace Rotunda.Functions.Tests;

/// <summary>The head's HTTP functions, mapped as their triggers say: the same table by role as the server's, and the same for
/// machines.</summary>
public sealed class HttpTableTests
{
    [Fact]
    public async Task The_functions_let_in_whom_the_table_says_and_nobody_else()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform, Map, ApiHost.Policy("a-key"));

        await RoleTableTests.HoldsAsync(host);
    }

    /// <summary>The host checks the key before the function runs; what comes in by that address has the role of machines.</summary>
    [Fact]
    public async Task A_machine_may_do_what_its_role_may_and_comes_in_by_its_own_address_only()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform, Map, ApiHost.Policy("a-key"));
        using var machine = host.Client(null);
        using var started = await machine.PostAsync(
            "/machine/api/rotations",
            Json("""{"secret":"a-key","reason":"x"}"""),
            TestContext.Current.CancellationToken);
        using var approved = await machine.PostAsync(
            "/machine/api/rotations/a-key-1/approve",
            Json("""{"reason":"x"}"""),
            TestContext.Current.CancellationToken);
        using var other = await machine.GetAsync("/api/secrets", TestContext.Current.CancellationToken);

        Assert.Equal(
            (HttpStatusCode.Accepted, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized),
            (started.StatusCode, approved.StatusCode, other.StatusCode));
    }

    [Fact]
    public async Task The_page_is_there_for_anyone_and_an_address_that_is_none_of_its_is_not()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform, Map, ApiHost.Policy("a-key"));
        using var anyone = host.Client(null);
        foreach (var (path, status) in new[]
        {
            ("/", HttpStatusCode.OK), ("/login", HttpStatusCode.OK), ("/secrets/a-key", HttpStatusCode.OK),
            ("/assets/style.css", HttpStatusCode.OK), ("/approve", HttpStatusCode.NotFound), ("/admin", HttpStatusCode.NotFound),
        })
        {
            using var answer = await anyone.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode}");
        }
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    /// <summary>Every function with an HTTP trigger under its route and methods, as the Functions host does it.</summary>
    private static void Map(WebApplication app)
    {
        var functions = new HttpFunctions((ApiEntry)app.Services.GetService(typeof(ApiEntry))!, new DurableClient());
        foreach (var method in typeof(HttpFunctions).GetMethods().Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null))
        {
            var trigger =
                method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>().Single();
            app.MapMethods(
                "/" + trigger.Route!.TrimStart('/').Replace("{*", "{**", StringComparison.Ordinal),
                trigger.Methods!.Select(m => m.ToUpperInvariant()),
                async (HttpContext http) => await (await (Task<IResult>)method.Invoke(functions, [http.Request, null])!).ExecuteAsync(
                    http));
        }
    }
}
