using System.Reflection;
using System.Security.Cryptography;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>
/// A system that issues keys over HTTP. What differs from vendor to vendor is overridden: how a key is made, listed, tried and deleted.
/// What must not differ is here: what a lost answer means, and that "not found" is looked into.
/// </summary>
internal abstract class KeyVendor(ProviderDescriptor descriptor, VendorAccess access)
    : Vendor(descriptor, access), IProvider, IIssueCredentials, IRevokeCredentials, IDisableCredentials, IListCredentials, IReportUse,
        IRevokeByValue
{
    private const BindingFlags Protected = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>Listing, disabling and revoking if they are overridden. What lists can tell is the descriptor's to say: of use,
    /// and of labels. A list without labels still shows that a key is gone.</summary>
    public Abilities Implemented =>
        (Overrides(nameof(MintAsync), typeof(VendorCall), typeof(string), typeof(string))
            ? Abilities.IssueCredentials
            : Abilities.TakeSupplied)
        | Abilities.VerifyCredentials
        | (Overrides(nameof(DeleteAsync), typeof(VendorCall), typeof(string)) ? Abilities.RevokeCredentials : Abilities.None)
        | (Overrides(nameof(EndAsync), typeof(VendorCall), typeof(SecretValue)) ? Abilities.RevokeByValue : Abilities.None)
        | (Overrides(nameof(EnableAsync), typeof(VendorCall), typeof(string), typeof(bool)) ? Abilities.DisableCredentials : Abilities.None)
        | (Lists ? Descriptor.Abilities & (Abilities.ListCredentials | Abilities.ReportUse) : Abilities.None);

    /// <summary>Where the settings say whether there is a list.</summary>
    protected virtual bool ListsFor(VendorCall call) => Lists;

    /// <summary>Makes a key; where a person makes them, it is not overridden.</summary>
    /// <param name="label">As the vendor takes it.</param>
    /// <param name="previous">The id of the one in use, whose settings are carried over; null if it is not known.</param>
    protected virtual Task<Minted> MintAsync(VendorCall call, string label, string? previous) => throw new NotSupportedException();

    /// <summary>All keys of the binding; all pages.</summary>
    protected virtual IAsyncEnumerable<Listed> ListAsync(VendorCall call) => throw new NotSupportedException();

    /// <summary>Ends a key, where the vendor can. "Not found" may be thrown: the kit looks into it.</summary>
    protected virtual Task DeleteAsync(VendorCall call, string id) => throw new NotSupportedException();

    /// <summary>Ends what is shown, where the vendor knows no id.</summary>
    protected virtual Task EndAsync(VendorCall call, SecretValue value) => throw new NotSupportedException();

    /// <summary>Disables a key, or enables it again; where the vendor can. "Not found" may be thrown: the kit looks into it.</summary>
    protected virtual Task EnableAsync(VendorCall call, string id, bool enabled) => throw new NotSupportedException();

    /// <summary>The label with digits behind it that nothing had before: for names that are unique, beside a label elsewhere.</summary>
    protected static string Unique(string label, int longest)
    {
        var digits = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        return $"{label[..Math.Min(label.Length, longest - digits.Length - 1)]}-{digits}";
    }

    private protected override async Task<StepOutcome> LookAroundAsync(VendorCall call)
    {
        if (!ListsFor(call))
        {
            return await base.LookAroundAsync(call);
        }

        var count = (await AllAsync(call)).Count;
        return Api.Most > 0 && count >= Api.Most
            ? StepOutcome.Rejected(
                $"{Api.System} takes {Api.Most} at once, and there are {count}: there is no room for a new one beside the old. Delete some "
                    + "that nobody uses.")
            : StepOutcome.Done(("credentials", $"{count}"));
    }

    public async Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken)
    {
        Minted? minted = null;
        var outcome = await RunAsync(call, async run =>
        {
            run.Asked = request;
            var made = await MintAsync(run, Descriptor.Labels.Fit(request.Label), request.Previous?.Id);
            minted = made;
            return StepOutcome.Done(("id", made.Id), ("expires", made.ExpiresAt?.ToString("u")));
        }, cancellationToken);
        return minted is { } one
            ? new IssueResult(outcome, new CredentialHandle(one.Id, one.Account, request.Label), one.Value) { ExpiresAt = one.ExpiresAt }
            : new IssueResult(outcome);
    }

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        RunAsync(call, async run =>
        {
            if (credential.Id is not { } id)
            {
                return StepOutcome.Rejected($"Its id at {Api.System} is not known, so it cannot be deleted. Delete it there by hand.");
            }

            try
            {
                await DeleteAsync(run, id);
                return StepOutcome.Done(("id", id));
            }
            catch (WebFailureException failure) when (MayBeGone(run, failure))
            {
                return !await IsThereAsync(run, id) ? StepOutcome.AlreadyDone(("id", id))
                    : failure.Status is 400 or 422 ? failure.Outcome
                    : StepOutcome.RetryLater($"{run.System} lists {id}, but does not find it to delete it.");
            }
        }, cancellationToken);

    public Task<StepOutcome> RevokeAsync(
        ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken) =>
        RunAsync(call, async run =>
        {
            run.Tried = credential;
            if (await TryAsync(run, value) == Validity.Invalid)
            {
                // Refused is also what is shown where nobody knows the account: only who sees that can tell.
                await TryOwnAsync(run);
                return StepOutcome.AlreadyDone();
            }

            await EndAsync(run, value);
            return StepOutcome.Done();
        }, cancellationToken);

    public Task<StepOutcome> DisableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        EnableAsync(call, credential, enabled: false, cancellationToken);

    public Task<StepOutcome> EnableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        EnableAsync(call, credential, enabled: true, cancellationToken);

    private Task<StepOutcome> EnableAsync(
        ProviderCall call,
        CredentialHandle credential,
        bool enabled,
        CancellationToken cancellationToken) => RunAsync(call, async run =>
        {
            if (credential.Id is not { } id)
            {
                return StepOutcome.Rejected(
                    $"Its id at {Api.System} is not known, so it can be neither disabled nor enabled. Find it there, and "
                        + "do it by hand.");
            }

            try
            {
                await EnableAsync(run, id, enabled);
                return StepOutcome.Done(("id", id));
            }
            catch (WebFailureException failure) when (MayBeGone(run, failure))
            {
                return await IsThereAsync(run, id)
                    ? failure.Status is 400 or 422
                        ? failure.Outcome
                        : StepOutcome.RetryLater($"{run.System} lists {id}, but does not find it to change it.")
                    : enabled ? StepOutcome.Rejected(
                        $"{run.System} has no {id} any more, so it cannot be enabled again. Start another rotation.")
                    : StepOutcome.AlreadyDone(("id", id));
            }
        }, cancellationToken);

    public async Task<IReadOnlyList<ListedCredential>> ListAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<Listed> all = [];
        var outcome = await RunAsync(call, async run =>
        {
            all = await AllAsync(run);
            return StepOutcome.Done();
        }, cancellationToken);
        return outcome.Succeeded
            ? [.. all.Select(one => new ListedCredential(new CredentialHandle(one.Id, null, one.Label), one.CreatedAt, one.LastUsedAt)
            {
                ExpiresAt = one.ExpiresAt,
                Hint = one.Hint,
            })]
            : throw new OutcomeException(outcome);
    }

    public async Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        UseReport? report = null;
        var outcome = await RunAsync(call, async run =>
        {
            var found = (await AllAsync(run)).Where(one => one.Id == credential.Id).ToList();
            report = found switch
            {
                [] => new UseReport(Use.NotUsed, "it is gone, or has expired"),
                [{ LastUsedAt: { } used }, ..] => new UseReport(Use.NotUsed, $"last used at {used:u}", used),
                _ => new UseReport(Use.NotUsed, "never used"),
            };
            return StepOutcome.Done();
        }, cancellationToken);
        return report ?? new UseReport(Use.CannotTell, outcome.Reason ?? "", RetryAfter: outcome.RetryAfter);
    }

    /// <summary>Some vendors say "bad request" of what is not there: the list tells which it is.</summary>
    private bool MayBeGone(VendorCall call, WebFailureException failure) =>
        failure.Status is 404 or 410 || (failure.Status is 400 or 422 && ListsFor(call));

    private bool Lists => Overrides(nameof(ListAsync), typeof(VendorCall));

    private bool Overrides(string method, params Type[] parameters) =>
        GetType().GetMethod(method, Protected, parameters)!.DeclaringType != typeof(KeyVendor);

    /// <summary>For <see cref="Vendor.TryAsync"/>: reads what the vendor has under an id, and looks whether that is it.</summary>
    protected async Task<Validity> LookAsync(VendorCall call, string id, VendorPath path, Func<VendorReply, bool> isIt)
    {
        try
        {
            return isIt(await call.GetAsync(path)) ? Validity.Valid : Validity.Invalid;
        }
        catch (WebFailureException failure) when (failure.Status is 404 or 410)
        {
            return !await IsThereAsync(call, id)
                ? Validity.Invalid
                : throw call.Failure(StepOutcome.RetryLater($"{Api.System} lists {id}, but does not find it."));
        }
    }

    /// <summary>"Not found" is also said to those who may not see: only who sees the others can tell that one is gone.</summary>
    private async Task<bool> IsThereAsync(VendorCall call, string id)
    {
        if (ListsFor(call))
        {
            return (await AllAsync(call)).Any(one => one.Id == id);
        }

        await TryOwnAsync(call);
        return false;
    }

    private async Task<IReadOnlyList<Listed>> AllAsync(VendorCall call)
    {
        var all = new List<Listed>();
        await foreach (var one in ListAsync(call))
        {
            all.Add(one);
        }

        return all;
    }
}
