using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Ssh;
using Rotunda.Providers.Targets.AuthorizedKeys;
using Rotunda.Providers.Targets.ConfigFile;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Providers.Targets.PlainFile;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>What may become of a file after a delivery, played with real ones; then delivered once more.</summary>
public sealed class FileDriftTests : IDisposable
{
    private static readonly SecretValue Ssh = SecretValue.FromText(OpenSshKey.NewEcdsa());
    private static readonly SecretValue OtherSsh = SecretValue.FromText(OpenSshKey.NewEcdsa());
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-");

    public static TheoryData<string> Kinds => ["dotenv", "file", "config-file", "authorized-keys"];

    private string Target => Path.Combine(_folder.FullName, "target");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_untouched_file_has_not_drifted(string kind)
    {
        var facts = await DeliverAsync(kind);
        Assert.Equal(Standing.Same, (await LookAsync(kind, facts)).Standing);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_edited_one_has(string kind)
    {
        var facts = await DeliverAsync(kind);
        await DeliverAsync(kind, other: true);
        await MendsAsync(kind, facts, Standing.Differs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_deleted_one_holds_nothing(string kind)
    {
        var facts = await DeliverAsync(kind);
        File.Delete(Target);
        await MendsAsync(kind, facts, Standing.Missing);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_link_in_its_place_is_found_whatever_it_leads_to(string kind)
    {
        var facts = await DeliverAsync(kind);
        var copy = Target + ".copy";
        File.Move(Target, copy);
        File.CreateSymbolicLink(Target, copy);
        var look = await LookAsync(kind, facts);
        Assert.Contains("is a link to", look.Reason);
        await MendsAsync(kind, facts, Standing.Differs);
        Assert.NotNull(new FileInfo(Target).LinkTarget);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_wider_mode_is_found_and_a_narrower_one_is_nobody_s_business(string kind)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        var facts = await DeliverAsync(kind);
        File.SetUnixFileMode(Target, UnixFileMode.UserRead);
        Assert.Equal(Standing.Same, (await LookAsync(kind, facts)).Standing);
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("chmod 0600", (await LookAsync(kind, facts)).Reason);
        await MendsAsync(kind, facts, Standing.Differs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_folder_in_its_place_cannot_be_told(string kind)
    {
        var facts = await DeliverAsync(kind);
        File.Delete(Target);
        Directory.CreateDirectory(Target);
        Assert.Equal(Standing.CannotTell, (await LookAsync(kind, facts)).Standing);
    }

    private async Task MendsAsync(string kind, IReadOnlyDictionary<string, string> facts, Standing drifted)
    {
        Assert.Equal(drifted, (await LookAsync(kind, facts)).Standing);
        Assert.Equal(Standing.Same, (await LookAsync(kind, await DeliverAsync(kind))).Standing);
    }

    private async Task<IReadOnlyDictionary<string, string>> DeliverAsync(string kind, bool other = false)
    {
        var outcome = await ((IDeliverValues)Provider(kind)).DeliverAsync(Call(), Values(kind, other), default);
        Assert.True(outcome.Succeeded, outcome.Reason);
        return outcome.Facts!;
    }

    private Task<StepOutcome> LookAsync(string kind, IReadOnlyDictionary<string, string> facts) =>
        ((IConfirmSync)Provider(kind)).ConfirmAsync(Call().After(facts), Values(kind, other: false), default);

    private static IProvider Provider(string kind) => kind switch
    {
        "dotenv" => new DotEnvProvider(),
        "file" => new FileProvider(),
        "config-file" => new ConfigFileProvider(),
        _ => new AuthorizedKeysProvider(),
    };

    private ProviderCall Call() => new(
        new ProviderSettings(
            new JsonObject
            {
                ["path"] = Target, ["keys"] = new JsonObject { ["KEY"] = "{value}" }, ["format"] = "json", ["addMissing"] = true,
            },
            new FixedReferences(new Dictionary<string, string>())),
        "app", "app-1", 1, 1, TimeProvider.System);

    private static DeliveredValues Values(string kind, bool other)
    {
        var value = kind == "authorized-keys"
            ? other ? OtherSsh : Ssh
            : SecretValue.FromText(other ? "edited-by-hand" : "the-value-in-use");
        return new(new DeliveredCredential(value, null, Fingerprint.Of(value, "00ff")), null, "00ff");
    }
}
