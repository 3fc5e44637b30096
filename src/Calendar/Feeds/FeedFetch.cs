using System.Net.Http.Headers;
using System.Text;
using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Feeds;

/// <summary>Gets the text of a feed, from a file or by https: within a time, up to a size, and without following redirects.</summary>
internal sealed class FeedFetch(Lazy<IReferenceResolver> references, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly WebClients _clients = new();

    /// <exception cref="FeedUnreadableException">It cannot be read now.</exception>
    public async Task<string> ReadAsync(FreezeFeed feed, CancellationToken cancellationToken)
    {
        try
        {
            var source = SecretReference.TryParse(feed.Source, out _) ? await ResolveAsync(feed.Source, cancellationToken) : feed.Source;
            return source.Contains("://", StringComparison.Ordinal)
                ? await FromWebAsync(Address(source), feed.Authorization, cancellationToken)
                : await FromFileAsync(source, cancellationToken);
        }
        catch (ReferenceUnresolvedException problem)
        {
            throw new FeedUnreadableException(problem.Message);
        }
        catch (OutcomeException)
        {
            // Its reason names the address, which may be a secret itself.
            throw new FeedUnreadableException("Its server did not answer, or not within 15 s. Look whether it can be reached from here.");
        }
    }

    public void Dispose() => _clients.Dispose();

    private async Task<string> ResolveAsync(string reference, CancellationToken cancellationToken)
    {
        using var value = await references.Value.ResolveAsync(reference, cancellationToken);
        return value.RevealText().Trim();
    }

    private static Uri Address(string source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var address) && FreezeFeed.MayBeRead(address)
            ? address
            : throw new FeedUnreadableException("Its address is none that starts with https:// and has no password in it. Correct it.");

    private async Task<string> FromWebAsync(Uri address, string? authorization, CancellationToken cancellationToken)
    {
        var header = authorization is null ? null : Header(await ResolveAsync(authorization, cancellationToken));
        var request = new WebRequest(HttpMethod.Get, address, Changes: false)
        {
            Authorization = header, Timeout = Patience, Headers = [("Accept", "text/calendar")],
        };
        using var reply = await _clients.Begin(time, "feed").SendAsync(request, cancellationToken);
        return !reply.IsSuccess
            ? throw new FeedUnreadableException($"Its server answered {reply.Status}. {WebHints.None.For(reply.Status)}".TrimEnd())
            : Text(reply.Body.Span);
    }

    private static AuthenticationHeaderValue Header(string text) => AuthenticationHeaderValue.TryParse(text, out var header)
        ? header
        : throw new FeedUnreadableException("What its authorization leads to is no Authorization header, such as 'Bearer TOKEN'.");

    private static async Task<string> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = FileFacts.Of(path);
            return file.Kind != FileKind.File ? throw new FeedUnreadableException($"'{path}' is no file. Correct the path.")
                : file.Length > FeedText.Largest ? throw TooLarge()
                : Text(await File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new FeedUnreadableException(
                $"The file '{path}' cannot be read ({problem.GetType().Name}). Look whether it is there, and whether Rotunda's "
                    + "user may read "
                    + "it.");
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes) =>
        bytes.Length > FeedText.Largest ? throw TooLarge() : Encoding.UTF8.GetString(bytes);

    private static FeedUnreadableException TooLarge() => new("It is larger than 2 MB. Give a feed of change freezes alone.");
}
