using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Rotunda.Api.Page;

namespace Rotunda.Api.Tests;

/// <summary>The page's files over HTTP, in every head.</summary>
public sealed partial class PageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Identity.Token)]
    [InlineData(Identity.Platform)]
    public async Task Every_address_of_the_page_answers_with_it_and_no_other_does(Identity identity)
    {
        await using var host = await ApiHost.StartAsync(identity);
        using var client = host.Client(null);
        foreach (var view in PageRoutes.Views.Where(view => !view.StartsWith("/openapi", StringComparison.Ordinal)))
        {
            var path = Part().Replace(view, "a-name.1");
            using var answer = await client.GetAsync(path, Cancelled);

            Assert.True(answer.IsSuccessStatusCode, path);
            Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            Assert.Contains("<title>Rotunda", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            Assert.Equal(PageSurface.Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        }

        foreach (var path in new[]
        {
            "/nothing",
            "/approve",
            "/secrets/a/b",
            "/assets/",
            "/assets/none.js",
            "/assets/index.html",
            "/index.html",
        })
        {
            using var answer = await client.GetAsync(path, Cancelled);

            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{path}: {answer.StatusCode}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task A_file_that_the_page_names_is_kept_for_ever_and_one_without_a_version_is_not()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Client(null);
        var names = Asset().Matches(await client.GetStringAsync("/", Cancelled)).Select(match => match.Groups["path"].Value).ToList();

        Assert.NotEmpty(names);
        foreach (var name in names)
        {
            using var versioned = await client.GetAsync(name, Cancelled);
            using var plain = await client.GetAsync(name.Replace($"{PageFiles.Own.Version}/", "", StringComparison.Ordinal), Cancelled);

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (versioned.StatusCode, plain.StatusCode));
            Assert.Contains("immutable", versioned.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("no-cache", plain.Headers.CacheControl!.ToString());
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task It_is_sent_compressed_to_who_takes_that_and_not_again_to_who_has_it(string encoding)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.AcceptEncoding.ParseAdd($"{encoding};q=0.8, identity");
        using var answer = await client.SendAsync(request, Cancelled);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancelled);
        await using Stream plain =
            encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);

        Assert.Equal(encoding, Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Equal(await client.GetStringAsync("/", Cancelled), await reader.ReadToEndAsync(Cancelled));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.Add("If-None-Match", answer.Headers.ETag!.ToString());
        using var unchanged = await client.SendAsync(again, Cancelled);

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task Another_method_is_told_which_ones_there_are()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Client(null);
        using var answer = await client.PostAsync("/secrets", null, Cancelled);
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"), Cancelled);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    /// <summary>The Functions head's trigger lets through what the table has.</summary>
    [Fact]
    public void The_first_parts_are_those_of_the_table() =>
        Assert.Equal(
            PageRoutes.Views.Where(view => view != "/").Select(view => view.Split('/')[1]).Append("assets").Append("openapi")
                .Distinct().Order(StringComparer.Ordinal),
            PageRoutes.FirstPart.Trim('^', '$', '(', ')').Split('|').Order(StringComparer.Ordinal));

    [GeneratedRegex("""\{\w+\}""", RegexOptions.None, 1000)]
    private static partial Regex Part();

    [GeneratedRegex("""(src|href)="(?<path>/assets/[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asset();
}
