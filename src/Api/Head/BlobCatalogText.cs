using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Azure.Core;

namespace Rotunda.Api.Head;

/// <summary>
/// A catalog in a blob, read with the head's own identity (role Storage Blob Data Reader).
/// See https://learn.microsoft.com/rest/api/storageservices/get-blob
/// </summary>
/// <param name="address">Without a query: a signature in it would be a secret in a setting.</param>
/// <param name="folder">What relative paths in the catalog are relative to; a blob has no folder of its own.</param>
public sealed class BlobCatalogText(Uri address, string folder, TokenCredential credential, HttpClient http, TimeProvider time) : ICatalogText
{
    private const string ApiVersion = "2021-12-02";
    private const int Largest = 1024 * 1024;
    private static readonly string[] Scopes = ["https://storage.azure.com/.default"];

    public string Name => address.ToString();

    public string Folder => folder;

    /// <summary>True if a setting names a blob and not a file.</summary>
    public static bool IsBlob(string setting) => setting.Contains("://", StringComparison.Ordinal);

    public async Task<CatalogText?> ReadAsync(string? seen, CancellationToken cancellationToken)
    {
        try
        {
            using var request = await RequestAsync(seen, cancellationToken);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.NotModified => null,
                HttpStatusCode.OK => await TextAsync(response, cancellationToken),
                var status => throw new CatalogUnreadableException(Explain(status)),
            };
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or Azure.Identity.AuthenticationFailedException
            || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CatalogUnreadableException($"it cannot be read now ({problem.GetType().Name}: {problem.Message}).", problem);
        }
    }

    private static string Explain(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => "there is no such blob. Upload the catalog, or correct the setting.",
        HttpStatusCode.Forbidden => "the head's identity may not read it. Give it the role Storage Blob Data Reader on the container, and see that the account's network rules let it in.",
        HttpStatusCode.Unauthorized => "the storage account does not take the head's token. See that the account is in the identity's tenant.",
        _ => $"the storage account answered {(int)status}.",
    };

    private static async Task<CatalogText> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // The ETag decides what has changed; what a blob's version is called by people is its version id, where the account keeps versions.
        var seen = response.Headers.ETag?.ToString()
            ?? throw new CatalogUnreadableException("the answer has no ETag, so it is not from a storage account. Correct the setting.");
        using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Largest + 1];
        var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > Largest
            ? throw new CatalogUnreadableException($"it is larger than {Largest / 1024} KB, so it is hardly a catalog.")
            : new CatalogText(Encoding.UTF8.GetString(WithoutMark(buffer.AsSpan(0, length))), seen, VersionId(response));
    }

    private static string? VersionId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-ms-version-id", out var ids) ? ids.First() : null;

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) => text.StartsWith(Encoding.UTF8.Preamble) ? text[3..] : text;

    private async Task<HttpRequestMessage> RequestAsync(string? seen, CancellationToken cancellationToken)
    {
        var token = await credential.GetTokenAsync(new TokenRequestContext(Scopes), cancellationToken);
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        request.Headers.Add("x-ms-version", ApiVersion);
        request.Headers.Add("x-ms-date", time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
        if (seen is not null)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(seen));
        }

        return request;
    }
}
