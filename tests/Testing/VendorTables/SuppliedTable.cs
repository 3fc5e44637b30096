namespace Rotunda.Testing.VendorTables;

/// <summary>A vendor whose keys people make: those that stand there are tried, and ended.</summary>
public abstract class SuppliedTable(string provider) : VendorTable(provider)
{
    public override bool Issues => false;

    public override string OwnSetting => "";

    /// <summary>What a value looks like that this vendor gives.</summary>
    protected abstract string Prefix { get; }

    protected override string NewValue(int number) => $"{Prefix}{number:d4}-{Guid.NewGuid():N}";
}
