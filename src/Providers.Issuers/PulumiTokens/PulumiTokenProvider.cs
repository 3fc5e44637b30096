using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Pulumi;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.PulumiTokens;

internal sealed class PulumiTokenProvider
    : IProvider, IIssueCredentials, IVerifyCredentials, IRevokeCredentials, IListCredentials, IReportUse, IValidateSetup, IDisposable
{
    private const int LongestName = 40;
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(730);
    private readonly WebClients _clients = new();

    public ProviderDescriptor Descriptor => PulumiTokenDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        _ = Expires(call);
        var client = await OpenAsync(call, cancellationToken);
        var tokens = await client.ListAsync(cancellationToken);
        return StepOutcome.Done(("tokens", $"{tokens.Count} of {client.Whose}"));
    });

    public Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken) =>
        WebGuard.IssueAsync(async () =>
        {
            var body = new JsonObject { ["description"] = request.Label, ["expires"] = Expires(call) };
            if (call.Settings.Text(PulumiTokenDescriptor.Organization) is not null)
            {
                body["name"] = UniqueName(request.Label);
                if (call.Settings.Text(PulumiTokenDescriptor.Team) is null)
                {
                    body["admin"] = call.Settings.Flag(PulumiTokenDescriptor.Admin);
                    if (call.Settings.Text(PulumiTokenDescriptor.RoleId) is { } role)
                    {
                        body["roleID"] = role;
                    }
                }
            }

            try
            {
                var (id, value) = await (await OpenAsync(call, cancellationToken)).MakeAsync(body, cancellationToken);
                return new IssueResult(StepOutcome.Done(("id", id)), new CredentialHandle(id, null, request.Label), value);
            }
            catch (Exception problem) when (problem is SettingMissingException or ReferenceUnresolvedException)
            {
                return new IssueResult(StepOutcome.Rejected(problem.Message));
            }
        });

    public Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken) =>
        WebGuard.VerifyAsync(async () =>
        {
            var session = _clients.Begin(call, "Pulumi Cloud");
            var own = await PulumiApi.OpenAsync(
                session,
                call.Settings,
                PulumiTokenDescriptor.Url,
                PulumiTokenDescriptor.Token,
                cancellationToken);
            if (own.With(value) is not { } api)
            {
                return new Verification(Validity.Invalid, "the value cannot be a token");
            }

            using var reply = await api.ExchangeAsync(api.Request(HttpMethod.Get, changes: false, "api", "user"), cancellationToken);
            return reply.Status == 401 ? new Verification(Validity.Invalid, "Pulumi Cloud does not know the token")
                : reply.IsSuccess ? new Verification(Validity.Valid)
                : throw session.Refusal(reply, PulumiApi.Hints);
        });

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            if (credential.Id is not { } id)
            {
                return StepOutcome.Rejected("The token's id is not known, so it cannot be deleted: delete it by hand.");
            }

            var client = await OpenAsync(call, cancellationToken);
            if (await client.DeleteAsync(id, cancellationToken))
            {
                return StepOutcome.Done(("id", id));
            }

            // "Not found" is also said to those who may not see: only who sees the others can tell that it is gone.
            return (await client.ListAsync(cancellationToken)).Any(token => token.Id == id)
                ? StepOutcome.RetryLater($"Pulumi Cloud lists the token {id}, but does not find it to delete it.")
                    : StepOutcome.AlreadyDone(("id", id));
        });

    public async Task<IReadOnlyList<ListedCredential>> ListAsync(
        ProviderCall call,
        CancellationToken cancellationToken) =>
    [
        .. (await (await OpenAsync(call, cancellationToken)).ListAsync(
            cancellationToken))
            .Select(token => new ListedCredential(new CredentialHandle(token.Id, null, token.Label), token.CreatedAt, token.LastUsedAt)),
    ];

    public Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        WebGuard.UseAsync(async () =>
        {
            var tokens = await (await OpenAsync(call, cancellationToken)).ListAsync(cancellationToken);
            return tokens.FirstOrDefault(token => token.Id == credential.Id) switch
            {
                null => new UseReport(Use.NotUsed, "the token is gone, or has expired"),
                { LastUsedAt: { } used } => new UseReport(Use.NotUsed, $"last used at {used:u}", used),
                _ => new UseReport(Use.NotUsed, "never used"),
            };
        });

    public void Dispose() => _clients.Dispose();

    private async Task<PulumiTokenClient> OpenAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var (organization, team) = (call.Settings.Text(PulumiTokenDescriptor.Organization), call.Settings.Text(PulumiTokenDescriptor.Team));
        return team is not null
            && organization is null ? throw new WebFailureException(
                StepOutcome.Rejected("'team' is one of an organisation: set 'organization', too."))
            : new(
                await PulumiApi.OpenAsync(
                    _clients.Begin(call, "Pulumi Cloud"),
                    call.Settings,
                    PulumiTokenDescriptor.Url,
                    PulumiTokenDescriptor.Token,
                    cancellationToken),
                organization,
                team);
    }

    /// <summary>In Unix seconds; 0 for never.</summary>
    private static long Expires(ProviderCall call)
    {
        var lifetime = call.Settings.Duration(PulumiTokenDescriptor.Lifetime, TimeSpan.Zero);
        return lifetime > LongestLifetime ? throw new WebFailureException(
            StepOutcome.Rejected("'lifetime' is more than 730d, the most that Pulumi Cloud takes."))
            : lifetime == TimeSpan.Zero ? 0 : (call.Time.GetUtcNow() + lifetime).ToUnixTimeSeconds();
    }

    /// <summary>Also if the same label was used before, by an attempt whose answer was lost or by another ledger.</summary>
    private static string UniqueName(string label)
    {
        var digits = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        return $"{label[..Math.Min(label.Length, LongestName - digits.Length - 1)]}-{digits}";
    }

    private static async Task<StepOutcome> GuardAsync(Func<Task<StepOutcome>> work)
    {
        try
        {
            return await WebGuard.OutcomeAsync(work);
        }
        catch (Exception problem) when (problem is SettingMissingException or ReferenceUnresolvedException)
        {
            return StepOutcome.Rejected(problem.Message);
        }
    }
}
