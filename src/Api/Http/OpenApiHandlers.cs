using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rotunda.Api.OpenApi;

namespace Rotunda.Api.Http;

internal static class OpenApiHandlers
{
    private static readonly Lazy<byte[]> Document = new(() => JsonSerializer.SerializeToUtf8Bytes(
        ApiDocument.Of(ApiRoutes.All.Select(
            route => new DocumentedRoute(route.Method, route.Pattern, route.Permission, route.NeedsFreshSignIn)))));

    public static Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries();
        return Task.FromResult(Results.Bytes(Document.Value, "application/json"));
    }
}
