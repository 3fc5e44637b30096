using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Providers.Targets.AuthorizedKeys;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Providers.Targets.PlainFile;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>What hangs on a file beside its contents stays when it is replaced.</summary>
public sealed class FileMetadataTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-");

    private string Target => Path.Combine(_folder.FullName, ".env");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("600")]
    [InlineData("640")]
    public async Task An_access_list_stays(string mode)
    {
        await StandsAsync(mode);
        await Required("acl", "setfacl", "-m", "u:33:r,g:34:-", Target);
        var before = await AccessAsync();
        Assert.Contains("user:33:r--", before);
        await DeliverAsync();
        Assert.Equal(before, await AccessAsync());
    }

    [Fact]
    public async Task A_default_list_of_the_folder_lets_nobody_in()
    {
        await StandsAsync("640");
        var before = await AccessAsync() ?? "";
        await Required("acl", "setfacl", "-d", "-m", "u:33:rw", _folder.FullName);
        await DeliverAsync();
        Assert.DoesNotContain("33", before);
        Assert.Equal(before, await AccessAsync());
    }

    [Theory]
    [InlineData("user.note", "mine")]
    [InlineData("security.selinux", "system_u:object_r:httpd_config_t:s0")]
    public async Task An_attribute_stays(string name, string value)
    {
        await StandsAsync("600");
        await Required("attr, a disk with attributes, and the right to set them", "setfattr", "-n", name, "-v", value, Target);
        await DeliverAsync();
        Assert.Equal(
            value,
            (await Commands.OutputAsync("getfattr", "--only-values", "--absolute-names", "-n", name, Target))?.TrimEnd('\0'));
    }

    [Fact]
    public async Task What_cannot_be_carried_over_is_refused_with_what_to_do()
    {
        await StandsAsync("600");
        await Required("attr, and the right to sign", "setfattr", "-n", "security.ima", "-v", "0x0404", Target);
        IProvider[] all = [new DotEnvProvider(), new FileProvider(), new AuthorizedKeysProvider(), new PgBouncerProvider()];
        foreach (var provider in all)
        {
            var outcome = await ((IValidateSetup)provider).ValidateAsync(Call(), default);
            Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
            Assert.Contains("a signature over its contents (security.ima)", outcome.Reason);
            Assert.Equal(provider is DotEnvProvider or FileProvider, outcome.Reason!.Contains("write: in-place"));
        }

        Assert.True((await new FileProvider().ValidateAsync(Call("in-place"), default)).Succeeded);
        Assert.Equal([Target], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Several_hard_links_are_told()
    {
        await StandsAsync("600");
        await Required("ln", "ln", Target, Path.Combine(_folder.FullName, "other"));
        Assert.Contains("2 names: only this one", (await new DotEnvProvider().ValidateAsync(Call(), default)).Facts!["hardLinks"]);
        Assert.Contains("2 names: each", (await new FileProvider().ValidateAsync(Call("in-place"), default)).Facts!["hardLinks"]);
        Assert.Contains("2 names", (await new AuthorizedKeysProvider().ValidateAsync(Call(), default)).Facts!["hardLinks"]);
    }

    private async Task StandsAsync(string mode)
    {
        await File.WriteAllTextAsync(Target, "");
        await Required("chmod", "chmod", mode, Target);
    }

    private static async Task Required(string what, string command, params string[] arguments) =>
        Assert.SkipUnless(await Commands.RunAsync(command, arguments), $"needs {what}");

    private Task<string?> AccessAsync() => Commands.OutputAsync("getfacl", "-cpn", Target);

    private async Task DeliverAsync()
    {
        Assert.True((await new DotEnvProvider().ValidateAsync(Call(), default)).Succeeded);
        using var value = SecretValue.FromText("new");
        var values = new DeliveredValues(new(value, null, "aaa"), null, "00");
        Assert.Equal(StepOutcomeKind.Done, (await new DotEnvProvider().DeliverAsync(Call(), values, default)).Kind);
        Assert.Equal("KEY=new\n", await File.ReadAllTextAsync(Target));
    }

    private ProviderCall Call(string write = "replace") => new(
        new ProviderSettings(
            new JsonObject
            {
                ["path"] = Target, ["keys"] = new JsonObject { ["KEY"] = "{value}" }, ["users"] = new JsonArray("app"), ["write"] = write,
                ["poolers"] = new JsonArray("127.0.0.1:1"), ["database"] = "app", ["adminUser"] = "admin",
            },
            new FixedReferences(new Dictionary<string, string>())),
        "app",
        "app-1",
        1,
        1,
        TimeProvider.System);
}
