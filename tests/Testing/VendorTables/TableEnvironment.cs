using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Testing.VendorTables;

/// <summary>A provider before its table.</summary>
public sealed class TableEnvironment : VendorEnvironment
{
    public TableEnvironment(FakeVendor vendor, VendorTable table, IProvider provider)
        : base(vendor)
    {
        (Table, Provider) = (table, provider);
        Held.ShowsPauses = true;
        table.Prepare(provider);
        table.Open(vendor);
    }

    public VendorTable Table { get; }

    public override IProvider Provider { get; }

    public override JsonObject Settings => With([]);

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>(Table.More)
    {
        ["env:OWN"] = Table.OwnValue,
        ["env:WRONG"] = "wrong-credential-0123456789abcdef",
        ["env:BROKEN"] = "broken credential\n0123456789abcdef",
    };

    public override string? InUse => Table.Keys.Count > 0 ? Table.Keys[0].Value : null;

    public override CredentialHandle Credential => Table.Credential;

    public override Func<string, Task>? SetByHand => Table.SetByHand is not { } set ? null : value =>
    {
        set(value);
        return Task.CompletedTask;
    };

    public override string? NoRights => Table.NoRights;

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        .. HasOwn ? BrokenOwn : [],
        ("an address in the clear", With(new() { ["url"] = "http://vendor.example" })),
        .. Table.Broken.Select(broken => (broken.What, With(broken.Settings))),
    ];

    private bool HasOwn => Table.OwnSetting.Length > 0;

    private IEnumerable<(string What, JsonObject Settings)> BrokenOwn =>
    [
        ("a wrong credential of its own", With(new() { [Table.OwnSetting] = "env:WRONG" })),
        ("a credential that is none", With(new() { [Table.OwnSetting] = "env:BROKEN" })),
        ("a reference to nothing", With(new() { [Table.OwnSetting] = "env:MISSING" })),
        .. Provider.Descriptor.Settings.Any(setting => setting.Name == Table.OwnSetting && setting.Required)
            ? new[] { ("no credential", With(new() { [Table.OwnSetting] = null })) }
            : [],
        ("a server that is not there", With(new() { ["url"] = "http://127.0.0.1:1" })),
    ];

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await Table.CloseAsync();
    }

    public override void Reset() => Table.Reset();

    public override void Wait(TimeSpan time) => Held.Advance(time);

    public override Task<string> StateAsync() => Task.FromResult(Table.State());

    /// <summary>The settings with others laid over them.</summary>
    public JsonObject With(JsonObject others)
    {
        var settings = Table.Settings;
        settings["url"] = Vendor.Address;
        if (HasOwn)
        {
            settings[Table.OwnSetting] = "env:OWN";
        }

        foreach (var (name, value) in others)
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }
}
