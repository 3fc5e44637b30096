namespace Rotunda.Providers.Contract;

public enum Use
{
    NotUsed,
    InUse,
    CannotTell,
}

/// <param name="LastUsedAt">If the system tells.</param>
/// <param name="RetryAfter">With CannotTell: how long the system asks to wait; null if it does not.</param>
public sealed record UseReport(Use Use, string Detail, DateTimeOffset? LastUsedAt = null, TimeSpan? RetryAfter = null);

/// <summary>Ability ReportUse: evidence that consumers moved.</summary>
public interface IReportUse
{
    Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken);
}
