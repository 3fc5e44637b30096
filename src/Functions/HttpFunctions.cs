using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rotunda.Api.Http;
using Rotunda.Api.Page;

namespace Rotunda.Functions;

/// <summary>
/// The same surface as the server's, route by route, behind a few entries. "Anonymous" below is the host's word for "no function
/// key": the surface itself lets nobody in whom App Service Authentication has not checked (health apart).
/// </summary>
public sealed class HttpFunctions(ApiEntry entry, DurableClient client)
{
    /// <summary>For people, signed in through App Service Authentication.</summary>
    [Function("Api")]
    public Task<IResult> ApiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", Route = "api/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeAsync, request);

    /// <summary>For machines: the host checks the function key before this runs.</summary>
    [Function("MachineApi")]
    public Task<IResult> MachineAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", "put", "patch", "delete", Route = "machine/api/{*path}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeMachineAsync, request);

    [Function("Health")]
    public Task<IResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "healthz")] HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeAsync, request);

    [Function("Ready")]
    public Task<IResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "readyz")] HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeAsync, request);

    /// <summary>For people, and for monitors with a token of the platform.</summary>
    [Function("Metrics")]
    public Task<IResult> MetricsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "metrics")] HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeAsync, request);

    /// <summary>For a scraper with a function key.</summary>
    [Function("MachineMetrics")]
    public Task<IResult> MachineMetricsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "machine/metrics")] HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeMachineAsync, request);

    /// <inheritdoc cref="MetricsAsync"/>
    [Function("SecretsHealth")]
    public Task<IResult> SecretsHealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/secrets")] HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeAsync, request);

    /// <inheritdoc cref="MachineMetricsAsync"/>
    [Function("MachineSecretsHealth")]
    public Task<IResult> MachineSecretsHealthAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "machine/health/secrets")] HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeMachineAsync, request);

    /// <summary>The page's files, for anyone: what they show comes from the entry above.</summary>
    [Function("Home")]
    public Task<IResult> HomeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "/")] HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeAsync, request);

    /// <inheritdoc cref="HomeAsync"/>
    [Function("Page")]
    public Task<IResult> PageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "{part:regex(" + PageRoutes.FirstPart + ")}/{*path}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient durable) => ServeAsync(durable, entry.ServeAsync, request);

    /// <summary>The surface writes its answer itself.</summary>
    private async Task<IResult> ServeAsync(DurableTaskClient durable, Func<HttpContext, Task> serve, HttpRequest request)
    {
        client.Use(durable, request.HttpContext.RequestAborted);
        await serve(request.HttpContext);
        return Results.Empty;
    }
}
