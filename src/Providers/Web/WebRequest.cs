using System.Net.Http.Headers;

namespace Rotunda.Providers.Web;

/// <summary>One call of a vendor's HTTP API.</summary>
/// <param name="Changes">It changes something there: without an answer, nobody knows whether it did.</param>
internal sealed record WebRequest(HttpMethod Method, Uri Address, bool Changes)
{
    /// <summary>The body; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public AuthenticationHeaderValue? Authorization { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The body holds a value, which an answer may repeat: nothing of the answer is quoted.</summary>
    public bool CarriesValue { get; init; }

    /// <summary>Whether an answer with a success's status says that nothing was done.</summary>
    public Func<WebReply, bool> Refuses { get; init; } = _ => false;

    /// <summary>For the answer to this one request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For people: method and path, without the query.</summary>
    public string What => $"{Method} {Address.GetLeftPart(UriPartial.Path)}";
}
