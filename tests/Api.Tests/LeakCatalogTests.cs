using Rotunda.CatalogFiles;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Tests;

/// <summary>What the catalog says of leaks.</summary>
public sealed class LeakCatalogTests
{
    [Theory]
    [InlineData("leaks: { policy: maybe }", "catalog.yaml:2:18: leaks.policy: ")]
    [InlineData("leaks: { github: { secret: env:A } }", "leaks.github: the key \"token\" is missing")]
    [InlineData("leaks: { github: { secret: hunter2hunter2, token: env:B } }", "leaks.github.secret: is a secret")]
    [InlineData("leaks: { github: { secret: env:A, token: env:B, apiUrl: \"http://github.example\" } }", "leaks.github.apiUrl: must be")]
    [InlineData("leaks: { github: { secret: env:A, token: env:B, apiUrl: \"https://a:b@x.example\" } }", "leaks.github.apiUrl: must be")]
    [InlineData("leaks: { polcy: ask }", "unknown key \"polcy\"")]
    public void What_is_wrong_is_told_with_its_place_and_not_repeated(string leaks, string says)
    {
        var read = Read(leaks, "provider: { type: generated, purpose: jwt }");

        Assert.Null(read.Catalog);
        var problem = Assert.Single(read.Problems).ToString();
        Assert.Contains(says, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("a:b@", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", LeakAnswerKind.Rotate)]
    [InlineData("", "approval: { before: start }", LeakAnswerKind.Ask)]
    [InlineData("leaks: { policy: rotate }", "approval: { before: start }", LeakAnswerKind.Rotate)]
    [InlineData("leaks: { policy: ask }", "", LeakAnswerKind.Ask)]
    public void What_needs_no_approval_is_rotated_unless_the_catalog_says_otherwise(string leaks, string more, LeakAnswerKind expected)
    {
        var catalog = Read(leaks, $"provider: {{ type: generated, purpose: jwt }}\n    {more}").Catalog!;
        var policy = catalog.Leaks ?? LeakPolicy.Usual;

        Assert.Equal(expected, policy.AnswerFor(catalog.Policies["a-key"]));
        Assert.Equal(LeakAnswerKind.Ask, policy.AnswerFor(null));
    }

    [Fact]
    public void Without_an_address_it_is_GitHub_s_own()
    {
        var read = Read("leaks: { github: { secret: env:A, token: file:t } }", "provider: { type: generated, purpose: jwt }");
        var github = read.Catalog!.Leaks!.GitHub!;

        Assert.Equal(("env:A", "https://api.github.com"), (github.Secret, github.ApiUrl));
        Assert.StartsWith("file:/", github.Token, StringComparison.Ordinal);
    }

    private static CatalogResult Read(string leaks, string secret) => CatalogReader.Read(
        $"version: 1\n{leaks}\nsecrets:\n  a-key:\n    {secret}\n    targets:\n      env: {{ type: dotenv, path: /tmp/x.env, "
            + "keys: { A: \"{primary}\", B: \"{secondary}\" } }\n",
        "catalog.yaml", "/tmp", CatalogLoader.Descriptors());
}
