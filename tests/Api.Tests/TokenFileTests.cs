using System.Runtime.Versioning;
using Rotunda.Access;

namespace Rotunda.Api.Tests;

public sealed class TokenFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-tokens-");

    private string FilePath => Path.Combine(_folder.FullName, "tokens.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_token_is_found_by_its_text_and_kept_only_as_a_hash()
    {
        var file = new TokenFile(FilePath, TimeProvider.System);

        var token = file.Create("anna", Role.Operator, null);

        Assert.StartsWith("rot_", token, StringComparison.Ordinal);
        Assert.True(token.Length >= 4 + 43);
        Assert.Equal(new Caller("anna", Role.Operator), await file.FindAsync(token, CancellationToken.None));
        Assert.Null(await file.FindAsync(token + "x", CancellationToken.None));
        Assert.DoesNotContain(token[4..], await File.ReadAllTextAsync(FilePath), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_the_owner_may_read_the_file_and_nothing_is_left_beside_it()
    {
        new TokenFile(FilePath, TimeProvider.System).Create("anna", Role.Admin, null);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.DoesNotContain(Directory.GetFiles(_folder.FullName), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("schedule")]
    [InlineData("Rotunda")]
    [InlineData("../x")]
    public void A_name_that_would_confuse_the_ledger_is_refused(string name) =>
        Assert.Throws<TokenRefusedException>(() => new TokenFile(FilePath, TimeProvider.System).Create(name, Role.Viewer, null));

    [Fact]
    public void A_name_is_never_used_twice_even_after_it_was_revoked()
    {
        var file = new TokenFile(FilePath, TimeProvider.System);
        file.Create("anna", Role.Viewer, null);
        Assert.NotNull(file.Revoke("anna"));
        Assert.Null(file.Revoke("anna"));

        Assert.Throws<TokenRefusedException>(() => file.Create("Anna", Role.Viewer, null));
    }

    [Fact]
    public async Task An_expired_token_is_nobody()
    {
        var file = new TokenFile(FilePath, TimeProvider.System);
        var token = file.Create("anna", Role.Viewer, TimeSpan.FromTicks(1));

        Assert.Null(await file.FindAsync(token, CancellationToken.None));
    }

    [Fact]
    public async Task A_token_names_its_owner_and_a_release_that_knows_none_does_not_take_the_file()
    {
        var file = new TokenFile(FilePath, TimeProvider.System);
        file.Create("anna", Role.Operator, null, owner: "Anna");
        Assert.Contains("\"version\": 1", await File.ReadAllTextAsync(FilePath), StringComparison.Ordinal);

        var token = file.Create("ci", Role.Operator, null, owner: "anna");

        Assert.Equal(new Caller("ci [anna]", Role.Operator), await file.FindAsync(token, CancellationToken.None));
        Assert.Contains("\"version\": 2", await File.ReadAllTextAsync(FilePath), StringComparison.Ordinal);
        Assert.Throws<TokenRefusedException>(() => file.Create("cd", Role.Operator, null, owner: "schedule"));
        Assert.Throws<TokenRefusedException>(() => file.Create("cd", Role.Operator, null, owner: "x]"));
    }
}
