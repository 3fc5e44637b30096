using Rotunda.Access;
using Rotunda.Campaigns.Selection;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>What a grant is for, and how long a token lives.</summary>
public sealed class GrantTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-grants-");
    private readonly ManualTimeProvider _time = new();

    private string FilePath => Path.Combine(_folder.FullName, "tokens.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("owner=platform", true)]
    [InlineData("owner=plat", false)]
    [InlineData("owner=Platform", false)]
    [InlineData("tag=pay", true)]
    [InlineData("tag=pa", false)]
    [InlineData("name=pay-*", true)]
    [InlineData("name=*", true)]
    [InlineData("name=*-key", true)]
    [InlineData("name=p*y*key", true)]
    [InlineData("name=pay-api-key*pay-api-key", false)]
    [InlineData("name=pay", false)]
    [InlineData("name=pay-api-key", true)]
    [InlineData("owner=platform,tag=pay", true)]
    [InlineData("owner=platform,tag=shop", false)]
    public void A_selector_is_for_what_it_says(string text, bool matches)
    {
        var selector = Selector.TryParse(text)!;
        Assert.Equal(matches, selector.Matches(new SecretMarks("pay-api-key", "platform", ["pay", "prod"])));
        Assert.Equal(text, selector.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("platform")]
    [InlineData("owner=")]
    [InlineData("owner=a,")]
    [InlineData("role=admin")]
    [InlineData("owner=a b")]
    [InlineData("name=x]")]
    public void What_is_no_selector_is_refused(string? text) => Assert.Null(Selector.TryParse(text));

    [Fact]
    public void A_secret_that_nobody_owns_is_for_no_owner() =>
        Assert.False(Selector.TryParse("owner=x")!.Matches(new SecretMarks("a", null, [])));

    [Fact]
    public async Task A_token_keeps_its_selectors_and_an_older_release_refuses_the_file()
    {
        var file = new TokenFile(FilePath, _time);
        var (_, text) = file.Create(new NewToken("ci", Role.Operator) { On = [Selector.TryParse("name=pay-*")!] });

        var caller = (await new TokenFile(FilePath, _time).FindAsync(text, default))!;

        Assert.True(caller.MayOn(Permission.Start, new SecretMarks("pay-1", null, [])));
        Assert.False(caller.MayOn(Permission.Start, new SecretMarks("shop-1", null, [])));
        Assert.False(caller.MayEverywhere(Permission.Read));
        Assert.False(caller.May(Permission.Approve));
        Assert.Equal("operator on name=pay-*", caller.RolesInWords);
        Assert.Contains("\"version\": 3", await File.ReadAllTextAsync(FilePath), StringComparison.Ordinal);
        Assert.Throws<TokenRefusedException>(() => file.Create(new NewToken("x", Role.Admin) { On = [Selector.TryParse("tag=a")!] }));
    }

    [Fact]
    public async Task The_last_use_is_noted_and_puts_off_the_end_of_a_token_that_renews_itself()
    {
        var file = new TokenFile(FilePath, _time);
        var (_, renewed) = file.Create(new NewToken("admin", Role.Admin, NewToken.UsualLifetime) { RenewsItself = true });
        var (_, other) = file.Create(new NewToken("anna", Role.Viewer, NewToken.UsualLifetime));
        for (var month = 0; month < 4; month++)
        {
            _time.Advance(TimeSpan.FromDays(29));
            Assert.NotNull(await file.FindAsync(renewed, default));
            Assert.Equal(month < 3, await file.FindAsync(other, default) is not null);
            Assert.Equal(_time.GetUtcNow(), file.Find("admin")!.UsedAt);
        }

        _time.Advance(TimeSpan.FromDays(91));
        Assert.Null(await file.FindAsync(renewed, default));
        file.Renew("admin");
        file.Renew("anna");
        Assert.NotNull(await file.FindAsync(renewed, default));
        Assert.Null(await file.FindAsync(other, default));
    }

    [Fact]
    public void A_group_stands_for_a_role_on_some_secrets()
    {
        var claims = new RoleClaims(new Dictionary<Role, IReadOnlyList<string>> { [Role.Viewer] = ["everybody"] })
        {
            Grants = [("platform-team", new Grant(Role.Approver, Selector.TryParse("owner=platform")!))],
        };

        var caller = claims.CallerOf("anna [1]", ["everybody", "platform-team"]);

        Assert.True(caller.MayEverywhere(Permission.Read));
        Assert.False(caller.MayEverywhere(Permission.Approve));
        Assert.True(caller.MayOn(Permission.Approve, new SecretMarks("a", "platform", [])));
        Assert.Empty(claims.CallerOf("ben [2]", ["everybody"]).Grants);
    }
}
