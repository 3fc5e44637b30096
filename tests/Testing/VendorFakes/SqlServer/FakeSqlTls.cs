namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>How a <see cref="FakeSqlServer"/> protects its connections.</summary>
public enum FakeSqlTls
{
    /// <summary>Not at all: it says that it cannot.</summary>
    None,
    /// <summary>By a handshake inside the protocol, after its first packet.</summary>
    Inside,
    /// <summary>Before anything else (TDS 8).</summary>
    First,
}
