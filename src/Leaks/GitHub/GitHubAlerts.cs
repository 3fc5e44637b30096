using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.GitHub;

/// <summary>
/// Reads and closes secret scanning alerts (https://docs.github.com/en/rest/secret-scanning/secret-scanning). The token needs the
/// repository permission "Secret scanning alerts", read and write.
/// </summary>
public sealed class GitHubAlerts(IReferenceResolver references, TimeProvider time) : IDisposable
{
    private static readonly WebHints s_hints = new(
        new Dictionary<int, string>
        {
            [401] = "The token of 'leaks.github' is wrong or has ended. Give one that works.",
            [403] = "The token of 'leaks.github' needs the repository permission \"Secret scanning alerts\" (read and write).",
            [404] = "There is no such alert, or the token of 'leaks.github' cannot see its repository.",
        },
        "message");

    private readonly WebClients _clients = new();

    /// <returns>Null for one that is closed; else its value, which the caller disposes.</returns>
    /// <exception cref="OutcomeException">It cannot be read now.</exception>
    public async Task<SecretValue?> ReadAsync(GitHubAlertPolicy policy, string repository, long number, CancellationToken cancellationToken)
    {
        using var scope = new SecretScope().Enter();
        var request = await RequestAsync(policy, HttpMethod.Get, repository, number, scope, cancellationToken);
        var session = _clients.Begin(time, "GitHub");
        using var reply = await session.SucceedAsync(request with { CarriesValue = true }, s_hints, cancellationToken);
        using var alert = Parse(reply);
        if (IsClosed(alert))
        {
            return null;
        }

        return alert.RootElement.TryGetProperty("secret", out var secret) && secret.GetString() is { Length: > 0 } value
            ? SecretValue.FromText(value)
            : throw new OutcomeException(StepOutcome.Rejected(
                "GitHub gives the alert without its value: an administrator has hidden it. Report it by hand: rotunda leak"));
    }

    /// <summary>Closes it as revoked. One that is closed already stays as it is.</summary>
    /// <exception cref="OutcomeException">It is not known to be closed.</exception>
    public async Task CloseAsync(
        GitHubAlertPolicy policy, string repository, long number, string comment, CancellationToken cancellationToken)
    {
        using var scope = new SecretScope().Enter();
        var session = _clients.Begin(time, "GitHub");
        var look = await RequestAsync(policy, HttpMethod.Get, repository, number, scope, cancellationToken);
        using (var now = await session.SucceedAsync(look with { CarriesValue = true }, s_hints, cancellationToken))
        {
            using var alert = Parse(now);
            if (IsClosed(alert))
            {
                // A person's word stays.
                return;
            }
        }

        var body = new JsonObject { ["state"] = "resolved", ["resolution"] = "revoked", ["resolution_comment"] = comment };
        var request = await RequestAsync(policy, HttpMethod.Patch, repository, number, scope, cancellationToken);
        using var reply = await session.SucceedAsync(
            request with { Changes = true, CarriesValue = true, Body = JsonSerializer.SerializeToUtf8Bytes<JsonNode>(body) },
            s_hints,
            cancellationToken);
    }

    public void Dispose() => _clients.Dispose();

    private static bool IsClosed(JsonDocument alert) =>
        alert.RootElement.TryGetProperty("state", out var state) && state.GetString() == "resolved";

    private static JsonDocument Parse(WebReply reply)
    {
        try
        {
            return JsonDocument.Parse(reply.Body);
        }
        catch (JsonException)
        {
            throw new OutcomeException(StepOutcome.Unknown(
                "GitHub's answer is no JSON. Check 'leaks.github.apiUrl', and proxies in between."));
        }
    }

    private async Task<WebRequest> RequestAsync(
        GitHubAlertPolicy policy, HttpMethod method, string repository, long number, SecretScope scope, CancellationToken cancellationToken)
    {
        using var token = await new ScopedReferences(references, scope).ResolveAsync(policy.Token, cancellationToken);
        var parts = repository.Split('/');
        var address = WebAddress.At(
            WebAddress.Base(policy.ApiUrl, "leaks.github.apiUrl"), "repos", parts[0], parts[1], "secret-scanning", "alerts",
            number.ToString(CultureInfo.InvariantCulture));
        return new WebRequest(method, address, Changes: false)
        {
            Authorization = new AuthenticationHeaderValue("Bearer", token.RevealText()),
            Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
        };
    }
}
