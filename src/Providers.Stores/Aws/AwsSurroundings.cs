using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

/// <summary>
/// The credentials that this machine has at AWS, found as AWS's own tools find them: variables, a profile, the role of a container
/// or of an instance. The SDK keeps them and renews temporary ones. Nothing of what it says when it finds none is told on: that may
/// be a program's output.
/// </summary>
internal sealed class AwsSurroundings : IDisposable
{
    /// <summary>AWS's SDK itself takes up to 35 s where an instance's metadata service does not answer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);

    private readonly DefaultAWSCredentialsIdentityResolver _chain = new();
    private volatile AWSCredentials? _found;

    /// <exception cref="WebFailureException">There are none; the reason says what to do.</exception>
    public async Task<AwsCredentials> GetAsync(WebSession session, CancellationToken cancellationToken)
    {
        try
        {
            // The search blocks and cannot be stopped; it changes nothing, so it may be left behind.
            var given = await Task.Run(SearchAsync, cancellationToken).WaitAsync(Longest, session.Time, cancellationToken);
            return new AwsCredentials(given.AccessKey, given.SecretKey, string.IsNullOrEmpty(given.Token) ? null : given.Token);
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw session.Failure(Outcome(problem));
        }
    }

    /// <summary>After a refusal: the next call asks for new ones.</summary>
    public void Forget() => (_found as RefreshingAWSCredentials)?.ClearCredentials();

    public void Dispose() => _chain.Dispose();

    private async Task<ImmutableCredentials> SearchAsync()
    {
        var credentials = await _chain.ResolveIdentityAsync(clientConfig: null);
        var given = await credentials.GetCredentialsAsync();
        _found = credentials;
        return given;
    }

    /// <summary>Where there were some before, the place that gives them is away for a while only.</summary>
    private StepOutcome Outcome(Exception problem) => _found is null && problem is not TimeoutException
        ? StepOutcome.Rejected(
            $"AWS: this machine has no credentials ({problem.GetType().Name}). Set 'accessKeyId' or 'roleArn', or see what AWS's tools "
                + "find as the same user: aws sts get-caller-identity.")
        : StepOutcome.RetryLater($"AWS: this machine's credentials cannot be had now ({problem.GetType().Name}).");
}
