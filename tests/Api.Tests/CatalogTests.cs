using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Azure.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Activities;
using Rotunda.Api.Head;
using Rotunda.CatalogFiles;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>The catalog from a file or a blob, and what happens when it changes, breaks or goes away.</summary>
public sealed class CatalogTests : IDisposable
{
    private const string Good =
        "version: 1\nsecrets:\n  a-key:\n    strategy: dual-key\n    provider: { type: generated }\n    interval: 30d\n";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-catalog-");
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeBlob _blob = new();

    [Fact]
    public async Task A_file_is_read_again_only_when_it_has_changed()
    {
        var path = Path.Combine(_folder.FullName, "catalog.yaml");
        await File.WriteAllTextAsync(path, Good);
        var file = new FileCatalogText(path);

        var first = await file.ReadAsync(null, None);
        var second = await file.ReadAsync(first!.Seen, None);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var third = await file.ReadAsync(first.Seen, None);

        Assert.Equal((Good, _folder.FullName), (first.Text, file.Folder));
        Assert.Null(second);
        Assert.Equal("2026-01-01T00:00:00.0000000Z", third!.Version);
        File.Delete(path);
        await Assert.ThrowsAsync<CatalogUnreadableException>(() => file.ReadAsync(null, None));
    }

    [Fact]
    public async Task A_blob_is_asked_with_the_heads_token_and_for_changes_only()
    {
        _blob.Text = "\uFEFF" + Good;
        var text = Blob();

        var first = await text.ReadAsync(null, None);
        var second = await text.ReadAsync(first!.Version, None);

        Assert.Equal((Good, "\"0x1\""), (first.Text, first.Version));
        Assert.Null(second);
        Assert.Equal([null, "\"0x1\""], _blob.Asked);
    }

    [Fact]
    public async Task What_is_recorded_is_the_blobs_version_and_what_is_asked_for_its_tag()
    {
        (_blob.Text, _blob.VersionId) = (Good, "2026-01-01T00:00:00.1234567Z");
        using var catalog = new RefreshingCatalog(Blob(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);

        await catalog.RefreshAsync(TimeSpan.Zero, None);
        _blob.Status = HttpStatusCode.ServiceUnavailable;
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        _blob.Status = HttpStatusCode.OK;
        await catalog.RefreshAsync(TimeSpan.Zero, None);

        Assert.Equal((_blob.VersionId, false), (catalog.Current!.Version, catalog.IsBroken));
        Assert.Equal([null, "\"0x1\"", "\"0x1\""], _blob.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "no such blob")]
    [InlineData(HttpStatusCode.Forbidden, "Storage Blob Data Reader")]
    [InlineData(HttpStatusCode.Unauthorized, "tenant")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "503")]
    [InlineData(HttpStatusCode.Found, "302")]
    public async Task What_a_blob_store_refuses_is_told_with_what_to_do(HttpStatusCode status, string expected)
    {
        _blob.Status = status;

        var problem = await Assert.ThrowsAsync<CatalogUnreadableException>(() => Blob().ReadAsync(null, None));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("token-canary", problem.ToString(), StringComparison.Ordinal);
        // Neither tried again nor followed elsewhere, with the token.
        Assert.Single(_blob.Asked);
    }

