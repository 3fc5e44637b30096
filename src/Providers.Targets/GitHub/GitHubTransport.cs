using System.Net.Http.Headers;
using System.Text;
using Octokit;
using Octokit.Internal;
using Rotunda.Providers.Web;
using HttpStatusCode = System.Net.HttpStatusCode;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>
/// Octokit's way to the network: our own web kit. A refusal or a lost answer becomes an outcome here, so Octokit only ever sees
/// answers of success, and makes none of its exceptions, which hold answers' bodies.
/// </summary>
/// <param name="send">Sends a request and returns an answer of success, or throws the outcome.</param>
/// <param name="cancellationToken">Octokit's typed calls take none.</param>
internal sealed class GitHubTransport(Func<WebRequest, CancellationToken, Task<WebReply>> send, CancellationToken cancellationToken)
    : IHttpClient
{
    /// <summary>
    /// These do no harm when they are done twice: a token that nobody has seen ends by itself, and a run that has ended stays so.
    /// </summary>
    private static readonly string[] Harmless = ["/access_tokens", "/cancel", "/force-cancel"];

    /// <summary>The request that was answered last; null before the first answer, and while another one is under way.</summary>
    public WebRequest? Answered { get; private set; }

    public async Task<IResponse> Send(
        IRequest request, CancellationToken cancellationOfCall, Func<object, object>? preprocessResponseBody = null)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cancellationOfCall);
        Answered = null;
        using var reply = await send(Translated(request), either.Token);
        Answered = reply.Request;
        var answer = new Answer(reply);

        // Octokit takes a list that is no JSON, such as a proxy's page, for an empty one: a run under way would not be waited for.
        return request.Method != HttpMethod.Get || answer.IsObject ? answer : throw new InvalidDataException();
    }

    /// <summary>Never: how long a call may take is the web kit's business.</summary>
    public void SetRequestTimeout(TimeSpan timeout) => throw new NotSupportedException();

    public void Dispose()
    {
        // Connections are the provider's.
    }

    private static WebRequest Translated(IRequest request)
    {
        // Octokit writes a space in a path as a plus, and a plus as %2B.
        var address = new UriBuilder(new Uri(request.BaseAddress, request.Endpoint));
        address.Path = address.Path.Replace("+", "%20", StringComparison.Ordinal);
        var isHarmless = Array.Exists(Harmless, end => address.Path.EndsWith(end, StringComparison.Ordinal));
        return new WebRequest(request.Method, address.Uri, Changes: request.Method != HttpMethod.Get && !isHarmless)
        {
            Body = request.Body is string body ? Encoding.UTF8.GetBytes(body) : null,
        };
    }

    private sealed class Answer(WebReply reply) : IResponse
    {
        private readonly string _text = Encoding.UTF8.GetString(reply.Body.Span);

        public object Body => _text;

        /// <summary>Those that somebody reads.</summary>
        public IReadOnlyDictionary<string, string> Headers { get; } =
            reply.Header("Date") is { } date ? new Dictionary<string, string> { ["Date"] = date } : new Dictionary<string, string>();

        /// <summary>Without links: Octokit would follow them, and send the token wherever they lead.</summary>
        public ApiInfo ApiInfo { get; } = new(new Dictionary<string, Uri>(), [], [], "", new RateLimit(0, 0, 0));

        public HttpStatusCode StatusCode { get; } = (HttpStatusCode)reply.Status;

        public string? ContentType { get; } =
            MediaTypeHeaderValue.TryParse(reply.Header("Content-Type"), out var type) ? type.MediaType : null;

        /// <summary>True for JSON of an object with members, which every answer to a question is.</summary>
        public bool IsObject => ContentType == "application/json" && _text.StartsWith('{') && _text != "{}";
    }
}
