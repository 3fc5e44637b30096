namespace Rotunda.Testing.VendorFakes;

/// <summary>How one request goes wrong.</summary>
public enum FakeFaultKind
{
    /// <summary>Nothing happens; the answer is a status.</summary>
    Refuse,
    /// <summary>It happens, and the connection breaks before the answer.</summary>
    LoseReply,
    /// <summary>The connection breaks before anything happens.</summary>
    LoseRequest,
    /// <summary>It happens, and the answer breaks off in the middle of its body.</summary>
    Truncate,
    /// <summary>It happens, and no answer comes for as long as the client waits.</summary>
    Hang,
}

/// <param name="Status">With Refuse.</param>
/// <param name="RetryAfterSeconds">With Refuse: asks to wait.</param>
public sealed record FakeFault(FakeFaultKind Kind, int Status = 0, int? RetryAfterSeconds = null)
{
    /// <summary>Every way that every call must survive.</summary>
    public static IReadOnlyList<FakeFault> All { get; } =
    [
        Refuse(401), Refuse(403), Refuse(404), Refuse(409), Refuse(422), Refuse(429, 7), Refuse(500), Refuse(503, 7),
        new(FakeFaultKind.LoseReply), new(FakeFaultKind.LoseRequest), new(FakeFaultKind.Truncate), new(FakeFaultKind.Hang),
    ];

    public static FakeFault Refuse(int status, int? retryAfterSeconds = null) => new(FakeFaultKind.Refuse, status, retryAfterSeconds);

    public override string ToString() => Kind == FakeFaultKind.Refuse ? $"HTTP {Status}" : Kind.ToString();
}