    [Fact]
    public async Task A_blob_that_is_far_too_large_or_out_of_reach_is_refused()
    {
        _blob.Text = new string('x', (16 * 1024 * 1024) + 1);
        Assert.Contains(
            "larger",
            (await Assert.ThrowsAsync<CatalogUnreadableException>(() => Blob().ReadAsync(null, None))).Message,
            StringComparison.Ordinal);

        _blob.Failure = new HttpRequestException("no route");
        Assert.Contains(
            "no route",
            (await Assert.ThrowsAsync<CatalogUnreadableException>(() => Blob().ReadAsync(null, None))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_stops_the_look_gets_no_word_about_the_blob()
    {
        using var stopped = new CancellationTokenSource();
        _blob.Entered = stopped.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Blob().ReadAsync(null, stopped.Token));

        Assert.Single(_blob.Asked);
    }

    [Fact]
    public async Task The_last_good_catalog_stays_in_force_while_the_new_one_is_broken_or_away()
    {
        _blob.Text = Good;
        using var catalog = new RefreshingCatalog(Blob(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);
        Assert.Null(catalog.Current);

        await catalog.RefreshAsync(TimeSpan.Zero, None);
        var first = catalog.Current!;
        Assert.Equal(("\"0x1\"", false), (first.Version, catalog.IsBroken));

        _blob.Change("version: 1\nsecrets: 5\n");
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Same(first, catalog.Current);
        Assert.True(catalog.IsBroken);

        _blob.Status = HttpStatusCode.ServiceUnavailable;
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.True(catalog.IsBroken);

        _blob.Status = HttpStatusCode.OK;
        _blob.Change(Good + "# again\n");
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Equal(("\"0x3\"", false), (catalog.Current!.Version, catalog.IsBroken));
    }

    [Fact]
    public async Task A_good_catalog_that_was_out_of_reach_for_a_while_is_whole_again()
    {
        _blob.Text = Good;
        using var catalog = new RefreshingCatalog(Blob(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        _blob.Status = HttpStatusCode.ServiceUnavailable;
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.True(catalog.IsBroken);

        _blob.Status = HttpStatusCode.OK;
        await catalog.RefreshAsync(TimeSpan.Zero, None);

        Assert.False(catalog.IsBroken);
    }

    [Fact]
    public async Task A_look_within_the_given_time_is_not_repeated()
    {
        _blob.Text = Good;
        using var catalog = new RefreshingCatalog(Blob(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);

        await catalog.RefreshAsync(TimeSpan.FromSeconds(30), None);
        await catalog.RefreshAsync(TimeSpan.FromSeconds(30), None);
        Assert.Single(_blob.Asked);
        _clock.Advance(TimeSpan.FromSeconds(31));
        await catalog.RefreshAsync(TimeSpan.FromSeconds(30), None);

        Assert.Equal(2, _blob.Asked.Count);
    }

    public void Dispose()
    {
        _blob.Dispose();
        _folder.Delete(recursive: true);
    }

    private ActivitiesOptions Options => new() { DataDirectory = _folder.FullName };

    private BlobCatalogText Blob() =>
        new(
            new Uri("https://acct.blob.core.windows.net/catalog/rotunda.yaml"),
            _folder.FullName,
            new FakeCredential(),
            new HttpClient(_blob));

    private sealed class FakeCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://storage.azure.com/.default"], requestContext.Scopes);
            return new AccessToken("token-canary", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    /// <summary>Get Blob (https://learn.microsoft.com/rest/api/storageservices/get-blob), one blob; anything else fails the test.</summary>
    private sealed class FakeBlob : HttpMessageHandler
    {
        private int _version = 1;

        public string Text { get; set; } = "";

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        /// <summary>Where the account keeps versions.</summary>
        public string? VersionId { get; set; }

        public HttpRequestException? Failure { get; set; }

        /// <summary>Called when a request has come.</summary>
        public Action Entered { get; set; } = () => { };

        public List<string?> Asked { get; } = [];

        public void Change(string text) => (Text, _version) = (text, _version + 1);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("GET https://acct.blob.core.windows.net/catalog/rotunda.yaml", $"{request.Method} {request.RequestUri}");
            Assert.Equal("Bearer token-canary", request.Headers.Authorization!.ToString());
            Assert.Equal("2021-12-02", Assert.Single(request.Headers.GetValues("x-ms-version")));
            var seen = request.Headers.IfNoneMatch.SingleOrDefault()?.ToString();
            Asked.Add(seen);
            Entered();
            cancellationToken.ThrowIfCancellationRequested();
            if (Failure is { } failure)
            {
                throw failure;
            }

            var etag = $"\"0x{_version}\"";
            if (Status == HttpStatusCode.OK && seen == etag)
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotModified));
            }

            var response = new HttpResponseMessage(Status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Text)) };
            response.Headers.ETag = EntityTagHeaderValue.Parse(etag);
            response.Headers.Location = Status == HttpStatusCode.Found ? new Uri("https://acct.blob.core.windows.net/elsewhere") : null;
            if (VersionId is { } id)
            {
                response.Headers.Add("x-ms-version-id", id);
            }

            return Task.FromResult(response);
        }
    }
}
