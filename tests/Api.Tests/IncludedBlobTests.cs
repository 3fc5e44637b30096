using System.Globalization;
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

/// <summary>A catalog from a blob that includes others of its container.</summary>
public sealed class IncludedBlobTests : IDisposable
{
    private const string Own = "house/catalog.yaml";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeContainer _container = new();
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Blobs_beside_it_are_listed_and_read_again_only_when_they_have_changed()
    {
        _container.Put(Own, "version: 1\ninclude: [teams/*.yaml, '*.yaml']\n");
        _container.Put("house/teams/b.yaml", Secret("b"));
        _container.Put("house/teams/a.yaml", Secret("a"));
        _container.Put("house/teams/deep/c.yaml", Secret("c"));
        _container.Put("house/top.yaml", Secret("top"));
        _container.Put("other/teams/d.yaml", Secret("d"));
        using var catalog = new RefreshingCatalog(Blob(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);

        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Null(catalog.Problem);
        var first = catalog.Current!;
        Assert.Equal(["a", "b", "top"], first.Policies.Keys.Order());
        Assert.Equal(
            ["catalog.yaml", "teams/a.yaml", "teams/b.yaml", "top.yaml"],
            first.Files.Select(file => file.Name["https://acct.blob.core.windows.net/catalog/house/".Length..]));

        _container.Asked.Clear();
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Same(first, catalog.Current);
        Assert.Equal([$"304 {Own}", "list house/teams/", "list house/"], _container.Asked);

        _container.Put("house/teams/b.yaml", Secret("b", "grace: 1h"));
        _container.Asked.Clear();
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Equal(TimeSpan.FromHours(1), catalog.Current!.Policies["b"].Grace);
        Assert.Same(first.Policies["a"], catalog.Current.Policies["a"]);
        Assert.Equal("2026-01-01T00:07:00.0000000Z", catalog.Current.Version);
        // Looked at again at the end: only together do they make a catalog.
        string[] look = [$"304 {Own}", "list house/teams/", "list house/"];
        Assert.Equal([.. look, "200 house/teams/b.yaml", .. look[1..], look[0]], _container.Asked);

        _container.Remove("house/teams/a.yaml");
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Equal(["b", "top"], catalog.Current!.Policies.Keys.Order());
    }

    [Fact]
    public async Task A_blob_that_changes_or_goes_while_it_is_read_is_looked_for_again()
    {
        _container.Put(Own, "version: 1\ninclude: teams/*.yaml\n");
        _container.Put("house/teams/a.yaml", Secret("a"));
        _container.Put("house/teams/b.yaml", Secret("b"));
        _container.Listed = () =>
        {
            _container.Listed = () => { };
            _container.Remove("house/teams/a.yaml");
            _container.Put("house/teams/b.yaml", Secret("b2"));
        };
        using var catalog = new RefreshingCatalog(Blob(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);

        await catalog.RefreshAsync(TimeSpan.Zero, None);

        Assert.Null(catalog.Problem);
        Assert.Equal(["b2"], catalog.Current!.Policies.Keys);

        // One that never holds still is told, and the last good catalog stays.
        _container.Put("house/teams/b.yaml", Secret("b3"));
        _container.Listed = () => _container.Put("house/teams/b.yaml", Secret("b4"));
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Contains("its blobs change while they are read", catalog.Problem!, StringComparison.Ordinal);
        Assert.Equal(["b2"], catalog.Current!.Policies.Keys);

        _container.Listed = () => { };
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Equal(["b4"], catalog.Current!.Policies.Keys);
    }

    [Theory]
    [InlineData("house/teams/new.yaml", "secrets: {}")]
    [InlineData(Own, "version: 1\ninclude: teams/*.yaml\n# another version\n")]
    public async Task Blobs_of_two_uploads_are_never_taken_for_one_catalog(string blob, string text)
    {
        _container.Put(Own, "version: 1\ninclude: teams/*.yaml\n");
        _container.Put("house/teams/a.yaml", Secret("a"));
        var source = Blob();
        var first = await source.ReadAsync(null, None);
        _container.Put("house/teams/a.yaml", Secret("a2"));
        var lists = 0;
        _container.Listed = () =>
        {
            if (++lists == 1)
            {
                // The rest of the upload comes once the list was asked for.
                _container.Put(blob, text);
            }
        };

        var second = await source.ReadAsync(first!.Seen, None);

        Assert.Equal(4, lists);
        Assert.Null(await source.ReadAsync(second!.Seen, None));
    }

    [Fact]
    public async Task What_is_wrong_is_told_at_its_blob_and_a_list_that_is_refused_says_what_to_do()
    {
        _container.Put(Own, "version: 1\ninclude: [teams/*.yaml, none/*.yaml]\n");
        _container.Put("house/teams/a.yaml", "secrets:\n  a: { provider: { type: generated }, interval: soon }\n");
        using var catalog = new RefreshingCatalog(Blob(), Options, _clock, NullLogger<RefreshingCatalog>.Instance);

        await catalog.RefreshAsync(TimeSpan.Zero, None);
        const string Container = "https://acct.blob.core.windows.net/catalog/";
        Assert.Contains($"{Container}{Own}:2:25: include: \"none/*.yaml\" matches", catalog.Problem!, StringComparison.Ordinal);
        Assert.Contains($"{Container}house/teams/a.yaml:2:49: a.interval", catalog.Problem!, StringComparison.Ordinal);

        _container.ListStatus = HttpStatusCode.Forbidden;
        await catalog.RefreshAsync(TimeSpan.Zero, None);
        Assert.Contains("Storage Blob Data Reader", catalog.Problem!, StringComparison.Ordinal);
        Assert.DoesNotContain("token-canary", catalog.Problem!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("teams/*.yaml", "teams/a.yaml", true)]
    [InlineData("teams/*.yaml", "teams/deep/a.yaml", false)]
    [InlineData("teams/*.yaml", "teams/.a.yaml", false)]
    [InlineData("**/a.yaml", "a.yaml", true)]
    [InlineData("**/a.yaml", "x/y/a.yaml", true)]
    [InlineData("**/a.yaml", "x/.y/a.yaml", false)]
    [InlineData("x/**/y/**/a.yaml", "x/1/y/2/3/a.yaml", true)]
    [InlineData("x/**/y/**/a.yaml", "x/1/2/3/a.yaml", false)]
    [InlineData("a.yaml", "A.yaml", false)]
    public void Blobs_and_files_are_matched_alike(string pattern, string name, bool expected) =>
        Assert.Equal(expected, BlobFolder.Fits(pattern.Split('/'), name.Split('/')));

    private static ActivitiesOptions Options => new() { DataDirectory = Path.GetTempPath() };

    public void Dispose() => _container.Dispose();

    private BlobCatalogText Blob() => new(
        new Uri($"https://acct.blob.core.windows.net/catalog/{Own}"), Path.GetTempPath(), new FakeCredential(), new HttpClient(_container));

    private static string Secret(string name, string? more = null) =>
        $"secrets:\n  {name}:\n    provider: {{ type: generated }}\n{(more is null ? "" : $"    {more}\n")}";

    private sealed class FakeCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new("token-canary", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    /// <summary>Get Blob (https://learn.microsoft.com/rest/api/storageservices/get-blob) and List Blobs
    /// (https://learn.microsoft.com/rest/api/storageservices/list-blobs), two a page; anything else fails the test.</summary>
    private sealed class FakeContainer : HttpMessageHandler
    {
        private readonly SortedDictionary<string, (string Text, int Version)> _blobs = new(StringComparer.Ordinal);
        private int _version;

        public List<string> Asked { get; } = [];

        public HttpStatusCode ListStatus { get; set; } = HttpStatusCode.OK;

        /// <summary>Called behind each list.</summary>
        public Action Listed { get; set; } = () => { };

        public void Put(string name, string text) => _blobs[name] = (text, ++_version);

        public void Remove(string name) => _blobs.Remove(name);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("GET", request.Method.Method);
            Assert.Equal("Bearer token-canary", request.Headers.Authorization!.ToString());
            var address = request.RequestUri!;
            Assert.Equal("acct.blob.core.windows.net", address.Host);
            var path = address.AbsolutePath;
            return Task.FromResult(path == "/catalog" ? List(address) : Get(request, path["/catalog/".Length..]));
        }

        private HttpResponseMessage Get(HttpRequestMessage request, string name)
        {
            if (!_blobs.TryGetValue(name, out var blob))
            {
                return Told(HttpStatusCode.NotFound, name);
            }

            var etag = $"\"0x{blob.Version}\"";
            if (request.Headers.IfNoneMatch.SingleOrDefault()?.ToString() == etag)
            {
                return Told(HttpStatusCode.NotModified, name);
            }

            if (request.Headers.IfMatch.SingleOrDefault() is { } match && match.ToString() != etag)
            {
                return Told(HttpStatusCode.PreconditionFailed, name);
            }

            var reply = Told(HttpStatusCode.OK, name);
            reply.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(blob.Text));
            reply.Content.Headers.LastModified = At(blob.Version);
            reply.Headers.ETag = EntityTagHeaderValue.Parse(etag);
            return reply;
        }

        private HttpResponseMessage List(Uri address)
        {
            var query = System.Web.HttpUtility.ParseQueryString(address.Query);
            Assert.Equal(("container", "list"), (query["restype"], query["comp"]));
            var from = query["marker"] ?? "";
            if (from.Length == 0)
            {
                Asked.Add($"list {query["prefix"]}");
            }

            var found = _blobs.Where(blob => blob.Key.StartsWith(query["prefix"]!, StringComparison.Ordinal)
                && string.CompareOrdinal(blob.Key, from) >= 0).ToList();
            var entries = found.Take(2).Select(blob =>
                $"<Blob><Name>{blob.Key}</Name><Properties><Last-Modified>{At(blob.Value.Version):R}</Last-Modified>"
                    + $"<Etag>0x{blob.Value.Version}</Etag><Content-Length>{blob.Value.Text.Length}</Content-Length>"
                    + "<BlobType>BlockBlob</BlobType></Properties></Blob>");
            var next = found.Count > 2 ? found[2].Key : "";
            var text = "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults "
                + "ServiceEndpoint=\"https://acct.blob.core.windows.net/\" ContainerName=\"catalog\">"
                + $"<Blobs>{string.Concat(entries)}</Blobs>"
                + $"<NextMarker>{next}</NextMarker></EnumerationResults>";
            if (next.Length == 0)
            {
                Listed();
            }

            return new HttpResponseMessage(ListStatus) { Content = new StringContent(text, Encoding.UTF8, "application/xml") };
        }

        private HttpResponseMessage Told(HttpStatusCode status, string name)
        {
            Asked.Add($"{((int)status).ToString(CultureInfo.InvariantCulture)} {name}");
            return new HttpResponseMessage(status) { Content = new StringContent("") };
        }

        private static DateTimeOffset At(int version) => new(2026, 1, 1, 0, version, 0, TimeSpan.Zero);
    }
}
