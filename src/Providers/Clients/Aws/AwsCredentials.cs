namespace Rotunda.Providers.Clients.Aws;

/// <summary>What signs requests, for one activity. Masked where it could be printed.</summary>
/// <param name="SessionToken">Of temporary credentials.</param>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    public override string ToString() => $"{AccessKeyId} ***";
}
