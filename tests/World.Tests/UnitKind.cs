namespace Rotunda.World.Tests;

/// <summary>What a secret is at its vendor, which decides its strategy.</summary>
internal enum UnitKind
{
    /// <summary>Keys that are listed and can be disabled: overlap.</summary>
    Keys,
    /// <summary>Keys that nobody can list: overlap.</summary>
    BlindKeys,
    /// <summary>Two accounts taken in turn.</summary>
    Accounts,
    /// <summary>One account with one value.</summary>
    Account,
    /// <summary>Keys that are made here and checked by those who have them: dual-key.</summary>
    Signing,
    /// <summary>Keys that people make.</summary>
    Supplied,
    /// <summary>Credentials that end by themselves.</summary>
    Leases,
}
